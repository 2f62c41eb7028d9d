# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators change participants in a real database: exactly whom they chose, and nothing that the bot wrote is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from src.engine.by_hand import Change, forget_done, forget_running, to_status
from src.engine.effects import ButtonShown, Outgoing, RemoveButtons, Send, Turn
from src.engine.state import Participant, Run, Status
from src.engine.study import Rules, Study
from src.identities import Pseudonym
from src.service.ports import Saving
from src.store.database import Database
from src.store.erasing import erase_everywhere, traces
from src.store.participants import ParticipantStore
from src.store.roster import Traits
from src.upkeep.participants import Choice, Outcome, UnknownParticipant, carry_out, chosen, in_full, preview

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STUDY = Study({}, {}, (), Rules(("ca", "en"), "ca", ZoneInfo("UTC"), time(21), time(7), lambda _text: 0.0))
QUEUED = Outgoing("1.0", Send("?", buttons=((ButtonShown("y", "Yes"),),), run="run", message="ask", asks=True))


def study_of(_revisions: Collection[str]) -> Study:
    return STUDY


def somebody(number: int, **traits: object) -> Participant:
    who = Pseudonym(hashlib.md5(str(number).encode()).hexdigest())  # only a name that looks like one
    plain = Participant(who, "en", Status.ACTIVE, done=("welcome",))
    return replace(plain, **traits)  # type: ignore[arg-type]


def playing(number: int, **traits: object) -> Participant:
    run = Run("run", "story", "", NOON, "ask", question=77)
    return somebody(number, run=run, outbox=(QUEUED,), outbox_at=NOON, next_at=NOON, **traits)


def enter(database: Database, *people: Participant) -> ParticipantStore:
    store = ParticipantStore(database)
    assert not store.save([Saving(one, replace(one, version=1)) for one in people])
    return store


def changed(database: Database, choice: Choice, change: Change) -> Outcome:
    outcome = Outcome()
    carry_out(database, chosen(database, choice), change, lambda: NOON, study_of, outcome)
    return outcome


def test_a_running_dialogue_that_is_cleared_loses_its_buttons_and_what_was_queued(database: Database) -> None:
    one = playing(1)
    store = enter(database, one)
    assert changed(database, Choice(), forget_running).changed == [one.id]
    now = store.load([one.id])[one.id]
    assert now.run is None
    assert [each.what for each in now.outbox] == [RemoveButtons(77)]
    assert now.next_at == NOON
    (kept,) = database.clients.find_one({"_id": one.id}, {"game_history": 1})["game_history"]  # type: ignore[index]
    assert (kept["gameId"], kept["ended"]) == ("story", False)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), {1, 2, 3, 4}),
        (Choice(traits=Traits(status=Status.DOWN)), {2}),
        (Choice(traits=Traits(language="ca")), {3}),
        (Choice(traits=Traits(dialogue="story")), {4}),
        (Choice(ids=(somebody(1).id, somebody(3).id[:8])), {1, 3}),
        (Choice(all_but=(somebody(1).id,)), {2, 3, 4}),
        (Choice(ids=(somebody(1).id, somebody(3).id), traits=Traits(language="ca")), {3}),
    ],
)
def test_exactly_those_who_are_meant_are_chosen(database: Database, choice: Choice, expected: set[int]) -> None:
    enter(database, somebody(1), somebody(2, status=Status.DOWN), somebody(3, language="ca"), playing(4))
    assert set(chosen(database, choice)) == {somebody(number).id for number in expected}


def test_a_second_time_there_is_nothing_to_change(database: Database) -> None:
    enter(database, playing(1), somebody(2))
    for change in (forget_running, forget_done, to_status(Status.OUT)):
        would = preview(database, chosen(database, Choice()), change, NOON, study_of).total()
        assert len(changed(database, Choice(), change).changed) == would > 0
        again = changed(database, Choice(), change)
        assert (again.changed, again.unchanged) == ([], 2)


def test_a_turn_that_was_faster_is_not_lost(database: Database) -> None:
    one = somebody(1)
    store = enter(database, one)
    calls: list[Participant] = []

    def overtaken(participant: Participant, now: datetime, study: Study) -> Turn:
        if not calls:
            calls.append(participant)
            before = store.load([one.id])[one.id]
            store.save([Saving(before, replace(before, points=5.0, version=before.version + 1))])
        return to_status(Status.DOWN)(participant, now, study)

    assert changed(database, Choice(), overtaken).changed == [one.id]
    now = store.load([one.id])[one.id]
    assert (now.points, now.status) == (5.0, Status.DOWN)


def test_an_interruption_tells_exactly_what_was_written(database: Database) -> None:
    people = [somebody(number) for number in range(150)]
    store = enter(database, *people)
    outcome = Outcome()
    seen: list[Participant] = []

    def interrupted(participant: Participant, now: datetime, study: Study) -> Turn:
        seen.append(participant)
        if len(seen) > 120:
            raise KeyboardInterrupt
        return forget_done(participant, now, study)

    ids = chosen(database, Choice())
    with pytest.raises(KeyboardInterrupt):
        carry_out(database, ids, interrupted, lambda: NOON, study_of, outcome)
    cleared = {who for who, one in store.load(ids).items() if not one.done}
    assert cleared == set(outcome.changed)
    assert len(cleared) == 100


def test_somebody_who_is_being_erased_is_not_brought_back(database: Database) -> None:
    enter(database, playing(1, erasing=True, status=Status.OUT))
    assert changed(database, Choice(), to_status(Status.ACTIVE)).changed == []


def test_a_mistyped_id_suggests_the_nearest_and_an_ambiguous_one_all(database: Database) -> None:
    one = somebody(1).id
    enter(database, somebody(1), replace(somebody(2), id=Pseudonym(one[:31] + "0")))
    with pytest.raises(UnknownParticipant, match="Several participants"):
        in_full(database, one[:6])
    with pytest.raises(UnknownParticipant, match=f"Do you mean {one}"):
        in_full(database, one[:5] + one[6:])
    with pytest.raises(UnknownParticipant, match="is no participant's id"):
        in_full(database, "$where")


def test_who_is_known_by_what_is_filed_alone_is_found_and_so_is_an_id_of_another_form(database: Database) -> None:
    """As when the end of an erasure was lost: whoever cannot be found cannot be erased."""
    filed, odd = somebody(1).id, Pseudonym("Telegram-" + "F" * 60)
    enter(database, somebody(2), replace(somebody(3), id=odd))
    for number in range(3):
        database.database["game_history"].insert_one({"_id": number, "participant": filed})
        database.database["message_history"].insert_one({"_id": number, "participant": filed})
    assert (in_full(database, filed), in_full(database, filed[:6]), in_full(database, f" {odd} ")) == (
        filed,
        filed,
        odd,
    )
    assert in_full(database, somebody(2).id[:6]) == somebody(2).id
    erase_everywhere(database, filed)
    with pytest.raises(UnknownParticipant):
        in_full(database, filed)


def test_nothing_of_an_erased_person_is_left_in_any_collection_and_others_keep_all(database: Database) -> None:
    gone, stays = playing(1).id, somebody(2).id
    store = enter(database, playing(1), somebody(2))
    before = store.load([gone])[gone]
    database.hashes.insert_many([{"_id": gone, "Tele_id": 1}, {"_id": stays, "Tele_id": 2}])
    for who in (gone, stays):
        database.database["game_history"].insert_one({"_id": f"run of {who[:4]}", "participant": who})
        database.database["message_history"].insert_one({"participant": who, "text": "x"})
    database.database["jobs"].insert_one({"_id": "mass", "marks": {gone: 1, stays: 1}, "deep": [{"to": [gone, stays]}]})

    assert traces(database, gone) == dict.fromkeys(("hashes", "clients", "game_history", "message_history", "jobs"), 1)
    erase_everywhere(database, gone)
    assert traces(database, gone) == {}
    dump = str([list(database.database[name].find()) for name in database.database.list_collection_names()])
    assert gone not in dump
    assert len(traces(database, stays)) == 5
    # The bot still had the participant in its hands.
    assert store.save([Saving(before, replace(before, points=1.0, version=before.version + 1))]) == {gone}
    assert traces(database, gone) == {}
