# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that participants may write at any moment."""

from __future__ import annotations

import pytest

from src.conversation_elements import PHRASES
from src.engine.commands import COMMANDS, Wish, command_in
from src.engine.state import Status
from tests.engine.samples import (
    LANGUAGES,
    PERSON,
    answers,
    blocks,
    buttons,
    dialogue,
    enrol,
    goes_on,
    na,
    played,
    presses,
    question,
    run_of,
    sa,
    said,
    with_person,
)

PAUSE = ("pausar", "pause", "pausieren")
RESUME = ("reprendre", "reanudar", "resume", "fortsetzen")
LEAVE = ("baixa", "baja", "unsubscribe", "abmelden")
SETTINGS = {"/freq": "frequencia_relats", "/lang": "lang", "/world": "world", "/dia": "hour", "/sociodem": "sociodem"}
FORMS = ("{}", "/{}", "/{}@our_bot", "  {} ", "/{} please")


def wish_of(text: str, *, developer: bool = False) -> Wish | None:
    command = command_in(text, developer=developer)
    return command.wish if command else None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("words", "wish"), [(PAUSE, Wish.PAUSE), (RESUME, Wish.RESUME), (LEAVE, Wish.LEAVE)])
def test_words_count_in_every_language_in_any_case_with_and_without_a_slash(
    words: tuple[str, ...], wish: Wish, form: str
) -> None:
    for word in words:
        for text in (word, word.upper(), word.capitalize()):
            assert wish_of(form.format(text)) is wish


@pytest.mark.parametrize(
    "text", ["pause please", "my pause", "a resume", "/", "/ ", "/@our_bot", "", "pauser", "//pause"]
)
def test_a_sentence_or_an_unknown_command_is_no_command(text: str) -> None:
    assert command_in(text, developer=True) is None


@pytest.mark.parametrize("word", ["start", "help", "freq", "lang", "world", "dia", "sociodem", "delete_games_done"])
def test_all_other_commands_need_their_slash(word: str) -> None:
    assert command_in(word, developer=True) is None
    assert command_in(f"/{word.upper()}", developer=True) is not None


def test_forgetting_what_is_done_is_for_developers_alone() -> None:
    assert wish_of("/delete_games_done") is None
    assert wish_of("/delete_games_done", developer=True) is Wish.FORGET_DONE


def test_no_word_means_two_things() -> None:
    words = [word for command in COMMANDS for word in (*command.words, *command.slashed)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", [*PAUSE, "/Pausar@our_bot"])
def test_pause_keeps_the_place_removes_the_buttons_and_says_so(word: str) -> None:
    world = with_person(question())
    assert answers(world, word) == ["This is pause."]
    assert world.participant(PERSON).status is Status.DOWN
    assert not world.buttons_now(PERSON)
    kept = world.participant(PERSON).kept
    assert kept is not None
    assert kept.run.dialogue == "talk"
    goes_on(world, days=5)
    assert said(world)[-1] == "This is pause."


@pytest.mark.parametrize("word", [*RESUME, "/start"])
def test_resume_says_so_and_the_sequence_goes_on(word: str) -> None:
    world = with_person(question())
    answers(world, "pause")
    assert answers(world, word) == ["This is resume.", "Ready?"]
    assert world.participant(PERSON).status is Status.ACTIVE


def test_a_burst_that_is_interrupted_by_a_pause_stops_at_once() -> None:
    world = with_person(dialogue({"one": na("1", "two", wait=300), "two": na("2")}))
    assert answers(world, "pause") == ["This is pause."]
    goes_on(world, hours=1)
    assert said(world) == ["1", "This is pause."]


def test_words_during_a_pause_say_how_to_come_back() -> None:
    world = with_person(question())
    answers(world, "pause")
    assert answers(world, "hello") == [PHRASES["you_are_paused"]["en"]]


def test_resume_without_a_pause_shows_the_open_question() -> None:
    world = with_person(question())
    assert answers(world, "resume") == ["Ready?"]
    assert presses(world, "yes") == ["Great."]


@pytest.mark.parametrize("word", LEAVE)
def test_leave_asks_first(word: str) -> None:
    world = with_person(question(), question("unsubscribe"), sequence=("talk",))
    assert answers(world, word) == ["Ready?"]
    assert run_of(world).dialogue == "unsubscribe"
    assert played(world) == []
    assert world.participant(PERSON).status is Status.ACTIVE
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]


def test_leave_twice_asks_again_and_keeps_one_dialogue() -> None:
    world = with_person(question("unsubscribe"), sequence=())
    answers(world, "baja")
    run = run_of(world).id
    assert answers(world, "baja") == ["Ready?"]
    assert run_of(world).id == run
    assert list(world.buttons_now(PERSON)) == [run_of(world).question]


@pytest.mark.parametrize(("command", "name"), SETTINGS.items())
def test_a_setting_begins_its_dialogue(command: str, name: str) -> None:
    world = with_person(question(name), sequence=())
    assert answers(world, command) == ["Ready?"]
    assert run_of(world).dialogue == name


@pytest.mark.parametrize("command", SETTINGS)
def test_a_setting_inside_a_dialogue_comes_after_it(command: str) -> None:
    world = with_person(question())
    before = run_of(world)
    assert answers(world, command) == [PHRASES["after_this_dialogue"]["en"]]
    assert run_of(world) == before


def test_a_setting_during_a_pause_leaves_the_pause() -> None:
    world = with_person(question("lang"), question(), sequence=("talk",))
    answers(world, "pause")
    assert answers(world, "/lang") == ["Ready?"]
    assert presses(world, "yes") == ["Great."]
    goes_on(world, days=3)
    assert world.participant(PERSON).status is Status.DOWN
    assert said(world)[-1] == "Great."


def test_a_setting_whose_dialogue_the_study_does_not_have_is_answered() -> None:
    assert answers(with_person(), "/sociodem") == [PHRASES["nothing_asked"]["en"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_a_word_for_every_wish_and_changes_nothing(language: str) -> None:
    world = with_person(question(), person={"language": language})
    before = run_of(world)
    helped = answers(world, "/help")[0]
    assert run_of(world) == before
    for command in COMMANDS:
        if not command.developer and command.wish not in (Wish.HELP, Wish.START):
            assert any(f"/{word}" in helped for word in (*command.words, *command.slashed)), command.meaning
    assert "112" in helped


FORGETTING = dialogue(
    {
        "ask": sa("Erase?", buttons("sure", "yes", "no"), {"sure": {"yes": "gone", "no": "kept"}}),
        "gone": na("Erased.", action="forget_everything"),
        "kept": na("Kept."),
    },
    "forgetme",
    "user_settings",
)


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.DOWN, Status.OUT])
def test_forgetme_asks_and_erases_everything_once_the_last_word_is_out(status: Status) -> None:
    world = with_person(FORGETTING, sequence=(), person={"status": status})
    assert answers(world, "/forgetme") == ["Erase?"]
    world.presses(PERSON, "yes")
    assert world.who(PERSON) in world.participants.documents
    goes_on(world, minutes=1)
    assert said(world)[-1] == "Erased."
    assert world.who(PERSON) not in world.participants.documents


def test_whoever_does_not_confirm_keeps_everything() -> None:
    world = with_person(FORGETTING, sequence=())
    answers(world, "/forgetme")
    assert presses(world, "no") == ["Kept."]
    goes_on(world, days=1)
    assert world.participant(PERSON).status is Status.ACTIVE


def test_whoever_confirmed_to_be_erased_and_blocks_the_bot_at_once_is_erased() -> None:
    world = with_person(FORGETTING, sequence=())
    answers(world, "/forgetme")
    world.presses(PERSON, "yes")
    blocks(world)
    goes_on(world, days=1)
    assert world.who(PERSON) not in world.participants.documents


def test_an_unknown_command_is_like_any_unknown_text() -> None:
    world = with_person(question())
    before = run_of(world)
    assert answers(world, "/dance") == [PHRASES["buttons_only"]["en"]]
    assert run_of(world) == before


def test_developers_may_forget_what_is_done_and_play_again() -> None:
    world = with_person(question(), developer=True, pause_scale=0.0, rhythm_scale=0.0)
    presses(world, "yes")
    assert answers(world, "/delete_games_done") == ["1 dialogues forgotten.", "<code>talk</code>", "Ready?"]


def test_somebody_who_keeps_writing_gets_the_rest_of_the_burst_all_the_same() -> None:
    burst = dialogue(
        {"one": na("1", "two", wait=20), "two": na("2", "ask"), "ask": sa("3", buttons("a", "b"), "end"), "end": na()}
    )
    world = with_person(burst, person={"next_at": None})
    enrol(world)
    for _ in range(12):
        goes_on(world, seconds=10)
        world.writes(PERSON, "hello?")
    assert "2" in said(world)
