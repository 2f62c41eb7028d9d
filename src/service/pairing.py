# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs people who wait for a partner: a loop of its own, that does nothing until a round is due.

A round is claimed in the database before anybody is asked, and says how many pairs are to be made yet. So a process
that is killed goes on where it was, with one pair too many at most. The second of a pair is set aside before the first
is asked: whatever happens in between, nobody is paired twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from src.engine.events import FromPartner
from src.engine.invitations import invitation_in, pair_name
from src.engine.state import Participant
from src.engine.study import Study
from src.engine.timing import is_quiet
from src.engine.waiting_list import may_be_asked, pairs_to_make, proposal
from src.frozen import replace
from src.identities import Pseudonym
from src.service.admin_ports import Round, WaitingList
from src.service.conversation import Conversation, Happened
from src.service.ports import Clock

log = logging.getLogger(__name__)

PAIRS_AT_ONCE = 20
"""So many pairs are made in one pass; the next pass follows at once."""

PEOPLE_AT_ONCE = 100
MOST_LOOKED_AT = 2_000
"""So many people are looked at in one pass who wait and cannot be asked now, as at night in another part of the world.
"""

STUDY_ITSELF = Participant(Pseudonym(""), "")
"""Somebody whose clock is the study's."""


class Pairing:
    """Asks people whether they would like to play with somebody. One thread calls `one_pass`."""

    def __init__(self, waiting: WaitingList, conversation: Conversation, clock: Clock) -> None:
        self.waiting = waiting
        self.conversation = conversation
        self.clock = clock

    def one_pass(self) -> bool:
        """Make the next pairs of every round that is due; return whether there may be more. Raises DatabaseAway."""
        rounds = [each for each in self.waiting.rounds() if each.interval > 0 and each.percent > 0]
        if not rounds:
            return False
        study, now = self.conversation.studies.current(self.conversation.rules), self.clock.now()
        advanced = [self.advance(each, study, now) for each in rounds if can_be_played(each.game, study)]
        return any(advanced)

    def advance(self, found: Round, study: Study, now: datetime) -> bool:
        """Make the next pairs for one dialogue; begin its next round if that is due."""
        if found.left > 0:
            return self.make_pairs(found, study, now)
        if found.begun_at is None:
            # Set up just now: an admin has an interval's time to think better of it.
            self.waiting.begin(found, now, 0)
            return False
        is_night = found.daytime and not study.rules.developer and is_quiet(now, STUDY_ITSELF, study.rules)
        if is_night or now < found.begun_at + timedelta(seconds=found.interval):
            return False
        left = pairs_to_make(self.waiting.people(found.game), found.percent)
        if not self.waiting.begin(found, now, left) or left == 0:
            return False
        return self.make_pairs(replace(found, number=found.number + 1, begun_at=now, left=left), study, now)

    def make_pairs(self, current: Round, study: Study, now: datetime) -> bool:
        """Ask some people; when nobody is left who can be asked now, the round is over."""
        people, left = list(self.people_to_ask(current, study, now)), current.left
        for first, second in zip(people[::2], people[1::2], strict=False):
            self.pair(current, first, second)
            left -= 1
            self.waiting.note(current, left)
        if left == current.left:
            self.waiting.note(current, 0)
            return False
        log.info("%s: %d pairs are asked, %d to follow.", current.game, current.left - left, left)
        return left > 0

    def people_to_ask(self, current: Round, study: Study, now: datetime) -> Iterator[Participant]:
        """Yield people who wait and can be asked now, two for each pair."""
        wanted = 2 * min(current.left, PAIRS_AT_ONCE)
        for after in range(0, MOST_LOOKED_AT, PEOPLE_AT_ONCE):
            names = self.waiting.next(current.game, now, after, PEOPLE_AT_ONCE)
            loaded = self.conversation.participants.load(names)
            for who in names:
                if wanted and who in loaded and may_be_asked(loaded[who], current.game, now, study):
                    wanted -= 1
                    yield loaded[who]
            if not wanted or len(names) < PEOPLE_AT_ONCE:
                return

    def pair(self, current: Round, first: Participant, second: Participant) -> None:
        """Set the second aside, then ask the first. Both are told under an id that says nothing new a second time."""
        name = pair_name(first.id, second.id, current.game, f"round {current.number}")
        aside, question = proposal(name, current.game, first.id, second.id)
        self.conversation.handle([Happened(second.id, (FromPartner(aside),))])
        self.conversation.handle([Happened(first.id, (FromPartner(question),))])


def can_be_played(game: str, study: Study) -> bool:
    """Tell whether people can be asked to play this dialogue."""
    dialogue = study.dialogues.get(game)
    return dialogue is not None and dialogue.is_for_two and invitation_in(study) is not None
