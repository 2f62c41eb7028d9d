# SPDX-License-Identifier: GPL-3.0-or-later
"""A dialogue played in the terminal: shows what the bot sends, takes what the person says, shows what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from src.dialogues.model import Button
from src.engine.effects import AnswerPress, Effect, Erase, Notice, RemoveButtons, Send
from src.upkeep.html_in_terminal import Style, printable, rendered
from src.upkeep.scenes import Input, Stage, Step, begin, buttons_now, go_on, question_now
from src.upkeep.walks import FILES, STATE, changes_of, labelled

HELP = "Answer by a button's number, its label or a text. :vars variables, :back one answer back, :say TEXT, :quit"


@dataclass
class Terminal:
    """Where a dialogue is played. `read` gives a line, or None at the end; `wait` sleeps so many seconds, or not."""

    read: Callable[[], str | None]
    write: Callable[[str], None]
    wait: Callable[[float], None]
    style: Style


@dataclass
class Session:
    """A dialogue that is being played: its steps so far, the last one being where it stands."""

    stage: Stage
    terminal: Terminal
    steps: list[Step] = field(default_factory=list)

    def show(self, lines: Iterator[str]) -> None:
        """Write lines to the terminal, one after the other."""
        for line in lines:
            self.terminal.write(line)

    @property
    def inputs(self) -> list[Input]:
        """Return what the person has said, the opening included."""
        return [step.said for step in self.steps if step.said is not None]


def play(stage: Stage, terminal: Terminal) -> list[Input]:
    """Play a dialogue with the person at the terminal until it or the person's input ends; return what they said."""
    session = Session(stage, terminal)
    terminal.write(terminal.style.dim(HELP))
    take(session, begin(stage))
    while (line := terminal.read()) is not None:
        said = line.strip()
        word, _, rest = said.partition(" ")
        command = COMMANDS.get(word)
        if command is not None:
            if not command(session, rest):
                break
        elif session.steps[-1].kept:
            break
        elif said:
            answer(session, meant(said, buttons_now(stage, session.steps[-1].scene), language_now(session)))
    return session.inputs


def language_now(session: Session) -> str:
    """Return the language that the person reads at the moment."""
    return session.steps[-1].scene.participant.language


def meant(said: str, buttons: tuple[Button, ...], language: str) -> str:
    """Return the value of the button that is meant by its label, value or number, else the text itself.

    Labels are stronger than numbers: on a scale from 0 to 5, "1" is the label.
    """
    for button in buttons:
        if said.casefold() in (
            button.label.in_language(language, language).strip().casefold(),
            button.value.casefold(),
        ):
            return button.value
    if said.isascii() and said.isdigit() and 0 < int(said) <= len(buttons):
        return buttons[int(said) - 1].value
    return said


def answer(session: Session, said: str) -> None:
    """Give an answer to the bot and show what follows."""
    take(session, go_on(session.stage, session.steps[-1].scene, said))


def take(session: Session, step: Step) -> None:
    """Go a step on: show it, and the summary if it was the last."""
    session.steps.append(step)
    for effect in step.happened:
        if isinstance(effect, Send):
            session.terminal.wait(effect.pause)
        session.show(lines_of_effect(effect, session.terminal.style))
    session.show(lines_of_changes(step, session.terminal.style))
    if step.kept:
        session.show(lines_of_end(step, session.terminal.style))
    elif question_now(session.stage, step.scene) is None:
        session.terminal.write(session.terminal.style.warn("The bot waits for nothing; is there a fault?"))


def lines_of_effect(effect: Effect, style: Style) -> Iterator[str]:
    """Yield what the person would see of an effect, and what operators would read."""
    if isinstance(effect, Send):
        yield from lines_of_send(effect, style)
    elif isinstance(effect, RemoveButtons):
        yield style.dim("   (the buttons are removed)")
    elif isinstance(effect, AnswerPress) and effect.text:
        yield style.dim(f"   (shown for a moment: {printable(effect.text)})")
    elif isinstance(effect, Notice):
        yield style.warn(f"   (operators are told: {printable(effect.text)})")


def lines_of_send(send: Send, style: Style) -> Iterator[str]:
    """Yield a message: the pause before it, its file, its text, its buttons with numbers."""
    yield style.dim(f"   … {send.pause:.1f} s")
    if send.file is not None:
        yield f"   {style.strong(FILES[send.file.kind])}: {printable(send.file.name)}"
    for line in rendered(send.text, style).split("\n") if send.text else ():
        yield f"   {line}"
    number = 0
    for row in send.buttons:
        shown = [f"{style.strong(str(number + place))}) {printable(each.label)}" for place, each in enumerate(row, 1)]
        number += len(row)
        yield "     " + "   ".join(shown)


def lines_of_changes(step: Step, style: Style) -> Iterator[str]:
    """Yield what the input changed: answers, fields, points and the like."""
    for change in changes_of(step):
        for line in labelled(change.what, "=", f"{change.name}: {printable(change.value)}"):
            yield style.dim(f"   {line}")


def lines_of_end(step: Step, style: Style) -> Iterator[str]:
    """Yield how the dialogue ended and what the history keeps of it."""
    ended = step.kept is not None and step.kept.ended
    yield style.strong("The dialogue has ended." if ended else "The dialogue was left before its end.")
    for given in step.run.answers if step.run else ():
        yield f"   {given.message}: {given.name} = {printable(given.value)}" + ("  (typed)" if given.typed else "")
    person = step.scene.participant
    if any(isinstance(each, Erase) for each in step.happened):
        yield "   Everything about the person is erased."
        return
    yield f"   done: {', '.join(person.done) or 'none'}"
    yield f"   status: {person.status.name.lower()}, points: {person.points:g}"


def show_variables(session: Session, _: str) -> bool:
    """Show everything that is known of the person and of the running dialogue."""
    scene = session.steps[-1].scene
    person, run = scene.participant, session.steps[-1].run
    known = {name: read(person) for _, name, read in STATE} | dict(person.fields)
    session.show(f"   {name} = {printable(value)}" for name, value in known.items())
    session.show(f"   {{{name}}} = {printable(value)}" for name, value in (run.answer_texts() if run else {}).items())
    session.terminal.write(f"   message: {run.at if run else 'none'}, clock: {scene.now:%H:%M:%S} UTC")
    return True


def take_back(session: Session, _: str) -> bool:
    """Take the last answer back, and show the question again."""
    if len(session.steps) == 1:
        session.terminal.write("There is no answer to take back.")
        return True
    session.steps.pop()
    session.terminal.write(session.terminal.style.dim("   (taken back)"))
    open_now = [each for each in session.steps[-1].happened if isinstance(each, Send)]
    for send in open_now[-1:]:
        session.show(lines_of_send(send, session.terminal.style))
    return True


def leave(_: Session, __: str) -> bool:
    """End the playing here."""
    return False


def say(session: Session, text: str) -> bool:
    """Type a text as it stands there, even if it is a number or a command of the playing."""
    if not session.steps[-1].kept:
        answer(session, text)
    return True


COMMANDS: dict[str, Callable[[Session, str], bool]] = {
    ":vars": show_variables,
    ":back": take_back,
    ":quit": leave,
    ":say": say,
}
"""What can be asked while a dialogue is played; each tells whether it goes on."""
