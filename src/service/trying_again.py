# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a message that Telegram did not take, or perhaps did."""

from __future__ import annotations

import logging
import random

from src.engine.effects import Outgoing, Send
from src.engine.events import Delivered, PutOff
from src.errors import TryLater
from src.identities import Pseudonym

log = logging.getLogger(__name__)

LONGEST_PAUSE = 600.0

MOST_DOUBTS = 1
"""So often a message is sent again although Telegram may have taken it."""

MOST_DOUBTS_OF_A_QUESTION = 5


def not_now(who: Pseudonym, entry: Outgoing, trouble: TryLater) -> Delivered | PutOff:
    """Decide about an entry that was not taken, as far as we know.

    A lost answer may mean that the message is there: it is sent once more, and then taken for delivered. So people see
    it twice at most. A question must not be missing, and does no harm when it stands there more often.
    """
    asks = isinstance(entry.what, Send) and entry.what.asks
    if trouble.uncertain and entry.doubts >= (MOST_DOUBTS_OF_A_QUESTION if asks else MOST_DOUBTS):
        log.warning("%s: entry %s counts as sent; Telegram's answers were lost", who, entry.id)
        return Delivered(entry.id, None)
    pause = trouble.seconds if trouble.seconds is not None else pause_before_try(entry.tries)
    log.info("%s: entry %s is tried again in %.0f s: %s", who, entry.id, pause, trouble)
    return PutOff(entry.id, pause, doubtful=trouble.uncertain)


def pause_before_try(tries: int) -> float:
    """Return the seconds before the next attempt: growing, and a little different each time."""
    return min(2.0 ** min(tries, 10), LONGEST_PAUSE) * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
