# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose answers are exported, and which: finished and running, filed and not, of this project and of the seed's."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from src.engine.state import Kept, Participant, Run, Status
from src.service.ports import Saving
from src.store import histories
from src.store import respondents as respondents_room
from src.store.database import Database
from src.store.histories import file_away
from src.store.participants import ParticipantStore
from src.store.respondents import gentle_view, respondents
from src.store.roster import Traits, ids_with
from src.upkeep.export.tables import NoExport
from tests.store.people import NOON
from tests.upkeep.export.respondents import answered, enter, exported, fill, number, sleep, upload
from tests.upkeep.export.test_discretion import rows_of

ACTIVE = Participant(number(1), "ca", Status.ACTIVE)


def answers_of(out: Path) -> list[tuple[str, ...]]:
    names = ("dialogue", "message", "variable", "value", "order", "repeat", "progress")
    return [tuple(row[name] for name in names) for row in rows_of(out / "answers.csv")]


def test_who_has_not_consented_or_is_being_erased_is_left_out_and_who_has_left_is_not(
    database: Database, tmp_path: Path
) -> None:
    revision = upload(database, sleep())["sleep"]
    for place, (status, erasing) in enumerate(
        ((Status.START, False), (Status.ACTIVE, False), (Status.DOWN, False), (Status.OUT, False), (Status.OUT, True))
    ):
        person = Participant(number(place), "ca", status, erasing=erasing)
        enter(database, person, [answered(revision, 1, mood="good")])
    result = exported(database, tmp_path / "out")
    assert {row["status"] for row in rows_of(tmp_path / "out" / "participants.csv")} == {"1", "2", "3"}
    assert result.counts == {
        "participants": 3,
        "answers": 3,
        "left out: being erased": 1,
        "left out: not consented": 1,
    }


def test_nobody_to_export_is_said_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NoExport, match="too few to export, 0: 0 participants are chosen"):
        exported(database, tmp_path / "out")
    enter(database, Participant(number(1), "ca", Status.START))
    with pytest.raises(NoExport, match="too few to export, 0: 1 participants are chosen, 1 not consented"):
        exported(database, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_dialogues_that_are_running_or_interrupted_are_told_as_such(database: Database, tmp_path: Path) -> None:
    revision = upload(database, sleep())["sleep"]

    def run(day: int, **given: str) -> Run:
        return replace(answered(revision, day, **given).run, at="rate")

    person = replace(
        ACTIVE, run=run(3, mood="bad"), kept=Kept(run(2, mood="NA"), NOON, "paused"), fields={"mood": "bad"}
    )
    left = replace(answered(revision, 1, mood="good"), ended=False)
    enter(database, person, [left, answered(revision, 0, mood="good", score="10")])
    exported(database, tmp_path / "out")
    assert answers_of(tmp_path / "out") == [
        ("sleep", "ask", "mood", "good", "1", "1", "finished"),
        ("sleep", "rate", "score", "10", "2", "1", "finished"),
        ("sleep", "ask", "mood", "good", "1", "2", "left"),
        ("sleep", "ask", "mood", "NA", "1", "3", "interrupted"),
        ("sleep", "ask", "mood", "bad", "1", "4", "running"),
    ]


def test_filing_changes_nothing(database: Database, tmp_path: Path) -> None:
    revision = upload(database, sleep())["sleep"]
    enter(database, ACTIVE, [answered(revision, day, mood="good", score="1", hours=str(day)) for day in range(9)])
    exported(database, tmp_path / "before")
    assert file_away(database, ACTIVE.id)
    exported(database, tmp_path / "after")
    assert len(answers_of(tmp_path / "after")) == 27
    for name in ("answers.csv", "participants.csv"):
        assert (tmp_path / "before" / name).read_bytes() == (tmp_path / "after" / name).read_bytes()


def test_what_is_being_filed_meanwhile_is_there_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document is read, then all is filed out of it, then what is filed is read."""
    revision = upload(database, sleep())["sleep"]
    enter(database, ACTIVE, [answered(revision, day, mood="good") for day in range(9)])
    read = histories.runs_of_several

    def filed_first(*arguments: object) -> object:
        assert file_away(database, ACTIVE.id)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(respondents_room, "runs_of_several", filed_first)
    with gentle_view(database) as view:
        (one,) = respondents(view, [ACTIVE.id], "ca")
    assert [run.started_at.day for run in one.runs] == list(range(1, 10))


def test_a_dialogue_that_ends_and_is_filed_meanwhile_is_told_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = upload(database, sleep())["sleep"]
    kept = [answered(revision, day, mood="good") for day in range(9)]
    running = replace(kept[8].run, at="rate")
    enter(database, replace(ACTIVE, run=running), kept[:8])
    read = histories.runs_of_several

    def ended_first(*arguments: object) -> object:
        store = ParticipantStore(database)
        before = store.load([ACTIVE.id])[ACTIVE.id]
        assert not store.save([Saving(before, replace(before, run=None, version=2), (kept[8],))])
        assert file_away(database, ACTIVE.id)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(respondents_room, "runs_of_several", ended_first)
    with gentle_view(database) as view:
        (one,) = respondents(view, [ACTIVE.id], "ca")
    assert [(run.started_at.day, run.progress) for run in one.runs] == [(day, "finished") for day in range(1, 10)]


def test_the_answers_of_the_seed_project_have_labels_and_what_it_did_not_keep_is_missing(
    database: Database, tmp_path: Path
) -> None:
    upload(database, sleep())
    who = number(1)
    run = {
        "_id": "1",
        "gameId": "sleep",
        "players": [who],
        "answers": {who: {"mood": "good", "words": "Nora", "not.asked": "?"}},
        "timestamps_answers": {who: {"mood": 1_700_000_000.25}},
        "start_time": 1_699_999_000,
        "end_time": 1_700_000_100,
        "ended": True,
    }
    database.clients.insert_one({"_id": who, "status": 1, "language": "ca", "game_history": [run], "mood": "good"})
    exported(database, tmp_path / "out")
    mood, words, unknown = rows_of(tmp_path / "out" / "answers.csv")
    assert (mood["value"], mood["label_es"], mood["answered_at"]) == (
        "good",
        "Good & well (es)",
        "2023-11-14T22:13:20.250Z",
    )
    assert (mood["asked_at"], mood["seconds"], mood["message"], mood["revision"]) == ("", "", "", "")
    assert (words["value"], words["kind"], words["answered_at"]) == ("Nora", "text", "2023-11-14T21:56:40.000Z")
    assert (unknown["variable"], unknown["value"], unknown["kind"]) == ("not.asked", "?", "text")
    exported(database, tmp_path / "wide", wide=True)
    (person,) = rows_of(tmp_path / "wide" / "participants.csv")
    assert (person["sleep.mood"], person["sleep.words"], person["sleep.not.asked"]) == ("good", "Nora", "?")


def test_what_is_uploaded_meanwhile_has_its_labels_too(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = upload(database, sleep())["sleep"]
    enter(database, replace(ACTIVE, id=number(0)), [answered(first, 1, mood="good")])
    enter(database, ACTIVE)
    read = respondents_room._documents

    def uploaded_first(*arguments: object) -> object:
        second = upload(database, sleep("A new question"))["sleep"]
        lost = answered("lost", 3, mood="good")
        store = ParticipantStore(database)
        before = store.load([ACTIVE.id])[ACTIVE.id]
        new = (answered(second, 2, score="10"), lost)
        store.save([Saving(before, replace(before, version=before.version + 1), new)])
        monkeypatch.setattr(respondents_room, "_documents", read)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(respondents_room, "_documents", uploaded_first)
    exported(database, tmp_path / "out")
    labels = [(row["variable"], row["label_en"]) for row in rows_of(tmp_path / "out" / "answers.csv")]
    assert sorted(labels) == [("mood", "Good & well (en)"), ("mood", "Good & well (en)"), ("score", "High (en)")]
    assert "A new question" in (tmp_path / "out" / "codebook.csv").read_text("utf-8")


def test_whole_documents_come_out_while_people_answer(database: Database, tmp_path: Path) -> None:
    """Somebody's dialogues always have all their answers, and everybody who was there is there."""
    revision = fill(database, people=40)
    stop = threading.Event()
    ids = ids_with(database, Traits())

    def play() -> None:
        day = 100
        while not stop.is_set():
            day += 1
            for who in ids[:5]:
                run = {
                    "_id": f"{day}",
                    "gameId": "sleep",
                    "ended": True,
                    "start_time": 1_772_400_000 + day,
                    "given": [],
                }
                run["given"] = [
                    {"message": "ask", "name": "mood", "value": "bad", "answered_at": NOON},
                    {"message": "rate", "name": "score", "value": "2", "answered_at": NOON},
                ]
                run |= {"revision": revision}
                database.clients.update_one({"_id": who}, {"$push": {"game_history": run}, "$inc": {"version": 1}})
                file_away(database, who)

    playing = threading.Thread(target=play)
    playing.start()
    try:
        exported(database, tmp_path / "out")
    finally:
        stop.set()
        playing.join()
    runs: dict[tuple[str, str], list[str]] = {}
    for row in rows_of(tmp_path / "out" / "answers.csv"):
        runs.setdefault((row["pseudonym"], row["repeat"]), []).append(row["variable"])
    assert {who for who, _ in runs} == set(ids)
    assert all(given[:2] == ["mood", "score"] for given in runs.values())
    assert {len(given) for given in runs.values()} <= {2, 3, 5}
