# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to reach in a dialogue: every message, every answer that it takes, every branch by earlier answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from src.dialogues.model import Choice, Dialogue, Message, Next
from src.engine.answers import Understood, read_text
from src.engine.effects import Send
from src.upkeep.scenes import Scene, Step

Path = tuple[tuple[str, str], ...]
"""The answers, with their values, that lead through a choice."""


@dataclass(frozen=True, order=True)
class Way:
    """A message, or, with `choice`, an answer to it or a branch behind it."""

    message: str
    choice: str = ""

    def __str__(self) -> str:
        """Return the way as a report names it."""
        return f"{self.message} ({self.choice})" if self.choice else self.message


Reached = tuple[str, Way]
"""A way, and the language in which it was reached."""


def ways_of(dialogue: Dialogue) -> list[Way]:
    """Return everything that walks have to reach in a dialogue, in the order of its file."""
    ways: dict[Way, None] = {}
    for message in dialogue.messages.values():
        ways[Way(message.id)] = None
        ways |= dict.fromkeys(Way(message.id, choice) for choice in choices_of(message))
        for following in nexts_of(message):
            labels = (branch_label(message, path) for path in paths_of(following))
            ways |= dict.fromkeys(Way(message.id, label) for label in labels if label)
    return list(ways)


def choices_of(message: Message) -> Iterator[str]:
    """Yield every kind of answer that a message takes: its buttons, and what may be typed."""
    if not message.asks:
        return
    for button in message.buttons:
        yield f"{button.name} = {button.value}"
    if message.typed is not None and message.input is not None:
        yield f"{message.typed} typed: valid"
        yield f"{message.typed} typed: invalid"
        for expected in message.input.answers:
            yield f"{message.typed} typed: {expected}"


def choice_made(message: Message, said: str, scene: Scene) -> tuple[str, Next] | None:
    """Return which kind of answer an input is, in the words of `choices_of`, and what should follow.

    None: the message takes no such answer.
    """
    person = scene.participant
    known = person.run.answer_texts() if person.run else {}
    for button in message.buttons:
        if button.value == said:
            return f"{button.name} = {button.value}", message.next
    reading = read_text(message, said, known, person, scene.now)
    if isinstance(reading, Understood) and not reading.typed:
        return f"{reading.name} = {reading.value}", message.next
    if message.input is None or message.typed is None:
        return None
    for expected, following in message.input.answers.items():
        if expected.strip().casefold() == said.strip().casefold():
            return f"{message.typed} typed: {expected}", following
    if isinstance(reading, Understood) and reading.may_save:
        return f"{message.typed} typed: valid", message.input.next
    return f"{message.typed} typed: invalid", message.input.invalid


def nexts_of(message: Message) -> Iterator[Next]:
    """Yield every `next` of a message."""
    yield message.next
    if message.input is not None:
        yield message.input.next
        yield from message.input.answers.values()


def paths_of(following: Next) -> Iterator[Path]:
    """Yield the answers that lead through a choice, one path for each of its ends."""
    if not isinstance(following, Choice):
        yield ()
        return
    for value, branch in following.branches.items():
        for path in paths_of(branch):
            yield ((following.answer, value), *path)


def path_taken(following: Next, known: Mapping[str, str]) -> Path:
    """Return the answers that lead through a choice, as far as they are known."""
    path: list[tuple[str, str]] = []
    while isinstance(following, Choice) and known.get(following.answer) in following.branches:
        value = known[following.answer]
        path.append((following.answer, value))
        following = following.branches[value]
    return tuple(path)


def branch_label(message: Message, path: Path) -> str:
    """Return a branch by the answers that were given earlier; empty where only this message's own answer counts."""
    own = {button.name for button in message.buttons} | {message.typed}
    earlier = [f"{name} = {value}" for name, value in path if name not in own]
    return f"if {' and '.join(earlier)}" if earlier else ""


def reached_in(dialogue: Dialogue, step: Step) -> set[Reached]:
    """Return what a step reached: the answer in the language of its question, messages in the language after it."""
    language = step.scene.participant.language
    passed = [dialogue.messages[each] for each in shown_in(step) if each in dialogue.messages]
    reached = {(language, Way(message.id)) for message in passed}
    followed = [(message, message.next) for message in passed if not message.asks]
    made = choice_made(step.asked, step.said, step.before) if step.asked and step.said is not None else None
    if step.asked is not None and made is not None and step.asked is dialogue.messages.get(step.asked.id):
        reached.add((step.before.participant.language, Way(step.asked.id, made[0])))
        followed.append((step.asked, made[1]))
    known = step.run.answer_texts() if step.run else {}
    for message, following in followed:
        label = branch_label(message, path_taken(following, known))
        reached |= {(language, Way(message.id, label))} if label else set()
    return reached


def shown_in(step: Step) -> list[str]:
    """Return the messages of the dialogue that a step showed, in their order."""
    sends = [each for each in step.happened if isinstance(each, Send) and each.message is not None]
    own = [each for each in sends if step.run is not None and each.run == step.run.id]
    return list(dict.fromkeys(each.message for each in own if each.message is not None))
