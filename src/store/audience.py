# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a change of the study meets: counted in the database, without reading anybody's document here."""

from __future__ import annotations

from collections.abc import Collection

from src.dialogues.names import normal
from src.engine.state import Status
from src.store.database import Database
from src.store.documents import RUN
from src.store.reading import Document


def people_inside(database: Database) -> dict[tuple[str, str], int]:
    """Count the participants who are in the middle of a dialogue, by its id and revision. Raises DatabaseAway.

    Revision "": the one they began with is not kept, as after a move from the seed project; they go on with the
    newest. Everybody's document is looked at once, some 300 ms for 20,000 people in the embedded database.
    """
    which = {"dialogue": f"${RUN}.gameId", "revision": f"${RUN}.revision"}
    groups: list[Document] = [{"$match": {RUN: {"$ne": None}}}, {"$group": {"_id": which, "people": {"$sum": 1}}}]
    with database.answering():
        counted = list(database.clients.aggregate(groups))
        revisions = {str(one["_id"].get("revision")) for one in counted}
        kept = {one["_id"] for one in database.revisions.find({"_id": {"$in": sorted(revisions)}}, {"_id": 1})}
    inside: dict[tuple[str, str], int] = {}
    for one in counted:
        revision = str(one["_id"].get("revision"))
        place = normal(str(one["_id"].get("dialogue"))), revision if revision in kept else ""
        inside[place] = inside.get(place, 0) + int(one["people"])
    return inside


def people_idle_without(database: Database, dialogues: Collection[str]) -> int:
    """Count the active participants for whom nothing is planned and who lack one of these. Raises DatabaseAway.

    They are those whom a new study wakes (`takeover.plan_idle`), and who then really find a next dialogue.
    """
    if not dialogues:
        return 0
    idle: Document = {
        "status": Status.ACTIVE.value,
        RUN: None,
        "next_at": None,
        "outbox": {"$in": [None, []]},
        "reachable": {"$ne": False},
        "erasing": {"$ne": True},
        "games_done": {"$not": {"$all": sorted(dialogues)}},
    }
    with database.answering():
        return database.clients.count_documents(idle)
