# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checker has to know about a study, and small questions about messages that several checks ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from src.dialogues.model import Choice, Dialogue, FileKind, Kind, Message, Next
from src.dialogues.names import normal


@dataclass(frozen=True)
class Study:
    """What a dialogue is checked against; `known_files` tells whether a file is in its folder."""

    languages: Sequence[str]
    categories: Collection[str]
    known_files: Callable[[FileKind, str], bool]


@dataclass(frozen=True)
class Draft:
    """A dialogue as far as it could be read, with its document; `broken` are messages with faults."""

    dialogue: Dialogue
    document: Mapping[str, object]
    broken: frozenset[str]

    def written(self, identifier: str) -> Mapping[str, object]:
        """Return a message as it is written in the document; empty when there is none of this id."""
        messages = self.document.get("messages")
        for name, message in messages.items() if isinstance(messages, Mapping) else ():
            if isinstance(message, Mapping) and normal(str(name)) == identifier:
                return message
        return {}


def targets_of(following: Next) -> Iterator[str]:
    """Yield every message that a `next` may lead to."""
    if isinstance(following, str):
        yield following
    elif following is not None:
        for branch in following.branches.values():
            yield from targets_of(branch)


def waits_for_trigger(message: Message) -> bool:
    """Tell whether only the partner can lead on from here."""
    return message.kind is Kind.WAIT and message.input is None


def may_end(message: Message) -> bool:
    """Tell whether the dialogue may end after an answer to this message."""
    if not message.asks or waits_for_trigger(message):
        return False
    ways = [message.next] if message.buttons or message.input is None else []
    if message.input is not None:
        ways += [message.input.next, *message.input.answers.values()]
    return any(_leads_to_the_end(each) for each in ways)


def _leads_to_the_end(following: Next) -> bool:
    if isinstance(following, Choice):
        return any(_leads_to_the_end(branch) for branch in following.branches.values())
    return following is None


def choices_in(following: Next) -> Iterator[Choice]:
    """Yield every choice in a `next`, the outer ones first."""
    if isinstance(following, Choice):
        yield following
        for branch in following.branches.values():
            yield from choices_in(branch)


def links_of(message: Message) -> Iterator[tuple[str, str]]:
    """Yield everything that leads from a message to another: the key and the other's id."""
    for target in targets_of(message.next):
        yield "next", target
    if message.triggers is not None:
        yield "triggers", message.triggers
    if message.input is None:
        return
    if message.input.next is not message.next:
        for target in targets_of(message.input.next):
            yield "input", target
    if message.input.invalid is not None:
        yield "input", message.input.invalid
    for following in message.input.answers.values():
        for target in targets_of(following):
            yield "input", target


def answers_stored(dialogue: Dialogue) -> frozenset[str]:
    """Return the names of all answers that some message of the dialogue stores."""
    messages = [message for message in dialogue.messages.values() if message.kind is not Kind.NO_ANSWER]
    typed = {message.typed for message in messages if message.typed is not None}
    return frozenset(typed | {button.name for message in messages for button in message.buttons})


def names_computed(dialogue: Dialogue) -> frozenset[str]:
    """Return the names that some `display` of the dialogue computes."""
    return frozenset(name for message in dialogue.messages.values() for name in message.display)
