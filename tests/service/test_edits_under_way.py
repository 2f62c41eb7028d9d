# SPDX-License-Identifier: GPL-3.0-or-later
"""A thousand people are somewhere in the study while its authors change it fifty times: nobody is stranded, nobody
sees two editions in one dialogue, and every answer can be led back to the edition that asked.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from src.engine.sequence import next_dialogue
from src.engine.state import Status
from src.store.database import Database, open_database
from tests.service.crowd import RULES, Crowd, Phone
from tests.service.random_study import EDITS, RandomStudy

pytestmark = pytest.mark.slow

PEOPLE = 1000
UPLOADS = 50
SOME = 40
"""So many people do something between two uploads."""

AGGREGATION: list[dict[str, Any]] = [
    {"$unwind": "$game_history"},
    {
        "$group": {
            "_id": {"dialogue": "$game_history.gameId", "revision": "$game_history.revision"},
            "runs": {"$sum": 1},
            "answers": {"$sum": {"$size": "$game_history.given"}},
        }
    },
]


@dataclass
class Afterwards:
    """What is there when everything has come to rest.

    `behind` people were in the middle of an edition that was no longer the newest, `going_on` had come to the end of
    the sequence before it grew once more.
    """

    crowd: Crowd
    edits: Counter[str]
    behind: int
    going_on: int
    documents: dict[str, dict[str, Any]]


def test_a_thousand_people_in_the_middle_of_a_study_that_is_edited_fifty_times(tmp_path: Path) -> None:
    # One test for all of it: the play takes half a minute, and is the same for all five.
    with open_database("", "edits", tmp_path / "db") as database:
        database.make_indexes()
        afterwards = played(database, random.Random("edits under way"))
        many_were_in_the_middle_and_all_kinds_of_edits_were_made(afterwards)
        nobody_is_stuck(afterwards)
        everybody_finished_the_edition_that_they_began(afterwards)
        every_answer_is_kept_once_with_the_edition_that_asked(afterwards)
        the_database_counts_what_people_saw(afterwards)


def played(database: Database, chance: random.Random) -> Afterwards:
    """Let people play and authors edit, first with the people in memory, then all in the database, to the end."""
    crowd = Crowd(database, RandomStudy(chance), PEOPLE)
    crowd.upload()
    everybody = list(crowd.phones.values())
    scatter(crowd, everybody, chance)
    edits = Counter(edit_and_go_on(crowd, everybody, chance) for _ in range(UPLOADS))
    behind = sum(is_behind(document, crowd.study) for document in crowd.memory.documents.values())
    to_the_end(crowd, everybody[PEOPLE // 8 :])
    crowd.move_into_the_database()
    crowd.study.dialogue_added()
    going_on = crowd.upload()
    to_the_end(crowd, everybody)
    documents = {document["_id"]: document for document in database.clients.find()}
    return Afterwards(crowd, edits, behind, going_on, documents)


def is_behind(document: dict[str, Any], study: RandomStudy) -> bool:
    """Tell whether somebody is in the middle of an edition that has been replaced or removed."""
    run = document["current_game"]
    return run is not None and run["revision"] != study.revision(run["gameId"])


def scatter(crowd: Crowd, everybody: list[Phone], chance: random.Random) -> None:
    """Let everybody begin, and stop somewhere."""
    steps = {phone.who: chance.randint(1, 9) for phone in everybody}
    for number in range(9):
        crowd.step(phone for phone in everybody if steps[phone.who] > number)


def edit_and_go_on(crowd: Crowd, everybody: list[Phone], chance: random.Random) -> str:
    """Upload an edited study, and let some people go on; return what was edited."""
    edit = crowd.study.edited()
    crowd.upload()
    some = chance.sample(everybody, SOME)
    for _ in range(chance.randint(1, 2)):
        crowd.step(some)
    return edit


def to_the_end(crowd: Crowd, everybody: list[Phone]) -> None:
    """Let everybody go on until nothing happens any more."""
    for _ in range(300):
        if not crowd.step(everybody):
            return
    raise AssertionError("it never comes to rest")


def histories(afterwards: Afterwards) -> Iterator[tuple[Phone, dict[str, Any]]]:
    """Yield every dialogue that is over, with the phone on which it was played."""
    for who, phone in afterwards.crowd.phones.items():
        for game in afterwards.documents[who]["game_history"]:
            yield phone, game


def many_were_in_the_middle_and_all_kinds_of_edits_were_made(afterwards: Afterwards) -> None:
    """The play was worth looking at."""
    assert afterwards.behind > PEOPLE / 3
    assert afterwards.going_on > PEOPLE / 2
    assert sum(afterwards.edits.values()) == UPLOADS
    assert afterwards.edits.keys() == EDITS.keys()
    assert len({each for phone in afterwards.crowd.phones.values() for each in phone.seen.values()}) > 20


def nobody_is_stuck(afterwards: Afterwards) -> None:
    """Everybody has done the whole sequence, and nothing is waiting; a last look after an upload finds nothing."""
    crowd = afterwards.crowd
    study = crowd.studies.current(RULES)
    people = crowd.participants.load(crowd.phones)
    assert len(people) == PEOPLE
    for participant in people.values():
        assert participant.status is Status.ACTIVE
        assert (participant.run, participant.outbox) == (None, ())
        assert next_dialogue(participant, study) is None
        assert set(participant.done) >= set(crowd.study.uploadable())


def everybody_finished_the_edition_that_they_began(afterwards: Afterwards) -> None:
    """A dialogue begins in its newest edition, and shows, and keeps, no other until its end."""
    crowd = afterwards.crowd
    assert crowd.wrong_beginnings == []
    for phone, game in histories(afterwards):
        assert crowd.began[game["_id"]] == (game["gameId"], game["revision"])
        assert crowd.study.editions[phone.seen[game["_id"]]] == game["revision"]
        assert phone.mixed == []


def every_answer_is_kept_once_with_the_edition_that_asked(afterwards: Afterwards) -> None:
    """What people said is in their histories, in order, and can be led back to the texts that asked."""
    kept = {one["_id"] for one in afterwards.crowd.database.revisions.find({}, {"_id": 1})}
    given: dict[str, list[tuple[str, str, str]]] = {who: [] for who in afterwards.crowd.phones}
    for phone, game in histories(afterwards):
        assert game["revision"] in kept
        given[phone.who] += [(game["_id"], one["message"], one["value"]) for one in game["given"]]
    for who, phone in afterwards.crowd.phones.items():
        assert given[who] == phone.said


def the_database_counts_what_people_saw(afterwards: Afterwards) -> None:
    """The database's own counts equal those made from what stood on people's phones."""
    crowd = afterwards.crowd
    counted = {
        (one["_id"]["dialogue"], one["_id"]["revision"]): (one["runs"], one["answers"])
        for one in crowd.database.clients.aggregate(AGGREGATION)
    }
    runs: Counter[tuple[str, str]] = Counter()
    answers: Counter[tuple[str, str]] = Counter()
    for phone in crowd.phones.values():
        for run, (dialogue, edition) in phone.seen.items():
            place = dialogue, crowd.study.editions[dialogue, edition]
            runs[place] += 1
            answers[place] += sum(said[0] == run for said in phone.said)
    assert counted == {place: (runs[place], answers[place]) for place in runs}
