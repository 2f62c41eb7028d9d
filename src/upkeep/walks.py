# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded walks: what was played, as a text that people can read and correct, and its inputs read back from there.

    # dialogue: welcome, language: de
    person   < /start
    bot      > Hallo!  [Ja] [Nein]
    person   < yes  [Ja]
             * buttons removed
    answers  = ready: yes
             * back to ready
    person   < no  [Nein]

The person's lines and "back to" are the inputs; everything else is what the bot does, and is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from src.dialogues.model import FileKind
from src.engine.effects import AnswerPress, Effect, Erase, KeepRun, Notice, RemoveButtons, Send
from src.engine.state import Participant
from src.errors import BotError
from src.upkeep.scenes import Back, Input, Stage, Step

HEADER = re.compile(r"# dialogue: (.+), language: (\S+)")
PERSON = re.compile(r"person   < ?(.*)")
BACK = re.compile(r"         \* back to (.+)")
INDENT = " " * 11
WIDEST = 118
FILES = {FileKind.PICTURE: "picture", FileKind.DOCUMENT: "document"}


@dataclass(frozen=True)
class Change:
    """Something that is different after an answer: `what` is answers, saved (a field) or changed (all else)."""

    what: str
    name: str
    value: str


@dataclass(frozen=True)
class Recorded:
    """What a record says: which dialogue, in which language, and what the person did."""

    dialogue: str
    language: str
    inputs: tuple[Input, ...]


STATE: tuple[tuple[str, str, Callable[[Participant], str]], ...] = (
    ("saved", "language", lambda person: person.language),
    ("saved", "freq", lambda person: person.freq),
    ("saved", "horari_relats", lambda person: person.part_of_day),
    ("changed", "rhythm", lambda person: f"{person.rhythm / 3600:g} hours"),
    ("changed", "timeshift", lambda person: f"{person.timeshift / 3600:+g} hours"),
    ("changed", "points", lambda person: f"{person.points:g}"),
    ("changed", "status", lambda person: person.status.name.lower()),
    ("changed", "done", lambda person: ", ".join(person.done)),
)


def changes_of(step: Step) -> list[Change]:
    """Return what an input changed: answers, saved fields, and the participant's own state."""
    before, after = step.before.participant, step.scene.participant
    same = before.run is not None and step.run is not None and before.run.id == step.run.id
    known = len(before.run.answers) if before.run and same else 0
    given = step.run.answers[known:] if step.run else ()
    changes = [Change("answers", each.name, each.value) for each in given]
    changes += [
        Change("saved", name, value) for name, value in after.fields.items() if before.fields.get(name) != value
    ]
    changes += [Change(what, name, read(after)) for what, name, read in STATE if read(before) != read(after)]
    return changes


def text_of_walk(stage: Stage, steps: Sequence[Step]) -> str:
    """Return what was played as the text of its record."""
    lines = [f"# dialogue: {stage.dialogue.id}, language: {stage.language}"]
    for step in steps:
        lines += lines_of(step, stage)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def read_walk(text: str, name: str) -> Recorded:
    """Return which dialogue a record plays and what the person does; everything else in it is only compared.

    Raises BotError, naming the record, if its first line is none.
    """
    first, *lines = text.splitlines() or [""]
    header = HEADER.fullmatch(first.strip())
    if header is None:
        raise BotError(f"{name}: the first line must be like: # dialogue: welcome, language: de")
    inputs: list[Input] = []
    spoken: list[str] = []
    for line in [*lines, "END"]:
        if spoken and line.startswith(INDENT):
            spoken.append(line.removeprefix(INDENT))
            continue
        if spoken:
            inputs.append("\n".join(spoken))
        person, back = PERSON.fullmatch(line), BACK.fullmatch(line)
        spoken = [re.sub(r"  \[.*\]$", "", person[1])] if person else []
        inputs += [Back(back[1])] if back else []
    return Recorded(header[1], header[2], tuple(inputs))


def lines_of(step: Step, stage: Stage) -> Iterator[str]:
    """Yield the lines of one step: the input, what the bot did, what has changed, whether the dialogue is over."""
    if step.back is not None:
        yield ""
        yield from labelled("", "*", f"back to {step.back.message}")
    if step.said is None:
        yield from labelled("", "*", "time arrives")
    else:
        yield from labelled("person", "<", step.said + pressed_label(step, stage))
    for effect in step.happened:
        yield from TELLS.get(type(effect), told_later)(effect)
    for change in changes_of(step):
        yield from labelled(change.what, "=", f"{change.name}: {change.value}")
    for effect in step.happened:
        if isinstance(effect, KeepRun):
            which = "dialogue" if effect.run.dialogue == stage.dialogue.id else f"dialogue {effect.run.dialogue}"
            yield from labelled("", "*", f"{which} {'ends' if effect.ended else 'is left'}")
        elif isinstance(effect, Erase):
            yield from labelled("", "*", "everything about the person is erased")


def labelled(who: str, sign: str, text: str) -> Iterator[str]:
    """Yield a text with its label; further lines stand below the first."""
    first, *rest = text.split("\n")
    yield f"{who:<9}{sign} {first}"
    yield from (INDENT + line for line in rest)


def pressed_label(step: Step, stage: Stage) -> str:
    """Return what stood on the pressed button, so that a record can be read without the dialogue's file."""
    default = stage.study.rules.default_language
    for button in step.asked.buttons if step.asked else ():
        if button.value == step.said:
            return f"  [{button.label.in_language(step.before.participant.language, default) or button.value}]"
    return ""


def told_send(send: Effect) -> Iterator[str]:
    """Yield a message: its file, its text, its buttons behind or below."""
    assert isinstance(send, Send)  # the table says so
    if send.file is not None:
        yield from labelled("", "*", f"{FILES[send.file.kind]} {send.file.name}")
    buttons = " ".join(f"[{button.label}]" for row in send.buttons for button in row)
    fits = "\n" not in send.text and len(send.text) + len(buttons) < WIDEST - len(INDENT)
    between = ("  " if fits else "\n") if buttons and send.text else ""
    if send.text or buttons:
        yield from labelled("bot", ">", send.text + between + buttons)


def told_removal(_: Effect) -> Iterator[str]:
    """Yield that buttons went away."""
    yield from labelled("", "*", "buttons removed")


def told_press(press: Effect) -> Iterator[str]:
    """Yield what a press shows for a moment, if anything."""
    assert isinstance(press, AnswerPress)  # the table says so
    if press.text:
        yield from labelled("", "*", f"shown for a moment: {press.text}")


def told_notice(notice: Effect) -> Iterator[str]:
    """Yield what the operators would read in their log."""
    assert isinstance(notice, Notice)  # the table says so
    yield from labelled("", "*", f"operators are told: {notice.text}")


def told_later(_: Effect) -> Iterator[str]:
    """Yield nothing: this is told at the end of the step."""
    yield from ()


TELLS: dict[type[Effect], Callable[[Effect], Iterator[str]]] = {
    Send: told_send,
    RemoveButtons: told_removal,
    AnswerPress: told_press,
    Notice: told_notice,
}
