# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be there before a bot may run: the dialogues that it needs, and Telegram."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from src.dialogues.check import missing_required
from src.engine.study import Study
from src.errors import BotError, DatabaseAway, TryLater
from src.store.database import Database
from src.telegram_bot import TelegramBot

log = logging.getLogger(__name__)

LONGEST_START_PAUSE = 30.0
MOST_ATTEMPTS = 3

Made = TypeVar("Made")


def patiently(database: Database, step: Callable[[], Made]) -> Made:
    """Do a step of the start that uses the database. Should that die meanwhile it is brought back, and the step done
    anew; a database that stays away raises DatabaseAway.
    """
    for _ in range(MOST_ATTEMPTS - 1):
        try:
            return step()
        except DatabaseAway as trouble:
            log.warning("%s Trying again.", trouble)
            database.revive()
    return step()


def check_study(study: Study) -> None:
    """Refuse to start without the dialogues that the bot itself needs; say which of the sequence will not be sent."""
    missing = missing_required(study.dialogues)
    if missing:
        names = ", ".join(missing)
        raise BotError(
            f"The database has no dialogue {names}. Upload it: python3 data/gamesInfo/update_mongoDB_games.py"
        )
    if not study.sequence:
        log.warning(
            "The sequence is empty: after the welcome nothing is sent. Upload it: "
            "python3 data/bot/read_names_relatos_and_add_list_to_bot_in_mongoDB.py"
        )
    for name in study.sequence:
        dialogue = study.dialogues.get(name)
        if dialogue is None:
            log.warning("The sequence names the dialogue %r, which is not there; it is passed over.", name)
        elif dialogue.is_for_two:
            log.warning("The dialogue %r is for two players: whoever is at it waits for a partner.", name)


def greet(telegram: TelegramBot) -> None:
    """Ask Telegram who we are. A wrong token raises NotAllowed; while Telegram is away we wait for it."""
    pause = 1.0
    while True:
        try:
            name = telegram.who_am_i()
            telegram.listen_by_polling()
        except TryLater as trouble:
            log.warning("Telegram is not there yet: %s. Trying again in %.0f s.", trouble, pause)
            time.sleep(max(pause, trouble.seconds or 0.0))
            pause = min(2 * pause, LONGEST_START_PAUSE)
        else:
            log.info("Telegram knows us as @%s.", name)
            return
