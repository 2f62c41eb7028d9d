# SPDX-License-Identifier: GPL-3.0-or-later
"""The study that a database of the seed holds, read without writing anything."""

from __future__ import annotations

from src.dialogues.model import Dialogue
from src.dialogues.parse import MalformedDialogue, parse_dialogue
from src.engine.study import Rules, Study
from src.store.database import Database
from src.store.revisions import id_of
from src.store.seed.facts import Notes
from src.store.study import StudyStore


def study_in(database: Database, rules: Rules, notes: Notes) -> Study:
    """Return the study of the database, also one that still lies in the seed's collections. Raises DatabaseAway."""
    store = StudyStore(database)
    contents = store.peek()
    if contents.version:
        return store.current(rules)
    with database.answering():
        documents = list(database.games.find())
    dialogues: dict[str, Dialogue] = {}
    for document in documents:
        try:
            dialogues[id_of(document)] = parse_dialogue(document)
        except MalformedDialogue:
            notes.unread[
                f"the dialogue {id_of(document)}: python3 data/gamesInfo/update_mongoDB_games.py names why"
            ] += 1
    return Study(dialogues, {each.revision: each for each in dialogues.values()}, contents.sequence, rules)
