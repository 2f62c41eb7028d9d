# SPDX-License-Identifier: GPL-3.0-or-later
"""Where one person stands by the rules: the dialogue they are in, the place that is kept, what is due and when.

Nothing of the engine is used here: the rules are written down a second time, plainly, from what people are promised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.service.places import Ended, Kept, OwnClock, Running
from tests.service.script_of_study import ENDED, Meant, Script, resolved

WEEK, DAY, QUARTER = timedelta(days=7), timedelta(days=1), timedelta(minutes=15)
NEVER_DONE = {"lang", "hour", "frequencia_relats", "world", "pause", "resume"}
NO_PLACE = {"pause", "resume", "unsubscribe"}
FIELDS = {"language": "language", "freq": "freq", "horari_relats": "part"}


@dataclass
class Standing:
    """Where somebody stands after what has happened so far. `expected` messages must come before anything else."""

    language: str
    script: Script
    clock: OwnClock
    status: str = "new"
    reachable: bool = True
    away: str = ""
    run: Running | None = None
    kept: Kept | None = None
    done: list[str] = field(default_factory=list)
    points: float = 0.0
    freq: str = "24"
    rhythm: timedelta = DAY
    part: str = "TD"
    due: datetime | None = None
    story_ended: datetime | None = None
    free_since: datetime | None = None
    is_moved: bool = False
    expected: list[str] = field(default_factory=list)
    phrases: int = 0
    ended: list[Ended] = field(default_factory=list)

    def starts(self, now: datetime) -> None:
        """/start, and the word for going on: welcome, back from a pause, the open question again, or a phrase."""
        if self.status == "paused":
            self.status, self.away, self.free_since = "active", "", now
            self.interrupts("resume", now)
        elif self.run is not None:
            self.asks_again()
        elif self.status == "active":
            self.phrases = 1
        else:
            self.status, self.away = "start", ""
            self.begin("welcome", now)

    def asks_again(self) -> None:
        """The open question is to come once more."""
        assert self.run is not None
        self.run.question, self.run.remind_at = None, None
        self.expected = [self.run.at]

    def sets(self, dialogue: str, now: datetime) -> None:
        """A setting is asked for between dialogues."""
        if self.run is not None or self.status == "start":
            self.phrases = 1
        else:
            self.begin(dialogue, now)

    def pauses(self, now: datetime) -> None:
        """Whoever takes part gets a rest; before the consent there is nothing to pause."""
        if self.status != "active":
            self.closes(now)
        else:
            self.keeps(now, "paused", [])
        if self.status == "start":
            self.phrases = 1
        else:
            self.status, self.away = "paused", "paused"
            self.begin("pause", now)

    def interrupts(self, dialogue: str, now: datetime) -> None:
        """A dialogue comes at once; the place in the running one is kept."""
        if self.run is not None and self.run.dialogue == dialogue:
            self.asks_again()
            return
        self.keeps(now, "interrupted", [])
        self.begin(dialogue, now)

    def stops(self, now: datetime, unsent: list[str]) -> None:
        """The person cannot be reached any more."""
        if self.status == "start":
            self.closes(now)
        else:
            self.keeps(now, "unreachable", unsent)
        self.status = "paused" if self.status == "active" else self.status
        self.reachable, self.away = False, "unreachable"

    def begin(self, dialogue: str, now: datetime) -> None:
        """A dialogue begins with its first burst."""
        first = self.script.first(dialogue)
        self.run = Running(dialogue, first, now)
        self.expected = self.script.burst(dialogue, first, {})

    def answers(self, meant: Meant, now: datetime) -> None:
        """An answer is recorded, saved where the file says so, and leads on."""
        run = self.run
        assert run is not None
        message = self.script.message(run.dialogue, run.at)
        run.answers.append((run.at, meant.name, meant.value))
        run.not_asked_yet()
        if meant.is_saved:
            self.saves(run.dialogue, message, meant.value, now)
        self.expected = self.script.burst(run.dialogue, resolved(meant.following, run.values()), run.values())
        self.comes_to_the_end(now)

    def saves(self, dialogue: str, message: Any, value: str, now: datetime) -> None:
        """What people choose for themselves counts from now on."""
        if dialogue == "world" and message.get("input"):
            hours, minutes = value.split(":")
            clock = now.astimezone(self.clock.zone).replace(tzinfo=None)
            typed = clock.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
            apart = (typed - clock + DAY / 2) % DAY - DAY / 2
            self.clock.shift = round(apart / QUARTER) * QUARTER
            self.is_moved = True
        if message.get("save") in FIELDS and value != "dontsave":
            setattr(self, FIELDS[message["save"]], value)
            self.is_moved = True

    def comes_to_the_end(self, now: datetime) -> None:
        """A dialogue ends with its last message."""
        if self.expected != [ENDED]:
            return
        run, self.run, self.expected = self.run, None, []
        assert run is not None
        self.over(run, now, whole=True)
        self.free_since = now
        self.points += self.script.points(run.dialogue)
        is_new = run.dialogue not in self.done and run.dialogue not in NEVER_DONE and "legal_no" not in run.actions
        if is_new:
            self.done.append(run.dialogue)
        if is_new and run.dialogue in self.script.sequence:
            self.rests_after(run.dialogue, now)
        for action in run.actions:
            self.carries_out(action, now)
        self.comes_back(now)

    def rests_after(self, dialogue: str, now: datetime) -> None:
        """The next dialogue has its time."""
        share = self.script.wait_after(dialogue)
        self.due, self.is_moved = now + share * self.rhythm, False
        if share == 1.0:
            self.story_ended = now

    def carries_out(self, action: str, now: datetime) -> None:
        """What a dialogue does at its end."""
        if action == "legal_yes":
            self.status = "active"
        elif action == "legal_no":
            self.status = "start"
        elif action == "unsubscribe_final":
            self.status, self.away, self.due = "left", "left", None
        elif action == "take_break" and self.status == "active":
            self.status, self.away = "paused", "paused"
        elif action == "update_rhythm":
            self.changes_rhythm(now)

    def changes_rhythm(self, now: datetime) -> None:
        """A rhythm that is running runs anew from the last story's end on."""
        before, self.rhythm = self.rhythm, timedelta(hours=float(self.freq))
        if self.story_ended and self.due and now < self.due == self.story_ended + before:
            self.due = max(self.story_ended + self.rhythm, now)

    def keeps(self, now: datetime, why: str, unsent: list[str]) -> None:
        """The place in the running dialogue is kept; there is one place, and none in some dialogues."""
        run = self.run
        if run is None or self.kept is not None or run.dialogue in NO_PLACE:
            self.closes(now)
            return
        self.kept, self.run = Kept(run, now, why, unsent), None

    def over(self, run: Running, now: datetime, *, whole: bool = False, why: str | None = None) -> None:
        """A dialogue goes to the history."""
        self.ended.append(Ended(run.id, run.dialogue, tuple(run.answers), whole, why, now))

    def closes(self, now: datetime) -> None:
        """The running dialogue ends where it is; its answers stay."""
        if self.run is not None:
            run, self.run = self.run, None
            self.over(run, now)

    def comes_back(self, now: datetime) -> None:
        """Nothing else is running: back to the place that was kept."""
        if self.kept is None or self.status == "paused":
            return
        if self.status == "left":
            self.give_up(now)
            return
        kept, self.kept = self.kept, None
        self.run = kept.run
        self.run.not_asked_yet()
        self.expected = kept.unsent or [self.run.at]

    def give_up(self, now: datetime) -> None:
        """A place that was kept for a week is given up, and marked so."""
        assert self.kept is not None
        kept, self.kept = self.kept, None
        self.over(kept.run, now, why=kept.why)

    def next_dialogue(self) -> str | None:
        """Return the first dialogue of the sequence that is not done."""
        return next((each for each in self.script.sequence if each not in self.done), None)

    def next_at(self) -> datetime | None:
        """Return when the next dialogue has to come; None: none has to."""
        following = self.next_dialogue()
        if self.status != "active" or not self.reachable or self.run or self.expected or following is None:
            return None
        assert self.free_since is not None
        moment = max(self.due or self.free_since, self.free_since)
        part = self.part if self.script.wait_after(following) == 1.0 else "TD"
        return self.clock.first(moment, part)

    def reminder_after(self, asked: datetime, reminded: int) -> datetime | None:
        """Return when a question that was asked just now has to be brought again."""
        if self.status != "active" or reminded > 1:
            return None
        return self.clock.first(asked + (DAY, WEEK)[reminded], "TD")
