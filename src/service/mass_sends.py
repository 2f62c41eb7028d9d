# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass sends: a loop of its own that hands out the next people, a small window ahead of the senders.

The job's document says how far it has come, each participant's receipt whether it has come to them. So a process that
is killed goes on where it was, nobody gets anything twice, and a cancelled job has little to take back.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from src.engine.effects import EditText, Send, Sendable
from src.engine.events import MassDialogue, MassText, Told, Withdrawn
from src.engine.state import Outcome, Participant
from src.engine.timing import is_quiet
from src.errors import BotError
from src.frozen import replace
from src.identities import Pseudonym
from src.service.admin_ports import Audit, Job, Jobs, JobState, Recipients
from src.service.admin_texts import cancel, progress
from src.service.conversation import Conversation, Happened
from src.service.ports import Clock

log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds between two looks at what has gone out."""

IN_FLIGHT = 1.0
"""Seconds after which what was on its way to Telegram at a cancel has been noted as sent."""

LONGEST = timedelta(days=1)
"""So long somebody who is busy or asleep is asked again."""

ASK_AGAIN = timedelta(minutes=5)
TELL_EVERY = timedelta(seconds=5)
SMALLEST_WINDOW = 10
WINDOW_WITHOUT_LIMIT = 100


class MassSends:
    """Carries out one mass send after the other. One thread calls `one_pass`."""

    def __init__(
        self,
        jobs: Jobs,
        recipients: Recipients,
        conversation: Conversation,
        clock: Clock,
        audit: Audit,
        per_second: float,
        stop: threading.Event,
        write_notes: Callable[[Collection[Pseudonym]], None],
    ) -> None:
        self.jobs = jobs
        self.recipients = recipients
        self.conversation = conversation
        self.clock = clock
        self.audit = audit
        self.window = max(SMALLEST_WINDOW, int(per_second)) if per_second else WINDOW_WITHOUT_LIMIT
        self.stop = stop
        self.write_notes = write_notes
        self.job: Job | None = None
        self.out: set[Pseudonym] = set()
        self.counts: Counter[str] = Counter()
        self.told_at: datetime | None = None

    def one_pass(self) -> bool:
        """Do the next piece of the oldest mass send; False if there is nothing to be done now. Raises DatabaseAway."""
        found = self.jobs.running()
        if found is None:
            self.job = None
            return False
        job = self.taken_up(found)
        job = self.settled(job)
        if job.state is JobState.CANCELLING:
            return self.take_back(job)
        if self.rests(job):
            self.tell(job)
            return False
        self.hand_out(job)
        self.stop.wait(PAUSE)
        return True

    def taken_up(self, found: Job) -> Job:
        """Return the job as it is now; one that we have not had in hand is counted once, as after a restart."""
        if self.job is None or self.job.id != found.id:
            self.out = self.recipients.queued(found)
            self.counts = Counter(self.recipients.tally(found))
            self.counts.pop(Outcome.QUEUED, None)
            # Who was handed the job just before a crash, and was busy, is in no count: there is one more round then.
            unknown = 1 if found.game and found.after and not found.waiting else 0
            self.job = replace(found, waiting=found.waiting + unknown)
            self.told_at = None
        self.job = replace(self.job, state=found.state, message_id=found.message_id)
        return self.job

    def settled(self, job: Job) -> Job:
        """Take those off the window whose message has gone out, or never will."""
        outcomes = self.recipients.outcomes(job, self.out)
        self.out = {who for who, outcome in outcomes.items() if outcome is Outcome.QUEUED}
        self.counts.update(each.value for each in outcomes.values() if each not in (None, Outcome.QUEUED))
        waiting = job.waiting + sum(1 for each in outcomes.values() if each is None)
        self.job = replace(job, waiting=waiting, counts=dict(self.counts))
        return self.job

    def rests(self, job: Job) -> bool:
        """Tell whether nothing is begun now: it is night, or those who are busy are asked again later."""
        now = self.clock.now()
        if job.again_at is not None and now < job.again_at and not self.out:
            return True
        nobody = Participant(job.by, self.conversation.rules.default_language)
        return bool(job.game) and is_quiet(now, nobody, self.conversation.rules)

    def hand_out(self, job: Job) -> None:
        """Bring the job to the next people; at the end of a round see whether another one is needed."""
        if job.again_at is not None:
            # A new round: until now the admin has read how many wait for it.
            self.job = job = replace(job, waiting=0, again_at=None)
        room = self.window - len(self.out)
        people = self.recipients.next(job, job.after, room) if room > 0 else []
        event = MassDialogue(job.key, job.game, self.is_last(job)) if job.game else MassText(job.key, job.texts)
        self.conversation.handle([Happened(who, (event,)) for who in people])
        self.out.update(people)
        if people:
            self.noted(replace(job, after=people[-1]))
        elif not self.out:
            self.end_round(job)
            return
        self.tell(job)

    def end_round(self, job: Job) -> None:
        """End the job, or begin anew with those who were busy or asleep."""
        if not job.waiting or self.is_last(job):
            self.finish(job, JobState.DONE)
            return
        self.tell(job)
        self.noted(replace(job, after="", again_at=self.clock.now() + ASK_AGAIN))

    def is_last(self, job: Job) -> bool:
        """Tell whether the job has been going on for so long that nobody is asked again."""
        return job.started_at is not None and self.clock.now() - job.started_at >= LONGEST

    def take_back(self, job: Job) -> bool:
        """Take back what has not gone out, and end. What was delivered a moment ago is noted first."""
        self.write_notes(self.out)
        self.conversation.handle([Happened(who, (Withdrawn(job.key),)) for who in sorted(self.out)])
        job = self.settled(job)
        self.stop.wait(IN_FLIGHT)
        if not self.out:
            self.finish(job, JobState.CANCELLED)
        return True

    def finish(self, job: Job, state: JobState) -> None:
        """Count everybody once more, write the end down, and report to the admin."""
        counts = Counter(self.recipients.tally(job))
        counts[Outcome.FAILED.value] += job.waiting if state is JobState.DONE else 0
        ended = replace(job, state=state, counts=dict(counts), waiting=0)
        now = self.clock.now()
        if not self.jobs.move(job, state, counts=dict(counts), waiting=0, after="", ended_at=now):
            return  # it was cancelled just now; the next look sees that
        self.job = None
        log.info("Mass send %s: %s, %s", job.id, state.value, dict(counts))
        self.audit(job.by, f"{job.name}, number {job.id}, {state.value}", dict(counts), now)
        shown: tuple[Sendable, ...] = (EditText(job.message_id, progress(ended)),) if job.message_id else ()
        self.say(job, *shown, Send(progress(ended)))

    def noted(self, job: Job) -> None:
        """Write down how far the job has come."""
        self.jobs.note(job, after=job.after, waiting=job.waiting, again_at=job.again_at, counts=dict(self.counts))
        self.job = job

    def tell(self, job: Job) -> None:
        """Show the admin now and then how far it is, in the one message."""
        now = self.clock.now()
        if job.message_id is None or (self.told_at is not None and now - self.told_at < TELL_EVERY):
            return
        self.told_at = now
        self.say(job, EditText(job.message_id, progress(job, self.words(job)), cancel(job)))

    def words(self, job: Job) -> str:
        """Return what the job does now."""
        return "pauses until there is something to be done" if self.rests(job) else ""

    def say(self, job: Job, *what: Sendable) -> None:
        """Say something to the admin; the job does not depend on it."""
        try:
            self.conversation.handle([Happened(job.by, (Told(what),))])
        except BotError as trouble:
            log.warning("The progress of a mass send could not be shown: %s", trouble)
