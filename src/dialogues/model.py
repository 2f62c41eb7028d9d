# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dialogue is, once it has been read from its file (`parse.py`) and found to have the right form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

REQUIRED_DIALOGUES = (
    "hour",
    "resume",
    "welcome",
    "lang",
    "world",
    "frequencia_relats",
    "pause",
    "unsubscribe",
)

DONT_SAVE = "dontsave"
"""The answer value that is recorded as an answer and not copied to the participant."""


@dataclass(frozen=True)
class Text:
    """A text in several languages, or one for all of them; HTML as Telegram understands it."""

    by_language: Mapping[str, str] = field(default_factory=dict)
    everywhere: str | None = None

    def in_language(self, language: str, default: str) -> str:
        """Return the text in `language`, else in the `default` language, else in any, else an empty text."""
        if self.everywhere is not None:
            return self.everywhere
        for wanted in (language, default):
            if self.by_language.get(wanted):
                return self.by_language[wanted]
        return next((text for text in self.by_language.values() if text), "")


class Kind(StrEnum):
    """What happens after a message has been sent."""

    NO_ANSWER = "NA"
    SELECT = "SA"
    COMPARE = "CA"
    WAIT = "WA"


@dataclass(frozen=True)
class Button:
    """One button: a press stores `value` under the answer `name`."""

    name: str
    value: str
    label: Text


class FileKind(StrEnum):
    """How Telegram shows a file."""

    PICTURE = "img"
    DOCUMENT = "pdf"


@dataclass(frozen=True)
class Attachment:
    """A picture or a document below `data/outgoing_files/`; the name as a text because it may differ by language.

    `file_name` is relative to the folder of its kind: `img/` for pictures, the folder itself for documents.
    """

    kind: FileKind
    file_name: Text


@dataclass(frozen=True)
class Choice:
    """Where to go depends on an answer: `branches` from a value to a message's id, an end (None) or another choice.

    `replaces`: written with `replace_variable`; between two players the partner's answer of that name comes first.
    """

    answer: str
    branches: Mapping[str, Next]
    replaces: bool = False


Next = str | Choice | None
"""A message's id, a choice, or the end."""


class InputKind(StrEnum):
    """What a typed answer must be."""

    TEXT = "text"
    TIME = "time"
    NUMBER = "number"


@dataclass(frozen=True)
class Input:
    """What follows a typed answer. `answers` holds texts (compared without case) that go elsewhere, such as NO.

    `invalid` is the message to go to after something that is not of this kind; None: the question stays.
    """

    kind: InputKind
    next: Next
    invalid: str | None = None
    answers: Mapping[str, Next] = field(default_factory=dict)
    max_length: int = 200


@dataclass(frozen=True)
class Message:
    """One message of a dialogue. `typed` names the answer that a typed text is stored under; None: nothing is typed.

    `conditions` maps an answer's name to the formula that it must satisfy.
    `wait` is in seconds; None: the reading pause.
    """

    id: str
    kind: Kind
    text: Text
    next: Next = None
    buttons: tuple[Button, ...] = ()
    typed: str | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    save: str | None = None
    wait: float | None = None
    display: Mapping[str, str] = field(default_factory=dict)
    action: str | None = None
    triggers: str | None = None
    waiting_text: Text | None = None
    input: Input | None = None

    @property
    def asks(self) -> bool:
        """Tell whether the dialogue stops here for an answer or a trigger.

        A message of any kind but WA whose `next` is null ends the dialogue as soon as it is sent.
        """
        if self.kind is Kind.NO_ANSWER:
            return False
        return self.kind is Kind.WAIT or self.next is not None

    @property
    def ends(self) -> bool:
        """Tell whether the dialogue ends as soon as this message is sent."""
        return self.kind is not Kind.WAIT and self.next is None


@dataclass(frozen=True)
class Dialogue:
    """One dialogue at one revision. `points` holds a formula for each player; `revision` is its content's hash."""

    id: str
    title: str
    initial_messages: tuple[str, ...]
    points: tuple[str, ...]
    messages: Mapping[str, Message]
    skip: bool = False
    repeatable: bool = False
    revision: str = ""

    @property
    def is_for_two(self) -> bool:
        """Tell whether two players are needed."""
        return len(self.initial_messages) > 1
