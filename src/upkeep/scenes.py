# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays one dialogue with the real engine: one person, a clock of its own, no database and no Telegram.

Everything is a value: a step takes a scene and gives the next one, so that steps can be taken back and tried anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from src.dialogues.model import REQUIRED_DIALOGUES, Button, Dialogue, Kind, Message, Text
from src.engine.commands import COMMANDS, Wish
from src.engine.effects import Effect, KeepRun, KeepText, RemoveButtons, Send, Turn
from src.engine.events import ButtonPressed, Delivered, Event, TextTyped, TimeArrived
from src.engine.state import Participant, Run, Status
from src.engine.study import Rules, Study
from src.engine.talk import NoWay, open_question
from src.engine.turn import take_turn
from src.errors import BotError
from src.identities import Pseudonym
from src.service.conversation import newcomer
from src.store.documents import new_document, participant_from

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
PERSON = Pseudonym("0" * 32)
SECONDS_TO_ANSWER = 5
OF_THE_BOT = {
    Wish.START: "welcome",
    Wish.LEAVE: "unsubscribe",
    Wish.PAUSE: "pause",
    Wish.RESUME: "resume",
    Wish.FORGET_ME: "forgetme",
}
"""The dialogues that a command begins, where the table of commands does not say so itself."""

OPENED_BY = {
    dialogue: f"/{(command.slashed or command.words)[0]}"
    for command in COMMANDS
    if (dialogue := command.dialogue or OF_THE_BOT.get(command.wish)) is not None
}
"""What a person writes to begin a dialogue; all others begin when their time comes."""


@dataclass(frozen=True)
class Stage:
    """What playing takes: the dialogue, the study around it, and the language that the person begins with."""

    dialogue: Dialogue
    study: Study
    language: str

    @property
    def opening(self) -> str | None:
        """Return what the person writes to begin this dialogue; None: it begins when its time comes."""
        return OPENED_BY.get(self.dialogue.id)


@dataclass(frozen=True)
class Scene:
    """Where a dialogue that is played stands between two inputs; `inputs` counts those that were given."""

    participant: Participant
    now: datetime
    inputs: int = 0


@dataclass(frozen=True)
class Back:
    """Take back what was said, as far as this message being the open question again, to try another answer."""

    message: str


Input = str | Back
"""What a person says when a dialogue is played, or goes back to."""


@dataclass(frozen=True)
class Step:
    """One input and all that followed until the bot waited again. `said` is None when time arrived.

    `before` is the scene at the moment of the input, `asked` the message that was open then, `run` the
    dialogue as far as it came, also when it is over by now. `back` is set if other answers were taken back.
    """

    said: str | None
    happened: tuple[Effect, ...]
    before: Scene
    scene: Scene
    asked: Message | None
    run: Run | None
    back: Back | None = None

    @property
    def kept(self) -> KeepRun | None:
        """Return what is kept of the dialogue if it is over, or was left for another one."""
        runs = [each for each in self.happened if isinstance(each, KeepRun)]
        place = self.scene.participant.kept
        if place is not None:
            runs.append(KeepRun(place.run, place.since, ended=False, why=place.why))
        return next((each for each in runs if self.run is not None and each.run.id == self.run.id), None)


SetStage = Callable[[Dialogue, str], Stage]
"""Puts a dialogue on the stage, in a language."""


def set_stage(dialogue: Dialogue, others: Iterable[Dialogue], rules: Rules, language: str) -> Stage:
    """Return what is needed to play `dialogue` among the `others` of its study, in the person's night too.

    Raises BotError for a dialogue for two, which one person alone cannot play.
    """
    if dialogue.is_for_two:
        raise BotError(f"{dialogue.id} is a dialogue for two players; only dialogues for one can be played here.")
    played = replace(dialogue, skip=False)
    known = {name: stand_in(name) for name in REQUIRED_DIALOGUES} | {each.id: each for each in others}
    known[played.id] = played
    awake = replace(rules, quiet_from=rules.quiet_until, developer=False)
    return Stage(played, Study(known, {each.revision: each for each in known.values()}, (played.id,), awake), language)


def for_recording(rules: Rules) -> Rules:
    """Return the rules without what differs from machine to machine: records must be the same everywhere."""
    samples = {"emergency": "112", "contact": "team@example.org"}
    return replace(rules, placeholders={**rules.placeholders, **samples}, timezone=ZoneInfo("Europe/Madrid"))


def stand_in(name: str) -> Dialogue:
    """Return a dialogue of one line in the place of one that the engine needs and that is not there."""
    message = Message("only", Kind.NO_ANSWER, Text(everywhere=f"(Here comes the dialogue {name}.)"))
    return Dialogue(name, "", ("only",), ("0",), {"only": message}, revision=f"stand-in {name}")


def begin(stage: Stage) -> Step:
    """Begin the dialogue the way it begins in the study."""
    person = newcomer(PERSON, stage.language, stage.study.rules)
    if stage.dialogue.id != "welcome":
        status = Status.DOWN if stage.dialogue.id == "resume" else Status.ACTIVE
        person = replace(person, status=status, version=1)
    scene = Scene(person, NOON)
    if stage.opening is None:
        return _played(stage, scene, TimeArrived(), None)
    return go_on(stage, scene, stage.opening)


def go_on(stage: Stage, scene: Scene, said: str) -> Step:
    """Let the person answer: the value of a button that can be pressed now is a press, all else is typed."""
    later = replace(scene, now=scene.now + timedelta(seconds=SECONDS_TO_ANSWER), inputs=scene.inputs + 1)
    run, number = scene.participant.run, later.inputs
    event: Event = TextTyped(number, said)
    if run is not None and any(said == button.value for button in buttons_now(stage, scene)):
        event = ButtonPressed(number, f"press {number}", run.question, said)
    return _played(stage, later, event, said)


def played_walk(stage: Stage, inputs: Sequence[Input]) -> list[Step]:
    """Play a whole walk. The first input may be the opening, which is given anyway.

    Raises BotError if it goes back to a message that did not ask before.
    """
    path = [begin(stage)]
    steps, back = list(path), None
    for said in inputs[1:] if inputs and inputs[0] == stage.opening else inputs:
        if isinstance(said, Back):
            path, back = gone_back(stage, path, said), said
            continue
        path.append(replace(go_on(stage, path[-1].scene, said), back=back))
        steps.append(path[-1])
        back = None
    return steps


def gone_back(stage: Stage, path: Sequence[Step], back: Back) -> list[Step]:
    """Return the steps of a path up to where the message was the open question for the last time."""
    for length in range(len(path), 0, -1):
        question = question_now(stage, path[length - 1].scene)
        if question is not None and question.id == back.message:
            return list(path[:length])
    raise BotError(f"{stage.dialogue.id}: a walk goes back to {back.message!r}, which was not asked before.")


def question_now(stage: Stage, scene: Scene) -> Message | None:
    """Return the message that waits for the person, if there is one."""
    try:
        return open_question(scene.participant, stage.study)[1]
    except NoWay:
        return None


def buttons_now(stage: Stage, scene: Scene) -> tuple[Button, ...]:
    """Return the buttons that can be pressed now."""
    question = question_now(stage, scene)
    return question.buttons if question else ()


def _played(stage: Stage, scene: Scene, event: Event, said: str | None) -> Step:
    """Let an event happen, and deliver everything that follows from it."""
    before = replace(scene, participant=through_database(scene.participant, stage.study.rules))
    now, happened = scene.now, list[Effect]()
    person = _after(take_turn(before.participant, event, now, stage.study), happened)
    while person.outbox:
        entry = person.outbox[0]
        now = max(now, person.outbox_at or now)
        is_edit = isinstance(entry.what, RemoveButtons)
        number = None if is_edit else person.last_message_id + 1
        happened.append(entry.what)
        has_buttons = isinstance(entry.what, Send) and bool(entry.what.buttons)
        person = _after(take_turn(person, Delivered(entry.id, number, has_buttons), now, stage.study), happened)
    # One that is left for another one keeps its place, or goes into the history before the other.
    left = person.kept.run if person.kept else person.run
    run = left if person.kept else next((each.run for each in happened if isinstance(each, KeepRun)), left)
    after = replace(scene, participant=person, now=now)
    return Step(said, tuple(happened), before, after, question_now(stage, before), run)


def _after(turn: Turn, happened: list[Effect]) -> Participant:
    """Note what a turn did besides sending, and return the participant as they would be saved."""
    happened += [each for each in turn.effects if not isinstance(each, KeepText)]
    return replace(turn.participant, version=turn.participant.version + 1)


def through_database(participant: Participant, rules: Rules) -> Participant:
    """Return the participant as the database gives them back, so that what it would lose shows up here."""
    return participant_from(new_document(participant), rules.default_language)
