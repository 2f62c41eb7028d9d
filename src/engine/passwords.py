# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from a password that somebody tried: an admin more, or the answer to any unknown text."""

from __future__ import annotations

from datetime import datetime

from src.engine import listening
from src.engine.admins import REDACTED
from src.engine.effects import AdminAct, DeleteMessage, Send, Turn
from src.engine.events import PasswordChecked, TextTyped
from src.engine.state import Participant
from src.engine.study import Study
from src.frozen import replace

WELCOME = "You are an admin now. /help shows what you can do, /admin off ends it."


def checked(participant: Participant, event: PasswordChecked, now: datetime, study: Study) -> Turn:
    """Make the person an admin and take the password out of the chat; after a wrong one, say what is said to any text.

    Only the command's word is taken for what they wrote: a password that was nearly right is kept nowhere.
    """
    if not event.right:
        stranger = replace(participant, admin=False)
        turn = listening.text_typed(stranger, TextTyped(event.update, REDACTED), now, study)
        return Turn(replace(turn.participant, admin=participant.admin), turn.effects)
    gone = (DeleteMessage(event.message_id),) if event.message_id is not None else ()
    return Turn(replace(participant, admin=True), (*gone, Send(WELCOME), AdminAct("/admin", {"accepted": 1})))
