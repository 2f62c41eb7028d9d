# SPDX-License-Identifier: GPL-3.0-or-later
"""Through a whole database: who is who, what breaks off in the middle, what is nobody's, what has been ours already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from pymongo.collection import Collection

from src.dialogues.model import REQUIRED_DIALOGUES
from src.engine.arriving import TAKEN_OVER, Place
from src.engine.effects import RemoveButtons
from src.engine.state import Participant, Status
from src.errors import BotError
from src.hash_unhash import pseudonym_of
from src.identities import Pseudonym, TelegramId
from src.service.ports import Saving
from src.store.database import Database
from src.store.histories import runs_of, texts_of
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.seed import passing
from src.store.seed.passing import Seen
from src.upkeep.taking_over import look_over, take_over
from tests.dialogues.samples import button, document, message
from tests.store.people import ANNA, BERTA, NOON
from tests.store.seed.left_behind import RULES, at, everything, key

CARLA, DUNA = Pseudonym("c" * 32), Pseudonym("D" * 64)
"""Another project's pseudonyms are longer, or written otherwise; they stay."""
UNIX = NOON.timestamp()
ASK = message("SA", "Ready?", vars=[button("ready", "yes", "no")], next={"ready": {"yes": "sure", "no": None}})
SURE = message("SA", "Sure?", vars=[button("sure", "yes", "no")], next={"sure": {"yes": "end", "no": "ask"}})
STORY = document({"ask": ASK, "sure": SURE, "end": message(text="Thanks.")}, _id="story")
TWO = document(
    {"a": message(text="a"), "b": message(text="b")}, _id="two", initial_messages=["a", "b"], points=["1", "1"]
)


def study(database: Database) -> None:
    """Put a small study where the seed had it."""
    needed = [document({"m": message(text=name)}, _id=name) for name in REQUIRED_DIALOGUES]
    more = document({"m": message(text="more")}, _id="more")
    database.games.insert_many([*needed, STORY, TWO, more])
    database.bot.insert_one({"_id": ObjectId(), "relatos": ["story", "two", "more"]})


def running(at: str, dialogue: str = "story", **parts: Any) -> dict[str, Any]:
    return {"_id": "run", "gameId": dialogue, "answers": {}, "start_time": UNIX, "last_message": {"x": at}, **parts}


def taken_over(database: Database) -> Seen:
    seen = Seen()
    take_over(database, RULES, key, at(NOON), seen)
    return seen


def now_of(database: Database, who: Pseudonym = ANNA) -> Participant:
    return ParticipantStore(database, "en").load([who])[who]


@pytest.mark.parametrize(
    ("status", "run", "place", "stands"),
    [
        (1, running("ask", edit_msg_ident={"x": [5, 77]}), Place.SAME, "ask"),
        (1, running("ask"), Place.ASKED, "ask"),
        (2, running("ask"), Place.KEPT, "ask"),
        (2, running("sure", edit_msg_ident={"x": [5, 77]}), Place.SAME, "sure"),
        (1, running("gone", answers={"ready": "yes"}), Place.FOUND, "sure"),
        (1, running("gone", answers={"ready": "no"}), Place.GONE, None),
        (1, running("ask", "no_such_dialogue"), Place.GONE, None),
        (1, running("a", "two"), Place.FOR_TWO, None),
        (3, running("ask", edit_msg_ident={"x": [5, 77]}), Place.LEFT, None),
        (1, running("end", answers={"ready": "yes", "sure": "yes"}), Place.GOES_ON, None),
        (1, running("sure", ended=True), Place.GOES_ON, None),
        (1, None, Place.NONE, None),
    ],
)
def test_where_somebody_goes_on(
    database: Database, status: int, run: dict[str, Any] | None, place: Place, stands: str | None
) -> None:
    study(database)
    database.clients.insert_one(
        {"_id": ANNA, "status": status, "language": "en", "current_game": run, "games_done": []}
    )
    seen = taken_over(database)
    assert seen.places == {place: 1}
    one = now_of(database)
    now = one.run or (one.kept.run if one.kept else None)
    assert (now.at if now else None) == stands
    assert one.status is Status(status)
    is_planned = status == 1 and place is not Place.SAME
    assert (one.next_at is not None) is (is_planned or place in (Place.KEPT, Place.LEFT))
    assert any(isinstance(each.what, RemoveButtons) for each in one.outbox) is (place is Place.LEFT)
    history = runs_of(database, ANNA)
    if place in (Place.GONE, Place.FOR_TWO, Place.LEFT):
        assert [(each["ended"], each["unfinished_because"]) for each in history] == [(False, TAKEN_OVER)]
        assert history[0]["answers"] == (run or {})["answers"]
    elif place is Place.GOES_ON:
        assert (one.done, [each["ended"] for each in history]) == (("story",), [True])


def test_the_consent_of_somebody_behind_the_question_counts_at_the_end(database: Database) -> None:
    study(database)
    first = {**ASK, "next": {"ready": {"yes": "agreed", "no": None}}}
    agreed = message("SA", "Well?", vars=[button("well", "yes")], next="end", action="legal_yes")
    welcome = document(
        {"ask": first, "agreed": agreed, "end": message(text="Hi.")}, _id="welcome", title="user_settings"
    )
    database.games.replace_one({"_id": "welcome"}, welcome)
    asked = running("agreed", "welcome", answers={"ready": "yes"}, edit_msg_ident=[5, 77])
    database.clients.insert_one({"_id": ANNA, "language": "en", "current_game": asked})
    taken_over(database)
    run = now_of(database).run
    assert run is not None
    assert run.actions == ("legal_yes",)


def test_whoever_went_by_the_telegram_number_gets_a_pseudonym_and_the_others_keep_theirs(database: Database) -> None:
    study(database)
    database.hashes.insert_many(
        [
            {"_id": ANNA, "Tele_id": "11111111", "first_name": "Núria"},
            {"_id": ObjectId(), "hash": DUNA, "tele_id": 22222222},
            {"_id": "33333333", "Tele_id": 33333333},
            {"_id": BERTA, "Tele_id": b"gAAAAABsecret"},
        ]
    )
    for name in (ANNA, BERTA, DUNA, "33333333", 44444444):
        database.clients.insert_one({"_id": name, "status": 1, "edat": f"of {name}"})
    database.clients.insert_one({"_id": CARLA, "status": 1, "Tele_id": 55555555})
    nameless = ObjectId()
    database.clients.insert_many([{"_id": nameless, "status": 1}, {"_id": {"a": 1}, "status": 1}])
    seen = taken_over(database)
    made = {number: pseudonym_of(TelegramId(number), key()) for number in (33333333, 44444444)}
    expected = {11111111: ANNA, 22222222: DUNA, 55555555: CARLA, **made}
    assert PseudonymStore(database, key()).of([TelegramId(each) for each in expected]) == expected
    for number, who in made.items():
        stored = database.clients.find_one({"_id": who})
        assert stored is not None
        assert stored["edat"] == f"of {number}"
    found = everything(database)
    names = [one["_id"] for one in found["clients"] if one["_id"] != {"a": 1}]
    assert sorted(names) == sorted([*expected.values(), BERTA, str(nameless)])
    assert [set(one) for one in found["hashes"] if one["_id"] != BERTA] == [{"_id", "Tele_id"}] * 5
    assert len(found["hashes"]) == 6
    # The number that is a secret, an id that is a document; nobody leads to BERTA, nor to the one without a name.
    assert sorted(seen.notes.unread.values()) == [1, 1, 2]
    assert PseudonymStore(database, key()).telegram_id(BERTA) is None


def test_pseudonyms_of_any_kind_stay_and_become_texts(database: Database) -> None:
    study(database)
    odd = ObjectId()
    names = {11111111: 987654, 22222222: "123456789", 33333333: -(2**60) - 1, 44444444: odd, 55555555: b"\x01\xff"}
    database.hashes.insert_many({"_id": name, "Tele_id": number} for number, name in names.items())
    run = {"gameId": "story", "ended": True, "answers": {"987654": {"ready": "yes"}, "-5": {"ready": "no"}}}
    database.clients.insert_many({"_id": name, "status": 1, "game_history": [run]} for name in names.values())
    seen = taken_over(database)
    expected = {
        11111111: "987654",
        22222222: "123456789",
        33333333: str(-(2**60) - 1),
        44444444: str(odd),
        55555555: "01ff",
    }
    assert PseudonymStore(database, key()).of([TelegramId(each) for each in names]) == expected
    assert {one["_id"] for one in database.clients.find()} == {one["_id"] for one in database.hashes.find()}
    assert {one["_id"] for one in database.clients.find()} == set(expected.values())
    assert runs_of(database, Pseudonym("987654"))[0]["answers"] == {"ready": "yes"}
    assert seen.notes.changed["ids that were no texts become texts"] == 4
    assert taken_over(database).written == 0


def test_two_documents_of_one_person_are_left_alone(database: Database) -> None:
    study(database)
    database.hashes.insert_one({"_id": ANNA, "Tele_id": 11111111})
    database.clients.insert_many([{"_id": ANNA, "status": 1}, {"_id": 11111111, "status": 1, "edat": "9"}])
    seen = taken_over(database)
    assert database.clients.find_one({"_id": 11111111}) == {"_id": 11111111, "status": 1, "edat": "9"}
    assert [each for each in seen.notes.unread if "two documents" in each]
    assert taken_over(database).written == 0


def test_without_dialogues_nothing_is_touched(database: Database) -> None:
    database.clients.insert_one({"_id": ANNA, "status": "1"})
    before = everything(database)
    with pytest.raises(BotError, match="has no dialogues"):
        look_over(database, RULES, key, at(NOON))
    assert everything(database) == before


def test_what_our_bot_has_written_meanwhile_stands(database: Database) -> None:
    """Somebody of the seed has played with our bot already, and some of their history is filed."""
    study(database)
    taken = {"_id": "old", "gameId": "story", "answers": {ANNA: {"ready": "yes"}}, "ended": True, "end_time": UNIX}
    database.hashes.insert_one({"_id": ANNA, "Tele_id": 11111111})
    database.clients.insert_one({"_id": ANNA, "status": 1, "game_history": [taken]})
    filed = {key: value for key, value in taken.items() if key != "_id"}
    database.database["game_history"].insert_one({"_id": f"{ANNA}/x/0", "run": "older", "participant": ANNA, **filed})
    database.database["message_history"].insert_one(
        {"_id": f"{ANNA}/y/0", "participant": ANNA, "msg": "hola", "chat": {}}
    )
    store = ParticipantStore(database, "en")
    before = store.load([ANNA])[ANNA]
    store.save([Saving(before, replace(before, points=3.0, version=before.version + 1))])
    seen = taken_over(database)
    assert now_of(database).points == 3.0
    answers = {one["_id"]: one["answers"] for one in runs_of(database, ANNA)}
    assert answers == {"old": {"ready": "yes"}, "older": {"ready": "yes"}}
    assert (seen.elsewhere["documents of game_history"], seen.elsewhere["documents of message_history"]) == (1, 1)
    again = everything(database)
    assert (taken_over(database).elsewhere, everything(database)) == ({}, again)


def test_a_turn_that_is_faster_is_not_overwritten(database: Database) -> None:
    study(database)
    database.clients.insert_one({"_id": ANNA, "status": 1, "points": 1})
    store = ParticipantStore(database, "en")
    turns = iter(range(2))

    def meanwhile() -> Any:
        if next(turns, None) is not None:
            before = store.load([ANNA])[ANNA]
            after = replace(before, points=before.points + 1, version=before.version + 1)
            assert not store.save([Saving(before, after)])
        return NOON

    take_over(database, RULES, key, meanwhile, Seen())
    assert now_of(database).points == 3.0


class Killed(BaseException):
    """The process is gone."""


def kill_after(monkeypatch: pytest.MonkeyPatch, writes: int, *, behind: bool) -> None:
    """Let the process die at a write: before the database has it, or behind."""
    left = [writes]

    def dying(write: Callable[..., Any]) -> Callable[..., Any]:
        def written(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] < 0 and not behind:
                raise Killed
            result = write(*arguments, **options)
            if left[0] < 0:
                raise Killed
            return result

        return written

    for name in ("replace_one", "insert_one", "delete_one", "update_one"):
        monkeypatch.setattr(Collection, name, dying(getattr(Collection, name)))


def messy(database: Database) -> None:
    """Fill the database with few people, of all kinds of identity."""
    study(database)
    database.hashes.insert_many([{"_id": ANNA, "Tele_id": "11111111"}, {"_id": "33333333", "Tele_id": 33333333}])
    database.hashes.insert_one({"_id": ObjectId("5" * 24), "hash": DUNA, "tele_id": 22222222})
    old = {"_id": "old", "gameId": "story", "answers": {"x": {"ready": "yes"}}, "players": [44444444], "ended": True}
    for name in (ANNA, DUNA, "33333333", 44444444):
        run = running("ask", players=[name], edit_msg_ident={"x": [33333333, 77]})
        database.clients.insert_one({"_id": name, "status": "1", "current_game": run, "game_history": [old]})
    database.bot.insert_one({"_id": "lists", "busy": [44444444, 33333333]})


def test_a_pass_that_dies_at_any_write_and_a_second_one_leave_the_same_as_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    messy(database)
    start = everything(database)
    begin_again(database, start)
    taken_over(database)
    whole = everything(database)
    writes = deaths = 0
    while deaths == writes:
        begin_again(database, start)
        with monkeypatch.context() as patch:
            kill_after(patch, writes, behind=bool(writes % 2))
            try:
                taken_over(database)
            except Killed:
                deaths += 1
        taken_over(database)
        assert without_versions(everything(database)) == without_versions(whole), writes
        writes += 1
    assert deaths > 15
    assert taken_over(database).written == 0


def begin_again(database: Database, start: dict[str, list[dict[str, Any]]]) -> None:
    """Put everything back as it was."""
    for name in database.database.list_collection_names():
        database.database[name].delete_many({})
    for name, documents in start.items():
        if documents:
            database.database[name].insert_many(documents)


def without_versions(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    bot = [one for one in found.get("bot", []) if one["_id"] != "health"]
    people = [{key: value for key, value in one.items() if key != "version"} for one in found["clients"]]
    revisions = [{**one, "uploaded_at": None} for one in found["dialogue_revisions"]]
    rest = {name: documents for name, documents in found.items() if documents}
    return rest | {"bot": bot, "clients": people, "dialogue_revisions": revisions}


def test_somebody_whose_document_would_grow_too_big_has_their_histories_filed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "LARGEST", 20_000)
    study(database)
    said = [f"{number} " + "x" * 1000 for number in range(25)]
    database.clients.insert_one({"_id": ANNA, "status": "1", "message_history": said})
    assert taken_over(database).written == 1
    stored = database.clients.find_one({"_id": ANNA})
    assert stored is not None
    assert stored["message_history"] == []
    assert {one["text"] for one in texts_of(database, ANNA)} == set(said)
    assert taken_over(database).written == 0
