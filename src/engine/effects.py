# SPDX-License-Identifier: GPL-3.0-or-later
"""What a turn asks the service to do. The engine itself does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from src.dialogues.model import FileKind
from src.engine.news import ToPartner
from src.engine.state import Participant, Run
from src.identities import Pseudonym


@dataclass(frozen=True)
class ButtonShown:
    """A button under a message: `value` is its callback_data, `label` what the person reads (plain text)."""

    value: str
    label: str


@dataclass(frozen=True)
class FileShown:
    """A picture or document; `name` is relative to the folder of its kind below `data/outgoing_files/`."""

    kind: FileKind
    name: str


@dataclass(frozen=True)
class Send:
    """Send a message, `pause` seconds after the one before it. `text` is Telegram's HTML; with a `file` its caption.

    `run` and `message` say which message of which running dialogue this is; both are None for the bot's own phrases.
    `asks` marks the open question, whose Telegram message id is then bound to the run.
    `job`: the mass send that this message is the receipt of.
    `by_day`: nobody has asked for this; at night it waits for the morning, unless the person is there.
    """

    text: str
    buttons: tuple[tuple[ButtonShown, ...], ...] = ()
    file: FileShown | None = None
    pause: float = 0.0
    run: str | None = None
    message: str | None = None
    asks: bool = False
    job: str | None = None
    by_day: bool = False


@dataclass(frozen=True)
class RemoveButtons:
    """Take the buttons off a message that has been answered; `message_id` is Telegram's."""

    message_id: int

    @property
    def pause(self) -> float:
        """Nobody has to read this: there is no pause before it."""
        return 0.0


@dataclass(frozen=True)
class OwnData:
    """Send a file with everything that is stored about the person. It is made when it is sent, and kept nowhere."""

    who: Pseudonym
    language: str

    @property
    def pause(self) -> float:
        """They asked for it and are waiting."""
        return 0.0


@dataclass(frozen=True)
class EditText:
    """Change a message of the bot's own: its HTML and its buttons; `message_id` is Telegram's."""

    message_id: int
    text: str
    buttons: tuple[tuple[ButtonShown, ...], ...] = ()

    @property
    def pause(self) -> float:
        """Nobody has to read this: there is no pause before it."""
        return 0.0


@dataclass(frozen=True)
class DeleteMessage:
    """Take a message out of the chat; `message_id` is Telegram's."""

    message_id: int

    @property
    def pause(self) -> float:
        """Nobody has to read this: there is no pause before it."""
        return 0.0


ForTelegram = Send | RemoveButtons | OwnData | EditText | DeleteMessage
"""What Telegram is asked to do."""

Sendable = ForTelegram | ToPartner
"""What goes through the outbox: kept in the participant's document until Telegram, or the partner, has it, in order."""


@dataclass(frozen=True)
class Outgoing:
    """An entry of the outbox. `id` is unique within the participant.

    `tries` counts the attempts that failed, `doubts` those of which nobody knows whether they failed.
    """

    id: str
    what: Sendable
    tries: int = 0
    doubts: int = 0


@dataclass(frozen=True)
class AnswerPress:
    """Stop the progress bar on a pressed button; `text` is shown for a moment. Done at once, at most once, not kept."""

    query_id: str
    text: str | None = None


@dataclass(frozen=True)
class KeepRun:
    """Put a dialogue that is over into the participant's history. `ended` tells whether its end was reached.

    `why`: what interrupted a dialogue whose place was kept for a while, and given up then.
    """

    run: Run
    end: datetime
    ended: bool
    why: str | None = None


@dataclass(frozen=True)
class KeepText:
    """Put what a participant typed or pressed into their history."""

    text: str
    time: datetime


@dataclass(frozen=True)
class Erase:
    """Erase every trace of the participant. Asked for again until the document is gone, so that a crash changes
    nothing.
    """


@dataclass(frozen=True)
class Notice:
    """A line for the operators' log. It never holds anything that a participant wrote."""

    text: str


@dataclass(frozen=True)
class AdminWish:
    """Something that an admin asks for and that the engine cannot do: `does` names the command, see
    `admin_commands.py`. `message_id` is the message whose button was pressed.
    """

    does: str
    arguments: Mapping[str, str]
    message_id: int | None = None


@dataclass(frozen=True)
class AdminAct:
    """Something that an admin did in their own chat, for the audit log. It never holds what anybody wrote."""

    what: str
    result: Mapping[str, str | int]


@dataclass(frozen=True)
class TryPassword:
    """Check what may be the admins' password. It is kept nowhere, and shown in no error. `is_new`: nothing had been
    heard of the person before.
    """

    password: str = field(repr=False)
    update: int = 0
    message_id: int | None = None
    is_new: bool = False


ForDesk = AdminWish | AdminAct | TryPassword
"""What is done beside the conversation, after the turn has been saved."""

Effect = Sendable | AnswerPress | KeepRun | KeepText | Erase | Notice | ForDesk


@dataclass(frozen=True)
class Turn:
    """The result of one event: the participant's new state, and what is to be done, in order."""

    participant: Participant
    effects: tuple[Effect, ...] = ()

    def then(self, step: Callable[[Participant], Turn]) -> Turn:
        """Return this turn followed by `step` from its new state on."""
        following = step(self.participant)
        return Turn(following.participant, self.effects + following.effects)
