# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches a lane and writes into the ledger what the report tells."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from src.engine.effects import RemoveButtons, Send, Sendable
from src.engine.sequence import NOT_REMEMBERED
from src.engine.state import Absence, Participant, Status
from src.engine.study import Study
from src.engine.timing import own_clock
from src.rehearsal.ledger import MINUTES_OF_A_DAY, Journey, Ledger, Sending, Wall
from src.rehearsal.people import Person
from src.rehearsal.plan import Plan
from src.service.admin_ports import Job
from src.service.ports import Saving

TAG = re.compile(r"<[^>]*>")
THERE = timedelta(minutes=10)
"""Who did something so recently is there; what comes so soon behind another message belongs to the same wall."""


@dataclass
class _Wall:
    """A wall that is being built."""

    begins: tuple[str, str]
    characters: int
    messages: int
    newest: datetime


class Observer:
    """Sees everything that happens in one lane."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.begin = plan.begin
        self.ledger = Ledger(plan.days)
        self.walls: dict[int, _Wall] = {}
        self.heard: dict[int, datetime] = {}
        self.titles = sequence_of(plan.study)

    def enters(self, person: Person) -> None:
        """Make room for somebody."""
        journey = Journey(person.kind.name, person.language)
        journey.daily.frombytes(bytes(2 * self.plan.days))
        self.ledger.journeys[person.number] = journey

    def second(self, now: datetime) -> int:
        """Return the seconds since the beginning."""
        return int((now - self.begin).total_seconds())

    def acts(self, person: Person, now: datetime) -> None:
        """Note that somebody did something."""
        second = self.second(now)
        self.ledger.acts[min(second // 60, len(self.ledger.acts) - 1)] += 1
        self.walls.pop(person.number, None)
        self.heard[person.number] = now
        journey = self.ledger.journeys[person.number]
        if journey.came is None:
            journey.came = second

    def arrives(self, person: Person, participant: Participant | None, what: Sendable, now: datetime) -> None:
        """Note what Telegram took."""
        second = self.second(now)
        self.ledger.minutes[min(second // 60, len(self.ledger.minutes) - 1)] += 1
        if participant is not None:
            self.waited(person, participant, now)
        if isinstance(what, RemoveButtons) or not isinstance(what, Send):
            self.ledger.edits += 1
            return
        self.ledger.journeys[person.number].daily[min(second // (60 * MINUTES_OF_A_DAY), self.plan.days - 1)] += 1
        self.at_night(person, participant, what, now)
        run = participant.run if participant is not None else None
        if run is None or run.id != what.run or what.message is None:
            self.ledger.phrases += 1
            return
        self.ledger.reached[run.dialogue, what.message] += 1
        self.builds(person, run.dialogue, what, now)

    def waited(self, person: Person, participant: Participant, now: datetime) -> None:
        """Note how much later than due this was sent."""
        if participant.outbox_at is None:
            return
        late = max(int((now - participant.outbox_at).total_seconds()), 0)
        self.ledger.waits[late] += 1
        if self.is_there(person, now):
            self.ledger.waits_of_present[late] += 1

    def is_there(self, person: Person, now: datetime) -> bool:
        """Tell whether the person did something a moment ago."""
        heard = self.heard.get(person.number)
        return heard is not None and now - heard < THERE

    def at_night(self, person: Person, participant: Participant | None, what: Send, now: datetime) -> None:
        """Note a message that comes in the quiet hours of the person's own clock."""
        rules = self.plan.study.rules
        if not lies_between(person.own_clock(now).time(), rules.quiet_from, rules.quiet_until):
            return
        if self.is_there(person, now):
            why = "there"
        elif what.job is not None:
            why = "to everybody"
        elif participant is not None and participant.timeshift != person.ahead.total_seconds():
            why = "clock not known"
        else:
            why = "other"
        self.ledger.night[why] += 1

    def builds(self, person: Person, dialogue: str, what: Send, now: datetime) -> None:
        """Note how much a person has to read at one go."""
        characters = len(html.unescape(TAG.sub("", what.text)))
        wall = self.walls.get(person.number)
        if wall is None or now - wall.newest > THERE:
            wall = self.walls[person.number] = _Wall((dialogue, what.message or ""), 0, 0, now)
        wall.characters, wall.messages, wall.newest = wall.characters + characters, wall.messages + 1, now
        last = f"{dialogue}, {what.message}"
        self.ledger.note_wall(wall.begins, Wall(wall.characters, wall.messages, last, person.language))

    def saves(self, saving: Saving) -> None:
        """Note which dialogues began and ended, and who has come to the end."""
        before, after = saving.before, saving.after
        for kept in saving.runs:
            if kept.ended:
                self.ledger.ended[kept.run.dialogue] += 1
        if after.run is not None and (before.run is None or before.run.id != after.run.id):
            self.begins(before, after)
        if after.run is not None and before.run is not None and after.run.reminded > before.run.reminded:
            self.ledger.reminders += 1
        if len(after.done) > len(before.done):
            journey = self.ledger.journeys[int(after.id, 16)]
            if journey.finished is None and not self.titles.difference(after.done):
                journey.finished = self.second(after.heard_at or self.begin)

    def begins(self, before: Participant, after: Participant) -> None:
        """Note that a dialogue began, unless it goes on after an interruption; and whether it waited for the day."""
        run = after.run
        assert run is not None  # the caller has looked
        if before.kept is not None and before.kept.run.id == run.id:
            return
        self.ledger.begun[run.dialogue] += 1
        rules = self.plan.study.rules
        clock = own_clock(run.started_at, after, rules)
        awake = datetime.combine(clock.date(), rules.quiet_until)
        if rules.quiet_from != rules.quiet_until and timedelta() <= clock - awake < timedelta(minutes=1):
            self.ledger.mornings += 1

    def ends_a_week(self, week: int, person: Person, participant: Participant | None) -> None:
        """Note where somebody stands."""
        self.ledger.weeks[week, self.where(person, participant)] += 1

    def where(self, person: Person, participant: Participant | None) -> str:
        """Return where somebody stands, in a few words."""
        if participant is None:
            return "not yet come" if self.ledger.journeys[person.number].came is None else "erased"
        if participant.absence is not Absence.NONE:
            return participant.absence.value
        if participant.status is Status.START:
            return "not agreed"
        return "finished" if not self.titles.difference(participant.done) else "on the way"

    def sending(self, job: Job, now: datetime) -> None:
        """Note what became of a mass send."""
        started = self.second(job.started_at or now)
        self.ledger.sendings[job.id] = Sending(started, self.second(now), int(job.counts.get("sent", 0)))


def sequence_of(study: Study) -> frozenset[str]:
    """Return the dialogues that one has to have done to be at the end."""
    return frozenset(
        name
        for name in study.sequence
        if name in study.dialogues
        and name not in NOT_REMEMBERED
        and not study.dialogues[name].skip
        and not study.dialogues[name].is_for_two
    )


def lies_between(clock: time, from_: time, until: time) -> bool:
    """Tell whether a time of day lies between two others, past midnight too."""
    return from_ <= clock < until if from_ <= until else clock >= from_ or clock < until
