# SPDX-License-Identifier: GPL-3.0-or-later
"""Erases every trace of a participant."""

from __future__ import annotations

import logging

from src.identities import Pseudonym
from src.service.ports import Participants
from src.store.database import Database
from src.store.histories import erase_history
from src.store.jobs import forget_admin
from src.store.pseudonyms import PseudonymStore
from src.store.steering import TryStore

log = logging.getLogger(__name__)


def erase_participant(
    database: Database, pseudonyms: PseudonymStore, participants: Participants, who: Pseudonym
) -> None:
    """Take away who they are, what is filed of them, what they did as an admin or on the way to become one, and their
    document. Raises DatabaseAway. Entries of the audit log stay: without the identity they lead to nobody.

    The identity goes first: should we die in between, what is left can be led back to nobody. The document goes last,
    because it says that they are to be erased: as long as it is there, the scheduler finds it and we begin again.
    """
    pseudonyms.forget(who)
    erase_history(database, who)
    TryStore(database).forget(who)
    forget_admin(database, who)
    participants.erase(who)
    log.info("A participant has been erased at their own wish.")
