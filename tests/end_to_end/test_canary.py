# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary: somebody whose every word, name and id is a token goes through everything, crashes included. Afterwards
no token stands where it should not, and after /forgetme none stands anywhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.identities import Pseudonym
from tests.checklist.stage import Stage, stage_of
from tests.end_to_end import canary
from tests.end_to_end.canary import PERSON
from tests.end_to_end.canary_person import (
    Canary,
    answers_while_the_database_dies,
    answers_while_the_engine_fails,
    changes_settings_with_wrong_input,
    comes_and_agrees,
    leaves_and_comes_back,
    meets_faults_of_telegram,
    odd_presses,
    pauses_blocks_and_comes_back,
    reads_their_own_data,
    sends_all_kinds_of_things,
)
from tests.end_to_end.project import copy_of_project, wait_until


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Run a talkative bot whose study has a dialogue that fails."""
    for name in ("template", "run"):
        (tmp_path / name).mkdir()
    template = copy_of_project(tmp_path / "template")
    canary.put_study_into(template.root / "data")
    template.upload_study()
    canary.talkative_with_faults(template)
    with stage_of(template, tmp_path / "run") as running:
        yield running


def test_tokens_stand_where_they_may_and_after_forgetme_nowhere(stage: Stage) -> None:
    person = Canary(stage)
    comes_and_agrees(person)
    answers_while_the_engine_fails(person)
    answers_while_the_database_dies(person)
    changes_settings_with_wrong_input(person)
    sends_all_kinds_of_things(person)
    meets_faults_of_telegram(person)
    pauses_blocks_and_comes_back(person)
    reads_their_own_data(person)
    first = leaves_and_comes_back(person)
    nothing_is_told(person, first)
    the_search_bites(person, first)
    an_export_tells_what_was_answered_and_nothing_else(person, first)
    is_erased_for_good(person, first)
    writes_again_as_somebody_new(person, first)


def nothing_is_told(person: Canary, who: Pseudonym) -> None:
    """The id stands in `hashes`, what was typed in the person's own documents, names nowhere, nothing in the logs."""
    with person.stage.database() as database:
        assert canary.told_at_wrong_places(person.words, database, who) == []
        own = canary.places_of([*person.words.kept, str(PERSON)], database)
    found = frozenset().union(*(place.found for place in own))
    assert found == {*person.words.kept, str(PERSON)}, "a text that was to be kept is lost"
    nothing_in_files(person)
    health = person.stage.project.script("main.py", "--health")
    assert '"version"' in health.stdout
    assert not canary.tokens_in(health.stdout + health.stderr, [*person.words.all, str(PERSON), who])


def nothing_in_files(person: Canary) -> None:
    tokens = [*person.words.all, str(PERSON), *canary.secrets_of_the_bot()]
    assert canary.tokens_in_files(tokens, person.stage.project) == {}
    output = person.stage.output()
    for told in ("KeyError at", "could not be computed", "DEBUG", "Telegram refuses", "does not accept the HTML"):
        assert told in output, f"the log does not say {told!r}: that path was not taken"


def the_search_bites(person: Canary, who: Pseudonym) -> None:
    """Plant tokens where none may be: each is found."""
    planted = person.stage.project.root / "log" / "planted.log"
    planted.write_text(f"somebody with the id {PERSON} wrote {person.words.kept[0].upper()}\n", "utf-8")
    tokens = [*person.words.all, str(PERSON)]
    found = canary.tokens_in_files(tokens, person.stage.project)
    assert found == {"planted.log": {str(PERSON), person.words.kept[0]}}
    planted.unlink()
    with person.stage.database() as database:
        database.database["planted"].insert_one({"_id": 1, "deep": [{person.words.kept[1]: {"id": PERSON}}]})
        database.clients.insert_one({"_id": "planted", "text": person.words.kept[2], "name": person.words.not_kept[0]})
        wrong = canary.told_at_wrong_places(person.words, database, who)
        database.clients.delete_one({"_id": "planted"})
        database.database["planted"].drop()
        assert canary.told_at_wrong_places(person.words, database, who) == []
    name = database.database.name
    assert sorted(wrong) == sorted(
        [
            f"{name}.planted: {person.words.kept[1]}",
            f"{name}.planted: {PERSON}",
            f"{name}.clients: {person.words.kept[2]}",
            f"{name}.clients: {person.words.not_kept[0]}",
        ]
    )


def an_export_tells_what_was_answered_and_nothing_else(person: Canary, who: Pseudonym) -> None:
    """Free text is told if it answers a question, in the place for answers; without free text no token is left."""
    project = person.stage.project
    tokens = [*person.words.all, str(PERSON), *canary.secrets_of_the_bot()]
    for kind, options in (("csv", ()), ("json", ("--wide",)), ("csv", ("--no-free-text",))):
        out = project.root / "export"
        done = project.script("manipulate_db/export_answers.py", "--format", kind, *options, str(out))
        assert done.returncode == 0, done.stderr
        told = {file.name: canary.tokens_in(file.read_text("utf-8", "replace"), tokens) for file in out.iterdir()}
        assert any(who in file.read_text("utf-8", "replace") for file in out.iterdir())
        assert not canary.tokens_in(" ".join([done.stdout, done.stderr, *told]), [*tokens, who])
        shutil.rmtree(out)
        found = {name for name, of_file in told.items() if of_file}
        if options[-1:] in ((), ("--wide",)):
            assert found <= {"answers.csv", "participants.csv", "participants.json"}
            answered = frozenset().union(*told.values())
            assert answered < set(person.words.kept)
            assert {token.rpartition("x")[2] for token in answered} >= {"areaqz", "formulaqz"}
        else:
            assert found == set()


def is_erased_for_good(person: Canary, who: Pseudonym) -> None:
    """Ask for it and confirm it twice. The press that confirms, and what was written just before it, come again after
    a crash; old buttons are pressed, the bot is blocked and unblocked: nothing of the person comes back.
    """
    person.write("/forgetme", "Would you like everything")
    person.press("erase", "Would you like everything")
    person.says("Are you really sure")
    person.stage.confirmed()
    person.stage.bot.kill()
    person.telegram.write(PERSON, person.words.to_keep("goodbye"))
    person.press("erase", "Are you really sure")
    person.is_held = True
    person.stage.start_again()
    person.says("All right. With this message, everything")
    wait_until(lambda: is_nowhere(person, who), "the person has not been erased")
    assert person.telegram.pending_updates() > 0
    person.stage.bot.kill()
    person.is_held = False
    person.stage.start_again()
    person.stage.confirmed()
    assert is_nowhere(person, who)
    written = next(message for message in person.telegram.chat(PERSON) if not message.from_bot)
    odd_presses(person)
    person.telegram.edit(PERSON, written.message_id, person.words.to_drop("edited_late"))
    person.telegram.block(PERSON)
    person.telegram.unblock(PERSON)
    person.stage.confirmed()
    person.crash()
    person.stage.confirmed()
    assert is_nowhere(person, who)
    nothing_in_files(person)


def is_nowhere(person: Canary, who: Pseudonym) -> bool:
    """Tell whether neither a token nor the pseudonym stands in any collection."""
    with person.stage.database() as database:
        told = canary.told_at_wrong_places(person.words, database, None)
        return not told and not canary.places_of([who], database)


def writes_again_as_somebody_new(person: Canary, who: Pseudonym) -> None:
    """The next text is that of somebody whom nobody has ever heard of."""
    person.write(person.words.to_drop("again"), "Which language sha")
    new = person.stage.pseudonym(PERSON)
    assert new != who
    with person.stage.database() as database:
        assert canary.told_at_wrong_places(person.words, database, new) == []
        assert canary.places_of([who, *person.words.all], database) == []
    document = person.stage.document(PERSON)
    assert (document["status"], document["games_done"], document["game_history"]) == (0, [], [])
    nothing_in_files(person)
