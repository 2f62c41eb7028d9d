# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command at every moment of a participant's life: what is sent then, and where the person stands afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from src.conversation_elements import PHRASES
from src.dialogues.model import Dialogue
from src.engine.commands import COMMANDS
from src.engine.effects import OwnData
from src.engine.state import Status
from tests.engine.samples import PERSON, blocks, buttons, dialogue, enrol, goes_on, na, newly_said, presses, sa, study
from tests.fakes.world import World

TABLE = """
/start
    new                  | Agree?                         | start, in welcome
    in the welcome       | Agree?                         | start, in welcome
    before consent       | Agree?                         | start, in welcome
    between dialogues    | <already_here>                 | active
    on its way           | <one_moment> + Ready?          | active, in talk
    question open        | Ready?                         | active, in talk
    in a setting         | hour?                          | active, in hour
    asked to leave       | Leave?                         | active, in unsubscribe, talk kept
    paused               | Back again. + Ready?           | active, in talk
    unreachable          | Back again. + Ready?           | active, in talk
    left                 | Agree?                         | start, in welcome
    left, may be erased  | Agree?                         | start, in welcome
    being erased         | Erased.                        | nobody

baixa, baja, unsubscribe, abmelden
    new                  | Agree?                         | start, in welcome
    in the welcome       | Leave?                         | start, in unsubscribe, welcome kept
    before consent       | Leave?                         | start, in unsubscribe
    between dialogues    | Leave?                         | active, in unsubscribe
    on its way           | Leave?                         | active, in unsubscribe, talk kept
    question open        | Leave?                         | active, in unsubscribe, talk kept
    in a setting         | Leave?                         | active, in unsubscribe, hour kept
    asked to leave       | Leave?                         | active, in unsubscribe, talk kept
    paused               | Leave?                         | paused, in unsubscribe, talk kept
    unreachable          | Leave?                         | unreachable, in unsubscribe, talk kept
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

pausar, pause, pausieren
    new                  | Agree?                         | start, in welcome
    in the welcome       | <begin_with_start>             | start
    before consent       | <begin_with_start>             | start
    between dialogues    | A pause.                       | paused
    on its way           | A pause.                       | paused, talk kept
    question open        | A pause.                       | paused, talk kept
    in a setting         | A pause.                       | paused, hour kept
    asked to leave       | A pause.                       | paused, talk kept
    paused               | A pause.                       | paused, talk kept
    unreachable          | A pause.                       | paused, talk kept
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

reprendre, reanudar, resume, fortsetzen
    new                  | Agree?                         | start, in welcome
    in the welcome       | Agree?                         | start, in welcome
    before consent       | Agree?                         | start, in welcome
    between dialogues    | <already_here>                 | active
    on its way           | <one_moment> + Ready?          | active, in talk
    question open        | Ready?                         | active, in talk
    in a setting         | hour?                          | active, in hour
    asked to leave       | Leave?                         | active, in unsubscribe, talk kept
    paused               | Back again. + Ready?           | active, in talk
    unreachable          | Back again. + Ready?           | active, in talk
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

/freq, /lang, /world, /sociodem
    new                  | Agree?                         | start, in welcome
    in the welcome       | <after_this_dialogue>          | start, in welcome
    before consent       | <begin_with_start>             | start
    between dialogues    | {setting}?                     | active, in {setting}
    on its way           | <after_this_dialogue> + Ready? | active, in talk
    question open        | <after_this_dialogue>          | active, in talk
    in a setting         | <after_this_dialogue>          | active, in hour
    asked to leave       | <after_this_dialogue>          | active, in unsubscribe, talk kept
    paused               | {setting}?                     | paused, in {setting}, talk kept
    unreachable          | {setting}?                     | unreachable, in {setting}, talk kept
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

/dia
    new                  | Agree?                         | start, in welcome
    in the welcome       | <after_this_dialogue>          | start, in welcome
    before consent       | <begin_with_start>             | start
    between dialogues    | hour?                          | active, in hour
    on its way           | <after_this_dialogue> + Ready? | active, in talk
    question open        | <after_this_dialogue>          | active, in talk
    in a setting         | hour?                          | active, in hour
    asked to leave       | <after_this_dialogue>          | active, in unsubscribe, talk kept
    paused               | hour?                          | paused, in hour, talk kept
    unreachable          | hour?                          | unreachable, in hour, talk kept
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

/mydata, /lesmevesdades, /misdatos, /meinedaten
    new                  | Agree?                         | start, in welcome
    in the welcome       | a file                         | start, in welcome
    before consent       | a file                         | start
    between dialogues    | a file                         | active
    on its way           | a file + Ready?                | active, in talk
    question open        | a file                         | active, in talk
    in a setting         | a file                         | active, in hour
    asked to leave       | a file                         | active, in unsubscribe, talk kept
    paused               | a file                         | paused, talk kept
    unreachable          | a file                         | unreachable, talk kept
    left                 | a file                         | left
    left, may be erased  | a file                         | left, in forgetme
    being erased         | Erased.                        | nobody

/forgetme, /oblidam, /olvidame, /vergissmich
    new                  | Agree?                         | start, in welcome
    in the welcome       | Erase?                         | start, in forgetme, welcome kept
    before consent       | Erase?                         | start, in forgetme
    between dialogues    | Erase?                         | active, in forgetme
    on its way           | Erase?                         | active, in forgetme, talk kept
    question open        | Erase?                         | active, in forgetme, talk kept
    in a setting         | Erase?                         | active, in forgetme, hour kept
    asked to leave       | Erase?                         | active, in forgetme, talk kept
    paused               | Erase?                         | paused, in forgetme, talk kept
    unreachable          | Erase?                         | unreachable, in forgetme, talk kept
    left                 | Erase?                         | left, in forgetme
    left, may be erased  | Erase?                         | left, in forgetme
    being erased         | Erased.                        | nobody

/help, /ajuda, /ayuda, /hilfe
    new                  | Agree?                         | start, in welcome
    in the welcome       | <help>                         | start, in welcome
    before consent       | <help>                         | start
    between dialogues    | <help>                         | active
    on its way           | <help> + Ready?                | active, in talk
    question open        | <help>                         | active, in talk
    in a setting         | <help>                         | active, in hour
    asked to leave       | <help>                         | active, in unsubscribe, talk kept
    paused               | <help>                         | paused, talk kept
    unreachable          | <help>                         | unreachable, talk kept
    left                 | nothing                        | left
    left, may be erased  | nothing                        | left, in forgetme
    being erased         | Erased.                        | nobody

hello, /dance, /delete_games_done, my pause
    new                  | Agree?                         | start, in welcome
    in the welcome       | <buttons_only>                 | start, in welcome
    before consent       | <begin_with_start>             | start
    between dialogues    | <nothing_asked>                | active
    on its way           | <one_moment> + Ready?          | active, in talk
    question open        | <buttons_only>                 | active, in talk
    in a setting         | <buttons_only>                 | active, in hour
    asked to leave       | <buttons_only>                 | active, in unsubscribe, talk kept
    paused               | <you_are_paused>               | paused, talk kept
    unreachable          | <you_are_paused>               | unreachable, talk kept
    left                 | nothing                        | left
    left, may be erased  | <buttons_only>                 | left, in forgetme
    being erased         | Erased.                        | nobody
"""
"""For each group of commands and each moment: what the bot writes, and where the person stands then. `<name>` is one
of the bot's own phrases, `{setting}` the dialogue that the command begins.
"""

SETTINGS = {"/freq": "frequencia_relats", "/lang": "lang", "/world": "world", "/dia": "hour", "/sociodem": "sociodem"}
FORMS: dict[str, Callable[[str], str]] = {
    "{}": str.lower,
    "  {} ": str.capitalize,
    "/{}": str.upper,
    "/{}@our_bot": str.capitalize,
    "/{} please": str.lower,
}
TEXTS_ARE_KEPT = (
    *("between dialogues", "on its way", "question open", "in a setting", "asked to leave", "paused", "unreachable"),
)


def asking(name: str, text: str, **actions: str) -> Dialogue:
    """Return a dialogue with one question; the answer yes has a last word, which may carry an action."""
    asked = sa(text, buttons("sure", "yes", "no"), {"sure": {"yes": "done", "no": None}}, wait=20)
    last = {"forgetme": "Erased.", "unsubscribe": "Goodbye."}.get(name, "Thanks.")
    return dialogue({"ask": asked, "done": na(last, **actions)}, name, "user_settings")


@cache
def playground() -> World:
    """Return an empty world, whose study has a question in each dialogue."""
    talk = dialogue(
        {"ask": sa("Ready?", buttons("ready", "yes", "no"), {"ready": {"yes": None, "no": None}}, wait=None)}, "talk"
    )
    settings = [asking(name, f"{name}?") for name in SETTINGS.values()]
    return World(
        study(
            talk,
            asking("welcome", "Agree?", action="legal_yes"),
            asking("unsubscribe", "Leave?", action="unsubscribe_final"),
            asking("forgetme", "Erase?", action="forget_everything"),
            dialogue({"m": na("A pause.")}, "pause", "user_settings"),
            dialogue({"m": na("Back again.")}, "resume", "user_settings"),
            *settings,
            sequence=("talk",),
        )
    )


def world_of(**person: object) -> World:
    """Return a world of its own, with somebody in it who takes part if anything is said about them."""
    world = World(playground().study)
    if person:
        enrol(world, PERSON, **person)
        goes_on(world, minutes=2)
    return world


def writes(world: World, text: str) -> None:
    """Let the person write, and all that follows from it be sent."""
    world.writes(PERSON, text)
    goes_on(world, minutes=2)


def in_the_welcome() -> World:
    world = world_of()
    writes(world, "/start")
    return world


def before_consent() -> World:
    world = in_the_welcome()
    presses(world, "no")
    return world


def between_dialogues() -> World:
    return world_of(done=("talk",))


def on_its_way() -> World:
    """The next dialogue has begun, and its question has not been sent yet."""
    world = world_of(dialogue_at=playground().clock.now(), next_at=None)
    document = world.participants.documents[world.who(PERSON)]
    document["next_at"] = world.clock.now()
    world.scheduler.one_pass()
    assert world.participant(PERSON).outbox, "nothing is on its way"
    return world


def question_open() -> World:
    return world_of(points=1.0)


def in_a_setting() -> World:
    world = between_dialogues()
    writes(world, "/dia")
    return world


def asked_to_leave() -> World:
    world = question_open()
    writes(world, "baixa")
    return world


def paused() -> World:
    world = question_open()
    writes(world, "pausar")
    return world


def cannot_be_reached() -> World:
    world = question_open()
    blocks(world)
    return world


def has_left() -> World:
    return world_of(status=Status.OUT, next_at=None)


def left_and_may_be_erased() -> World:
    world = has_left()
    writes(world, "/oblidam")
    return world


def being_erased() -> World:
    """The last word is on its way; everything goes once it is there."""
    world = between_dialogues()
    writes(world, "/forgetme")
    world.presses(PERSON, "yes")
    goes_on(world, seconds=5)
    return world


MOMENTS: dict[str, Callable[[], World]] = {
    "new": world_of,
    "in the welcome": in_the_welcome,
    "before consent": before_consent,
    "between dialogues": between_dialogues,
    "on its way": on_its_way,
    "question open": question_open,
    "in a setting": in_a_setting,
    "asked to leave": asked_to_leave,
    "paused": paused,
    "unreachable": cannot_be_reached,
    "left": has_left,
    "left, may be erased": left_and_may_be_erased,
    "being erased": being_erased,
}


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Read the table: command, moment, what is sent, and where the person stands then."""
    for block in TABLE.strip().split("\n\n"):
        commands, *lines = block.split("\n")
        for command in commands.split(", "):
            for line in lines:
                moment, sent, stands = (each.strip() for each in line.split("|"))
                setting = SETTINGS.get(command, "")
                yield command, moment, sent.format(setting=setting), stands.format(setting=setting)


def written_as(command: str) -> list[str]:
    """Return how a command may be written; what is none is only written as it stands."""
    word = command.removeprefix("/")
    known = {each for one in COMMANDS if not one.developer for each in (*one.words, *one.slashed)}
    if word not in known:
        return [command]
    return [form.format(case(word)) for form, case in FORMS.items() if command == word or form.startswith("/")]


def sent_after(world: World, text: str) -> str:
    """Let the person write; return what the bot writes back, phrases by their names."""
    files = sum(isinstance(each.what, OwnData) for each in world.telegram.sent)
    world.writes(PERSON, text)
    written = newly_said(world, seconds=120)
    new = sum(isinstance(each.what, OwnData) for each in world.telegram.sent) - files
    names = {sent: name for name, texts in PHRASES.items() for sent in (texts["en"].replace("{emergency}", "112"),)}
    names = {sent.replace("{contact}", "team@example.org"): name for sent, name in names.items()}
    said = [f"<{names[each]}>" if each in names else each for each in written]
    return " + ".join(["a file"] * new + said) or "nothing"


def where(world: World) -> str:
    """Return where the person stands: status, the dialogue they are in, the one whose place is kept."""
    if world.who(PERSON) not in world.participants.documents:
        return "nobody"
    person = world.participant(PERSON)
    status = {Status.START: "start", Status.ACTIVE: "active", Status.OUT: "left"}.get(person.status, person.absence)
    running = (f"in {person.run.dialogue}",) if person.run else ()
    kept = (f"{person.kept.run.dialogue} kept",) if person.kept else ()
    return ", ".join((str(status), *running, *kept))


@pytest.mark.parametrize(("command", "moment", "sent", "stands"), list(rows()))
def test_every_command_at_every_moment(command: str, moment: str, sent: str, stands: str) -> None:
    for text in written_as(command):
        world = MOMENTS[moment]()
        texts = len(world.participants.texts.get(world.who(PERSON), ()))
        assert sent_after(world, text) == sent, text
        assert where(world) == stands, text
        kept = world.participants.texts.get(world.who(PERSON), [])[texts:]
        assert [each["text"] for each in kept] == ([text] if moment in TEXTS_ARE_KEPT else [])


@pytest.mark.parametrize(("command", "moment"), [(command, moment) for command, moment, _, _ in rows()])
def test_afterwards_only_the_open_question_has_buttons(command: str, moment: str) -> None:
    world = MOMENTS[moment]()
    writes(world, command)
    if where(world) == "nobody":
        return
    run, kept = world.participant(PERSON).run, world.participant(PERSON).kept
    # Those of a question in a chat that was blocked go when it is asked again.
    standing = [kept.run.question] if kept and kept.run.question else []
    assert list(world.buttons_now(PERSON)) == standing + ([run.question] if run else [])


def test_the_table_has_all_commands_and_all_moments() -> None:
    table = list(rows())
    known = {each for one in COMMANDS if not one.developer for each in (*one.words, *one.slashed)}
    assert known <= {command.removeprefix("/") for command, *_ in table}
    assert {(command, moment) for command, moment, *_ in table} == {
        (command, moment) for command, *_ in table for moment in MOMENTS
    }
    assert len(table) == len(set(table))


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_moment_is_what_it_says(moment: str) -> None:
    stands = {
        "new": "nobody",
        "in the welcome": "start, in welcome",
        "before consent": "start",
        "between dialogues": "active",
        "on its way": "active, in talk",
        "question open": "active, in talk",
        "in a setting": "active, in hour",
        "asked to leave": "active, in unsubscribe, talk kept",
        "paused": "paused, talk kept",
        "unreachable": "unreachable, talk kept",
        "left": "left",
        "left, may be erased": "left, in forgetme",
        "being erased": "active, in forgetme",
    }
    assert where(MOMENTS[moment]()) == stands[moment]
