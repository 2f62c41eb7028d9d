# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in dialogues: how they are compared, which keys a file may have, which ones are the bot's."""

from __future__ import annotations

import unicodedata

ACTIONS = frozenset(
    {"legal_yes", "legal_no", "update_rhythm", "unsubscribe_final", "forget_everything", "take_break", "2p_answer"}
)
"""What a message may ask the bot to do at the end of its dialogue."""

INVITING = "2p_answer"
"""The action of a dialogue that asks whether somebody would like to play a dialogue for two."""

YES = frozenset({"yes", "si", "sí", "ja", "ok", "1", "true", "accept", "accepto", "acepto"})
"""Values of answers to such an invitation that accept it; every other one declines."""

SAVED_FOR_THE_BOT = frozenset({"language", "freq", "horari_relats"})
"""Fields that dialogues save and the bot itself reads."""

OWN_FIELDS = frozenset(
    "_id status rhythm timeshift_in_seconds points dnd game_dnd games_done current_game game_history message_history"
    " end_of_last_game_of_type_CT message_id dialogue_at outbox outbox_at held_until next_at heard_at reachable erasing"
    " kept_game absence absent_since admin receipts invited_at recent_news waits_for waits_from updates version writer"
    " Tele_id custom_data as_left".split()
)
"""Fields of a participant that the bot keeps itself: no dialogue may write them with `save`."""

DIALOGUE_KEYS = frozenset({"_id", "title", "initial_messages", "points", "messages", "skip", "repeatable"})

MESSAGE_KEYS = frozenset(
    {
        "type",
        "text",
        "vars",
        "save",
        "wait",
        "next",
        "display",
        "action",
        "triggers",
        "waiting_text",
        "input",
    }
)

VARIABLE_KEYS = frozenset({"name", "type", "texts", "values", "condition", "type2", "file_name"})

INPUT_KEYS = frozenset({"kind", "next", "invalid", "answers", "max_length"})

FILLED_BY_THE_BOT = frozenset({"emergency", "contact"})
"""`{emergency}` and `{contact}` in a text are filled by the bot."""

NUMBERS_OF_THE_BOT = frozenset({"points", "time"})
"""Names that every formula may use, with and without braces."""


def normal(text: str) -> str:
    """Return the text in Unicode's form NFC, so that names written on macOS (NFD) equal all others."""
    return unicodedata.normalize("NFC", text)


def id_of_file(file_name: str) -> str:
    """Return the dialogue's id that a file's name promises: no folder, no `.json`, in form NFC."""
    return normal(file_name.replace("\\", "/").rpartition("/")[2].removesuffix(".json"))


def is_own_field(field: str) -> bool:
    """Tell whether a `save` would write what the bot keeps, also by a path such as `current_game.x`."""
    return field.partition(".")[0] in OWN_FIELDS
