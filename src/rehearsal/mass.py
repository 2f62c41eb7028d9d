# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass sends of a rehearsal: the real loop that hands them out, with its jobs and recipients in memory."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from src.engine.mass import receipt_of, wants_none
from src.engine.state import Outcome
from src.frozen import replace
from src.identities import Pseudonym
from src.rehearsal.habits import MassSend
from src.rehearsal.plan import Plan
from src.rehearsal.world import JumpingClock, Memory
from src.service.admin_ports import Group, Job, JobState
from src.service.conversation import Conversation
from src.service.delivery import Delivery
from src.service.mass_sends import PAUSE, MassSends

ADMIN = Pseudonym("f" * 32)
LINE = "This text goes to everybody. "


@dataclass
class JobsInMemory:
    """The mass sends, by number."""

    jobs: dict[int, Job] = field(default_factory=dict)

    def new(self, by: Pseudonym, game: str, texts: Mapping[str, str], now: datetime) -> Job:
        """Note a mass send."""
        job = Job(len(self.jobs) + 1, by, JobState.SHOWN, now, game, texts)
        self.jobs[job.id] = job
        return job

    def get(self, number: int) -> Job | None:
        """Return one."""
        return self.jobs.get(number)

    def newest(self, limit: int) -> list[Job]:
        """Return the newest ones, newest first."""
        return list(reversed(self.jobs.values()))[:limit]

    def running(self) -> Job | None:
        """Return the oldest that is running."""
        return next((each for each in self.jobs.values() if each.state is JobState.RUNNING), None)

    def move(self, job: Job, state: JobState, **changed: object) -> bool:
        """Change the state."""
        self.jobs[job.id] = replace(self.jobs[job.id], state=state, **changed)  # type: ignore[arg-type]
        return True

    def note(self, job: Job, **changed: object) -> None:
        """Note how far a mass send has come."""
        self.jobs[job.id] = replace(self.jobs[job.id], **changed)  # type: ignore[arg-type]


@dataclass
class RecipientsInMemory:
    """Whom mass sends reach: those in memory."""

    memory: Memory

    def groups(self, game: str = "") -> list[Group]:  # noqa: ARG002
        """Return nothing: nobody asks before it is sent."""
        return []

    def next(self, job: Job, after: str, limit: int) -> list[Pseudonym]:
        """Return the next people to whom the job has not come, in the order of their pseudonyms."""
        names = sorted(self.memory.people)
        wanted = (
            each
            for each in names[bisect_right(names, after) :]
            if not wants_none(self.memory.people[each]) and receipt_of(self.memory.people[each], job.key) is None
        )
        return [each for each, _ in zip(wanted, range(limit), strict=False)]

    def outcomes(self, job: Job, people: Collection[Pseudonym]) -> dict[Pseudonym, Outcome | None]:
        """Return the receipts."""
        found = {who: receipt_of(self.memory.people[who], job.key) for who in people if who in self.memory.people}
        return {who: receipt.outcome if receipt else None for who, receipt in found.items()}

    def queued(self, job: Job) -> set[Pseudonym]:
        """Return those in whose outbox the job's message lies."""
        found = self.outcomes(job, list(self.memory.people))
        return {who for who, outcome in found.items() if outcome is Outcome.QUEUED}

    def tally(self, job: Job) -> dict[str, int]:
        """Count the receipts by outcome."""
        return dict(Counter(each.value for each in self.outcomes(job, list(self.memory.people)).values() if each))


class Broadcasts:
    """Begins each mass send at its time, and goes on with it until its end."""

    def __init__(
        self,
        plan: Plan,
        memory: Memory,
        conversation: Conversation,
        delivery: Delivery,
        clock: JumpingClock,
        ended: Callable[[Job, datetime], None],
    ) -> None:
        self.clock = clock
        self.ended = ended
        self.jobs = JobsInMemory()
        self.languages = plan.study.rules.languages
        self.ahead = sorted((moment_of(each, plan), each.characters) for each in plan.habits.mass_sends)
        self.again_at: datetime | None = None
        at_once = threading.Event()
        at_once.set()  # between two looks the clock jumps; nobody sleeps
        recipients = RecipientsInMemory(memory)
        rate = plan.per_second / plan.lanes
        self.sends = MassSends(
            self.jobs,
            recipients,
            conversation,
            clock,
            no_audit,
            rate,
            at_once,
            lambda people: delivery.write_notes(conversation, people),
        )

    def next_due(self) -> datetime | None:
        """Return when there is something to be done."""
        return self.again_at or (self.ahead[0][0] if self.ahead else None)

    def work(self) -> None:
        """Do what is due by now."""
        now = self.clock.now()
        due = self.next_due()
        if due is None or due > now:
            return
        if self.again_at is None:
            self.begin(self.ahead.pop(0)[1], now)
        running = self.jobs.running()
        self.sends.one_pass()
        self.again_at = now + timedelta(seconds=PAUSE)
        if running is not None and self.jobs.jobs[running.id].state is not JobState.RUNNING:
            self.again_at = None
            self.ended(self.jobs.jobs[running.id], now)

    def begin(self, characters: int, now: datetime) -> None:
        """Begin a mass send."""
        text = (LINE * (characters // len(LINE) + 1))[:characters]
        job = self.jobs.new(ADMIN, "", dict.fromkeys(self.languages, text), now)
        self.jobs.move(job, JobState.RUNNING, started_at=now)


def moment_of(sending: MassSend, plan: Plan) -> datetime:
    """Return when a mass send begins."""
    shown = datetime.combine(plan.habits.begins + timedelta(days=sending.day - 1), sending.at)
    return shown.replace(tzinfo=plan.study.rules.timezone).astimezone(plan.begin.tzinfo)


def no_audit(who: str, what: str, result: Mapping[str, object], now: datetime) -> None:
    """Write nothing down: nobody real has done anything."""
