# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains one person's chronicle by the rules of the product, event by event, and says what must be stored afterwards.

Nothing of the engine is used here: the rules are written down a second time, plainly, from what people are promised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from src.engine.effects import Send
from tests.service.chronicle import Done, Sent
from tests.service.habits import LEAVE, PAUSE, RESUME, Deed
from tests.service.script_of_study import ENDED, Meant, Script, resolved

WEEK, DAY, QUARTER = timedelta(days=7), timedelta(days=1), timedelta(minutes=15)
PARTS = {"Ma": (time(7), time(12)), "MD": (time(12), time(16)), "Ta": (time(16), time(21)), "TD": (time(0), time.max)}
SETTINGS = {"/freq": "frequencia_relats", "/lang": "lang", "/world": "world", "/dia": "hour", "/sociodem": "sociodem"}
NEVER_DONE = {"lang", "hour", "frequencia_relats", "world", "pause", "resume"}
NO_PLACE = {"pause", "resume", "unsubscribe"}
FIELDS = {"language": "language", "freq": "freq", "horari_relats": "part"}


class Unexplained(AssertionError):
    """Something happened that the rules do not explain. It names the rule, the moment and the person's number."""


@dataclass
class Running:
    """A dialogue in progress, as the person sees it."""

    dialogue: str
    at: str
    started: datetime
    id: str | None = None
    answers: list[tuple[str, str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    question: int | None = None
    remind_at: datetime | None = None
    reminded: int = 0

    def values(self) -> dict[str, str]:
        """Return the newest answer of each name."""
        return {name: value for _, name, value in self.answers}


@dataclass(frozen=True)
class Ended:
    """A dialogue as it must stand in the history."""

    run: str | None
    dialogue: str
    answers: tuple[tuple[str, str, str], ...]
    whole: bool
    why: str | None
    at: datetime


@dataclass
class Explained:
    """What must be true of one person after the events so far. `expected` messages must come before anything else."""

    number: int
    language: str
    script: Script
    zone: ZoneInfo
    status: str = "new"
    reachable: bool = True
    run: Running | None = None
    kept: tuple[Running, datetime, str, list[str]] | None = None
    done: list[str] = field(default_factory=list)
    points: float = 0.0
    freq: str = "24"
    rhythm: timedelta = DAY
    part: str = "TD"
    shift: timedelta = timedelta(0)
    due: datetime | None = None
    story_ended: datetime | None = None
    free_since: datetime | None = None
    is_moved: bool = False
    expected: list[str] = field(default_factory=list)
    phrases: int = 0
    ended: list[Ended] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)

    # --- what happens ---

    def explain(self, event: Done | Sent) -> None:
        """Explain one event. Raises Unexplained."""
        self.passes(event.at)
        if isinstance(event, Done):
            self.acts(event)
        elif event.message_id is None:
            self.refused(event)
        else:
            assert isinstance(event.what, Send)
            self.sent(event.at, event.what, event.message_id)

    def passes(self, now: datetime) -> None:
        """Let time pass: nothing that was to come meanwhile may be missing."""
        if self.kept and now - self.kept[1] >= WEEK:
            self.give_up(self.kept[1] + WEEK)
        if self.run and self.run.remind_at and self.run.remind_at < now:
            raise self.fault("a reminder is missing", self.run.remind_at)
        planned = self.next_at()
        if planned is not None and planned < now and not self.is_moved:
            raise self.fault("a dialogue is missing", planned)

    def acts(self, event: Done) -> None:
        """Explain what follows from something that the person did."""
        if self.expected or self.phrases:
            raise self.fault(f"something was not said: {self.expected}", event.at)
        if event.act.deed is Deed.BLOCK:
            self.stops(event.at, [])
        elif event.act.deed is Deed.UNBLOCK:
            self.reachable = True
        elif event.act.deed is Deed.PRESS:
            self.reachable = True
            self.presses(event)
        elif event.act.deed is Deed.TEXT:
            self.reachable = True
            self.types(event.at, event.act.text)

    def refused(self, event: Sent) -> None:
        """Explain an attempt to write to somebody who had blocked the bot: the first one is the last."""
        if isinstance(event.what, Send):
            self.is_next(event.at, event.what)
        elif self.run and event.at == self.run.remind_at and not self.expected:
            self.expected = [self.run.at]
        else:
            raise self.fault("why was that sent?", event.at)
        unsent, self.expected = [each for each in self.expected if each != ENDED], []
        self.stops(event.at, unsent)

    def sent(self, now: datetime, what: Send, message_id: int) -> None:
        """Explain a message."""
        if what.run is None:
            if not self.phrases:
                raise self.fault("an uncalled-for phrase", now)
            self.phrases -= 1
            return
        self.is_next(now, what)
        self.expected.pop(0)
        assert self.run is not None
        if what.asks != self.script.asks(self.run.dialogue, self.run.at):
            raise self.fault("a question is none, or the other way round", now)
        self.has_words(now, what)
        if what.asks:
            self.run.question = message_id
            self.run.remind_at = self.reminder_after(now, self.run.reminded)
        self.comes_to_the_end(now)

    def is_next(self, now: datetime, what: Send) -> None:
        """Hold a message against what has to come now; nothing expected: it comes by itself."""
        if not self.expected:
            self.comes_by_itself(now)
        run = self.run
        if run is None or not self.expected or self.expected[0] != what.message:
            raise self.fault(f"{what.message} instead of {self.expected[:1]}", now)
        if run.id is None:
            if what.run in self.runs:
                raise self.fault("a new dialogue has the id of an old one", now)
            run.id = str(what.run)
            self.runs.add(run.id)
        if run.id != what.run:
            raise self.fault("a message of another dialogue", now)
        self.is_at(run, what.message)

    def is_at(self, run: Running, message: str) -> None:
        """Note where the dialogue stands, and what that message does at its end."""
        action = self.script.message(run.dialogue, message).get("action")
        if action and (run.at != message or action not in run.actions):
            run.actions.append(action)
        run.at = message

    def has_words(self, now: datetime, what: Send) -> None:
        """Hold the language of a message against the person's."""
        assert self.run is not None
        text = self.script.message(self.run.dialogue, self.run.at)["text"]
        own = text[self.language] if isinstance(text, dict) else text
        if "{" not in own and own != what.text:
            raise self.fault("another text, or another language", now)

    def comes_by_itself(self, now: datetime) -> None:
        """Explain a message that nobody asked for: a reminder, or the next dialogue of the sequence."""
        if self.run is not None:
            if self.run.remind_at != now or self.is_night(now):
                raise self.fault(f"no reminder is due before {self.run.remind_at}", now)
            self.run.reminded += 1
            self.expected = [self.run.at]
            return
        planned = self.next_at()
        following = self.next_dialogue()
        if planned is None or following is None:
            raise self.fault("no dialogue is to come", now)
        if self.is_night(now) or (planned != now and not (self.is_moved and planned < now < planned + 2 * DAY)):
            raise self.fault(f"a dialogue that is due at {planned}", now)
        self.begin(following, now)

    # --- what people do ---

    def presses(self, event: Done) -> None:
        """A press counts on the open question alone."""
        run = self.run
        if run is None or run.question != event.act.message_id:
            return
        meant = self.script.pressed(run.dialogue, run.at, event.act.text)
        if meant is None:
            raise self.fault("a button that the message does not have", event.at)
        if self.status in ("active", "paused"):
            self.texts.append(event.act.text)
        self.answers(meant, event.at)

    def types(self, now: datetime, text: str) -> None:
        """A text is a command, an answer, or something to react kindly to."""
        word = text.casefold().lstrip("/")
        if self.status == "left" and text != "/start":
            return
        if self.status in ("active", "paused"):
            self.texts.append(text)
        if self.status == "new":
            self.starts(now)
        elif word in {each.casefold().lstrip("/") for each in LEAVE.values()}:
            self.interrupts("unsubscribe", now)
        elif word in {each.casefold().lstrip("/") for each in PAUSE.values()}:
            self.pauses(now)
        elif word in {each.casefold().lstrip("/") for each in RESUME.values()} or text == "/start":
            self.starts(now)
        elif text in SETTINGS:
            self.sets(SETTINGS[text], now)
        else:
            self.says(now, text)

    def says(self, now: datetime, text: str) -> None:
        """A text that is no command is an answer where one is expected."""
        meant = self.script.typed(self.run.dialogue, self.run.at, text) if self.run and text != "/help" else None
        if meant is None:
            self.phrases = 1
        else:
            self.answers(meant, now)

    def starts(self, now: datetime) -> None:
        """/start, and the word for going on: welcome, back from a pause, the open question again, or a phrase."""
        if self.status == "paused":
            self.status, self.free_since = "active", now
            self.interrupts("resume", now)
        elif self.run is not None:
            self.asks_again()
        elif self.status == "active":
            self.phrases = 1
        else:
            self.status = "start"
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
            self.status = "paused"
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
        self.reachable = False

    # --- dialogues ---

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
        run.question, run.remind_at, run.reminded = None, None, 0
        if meant.is_saved:
            self.saves(run.dialogue, message, meant.value, now)
        self.expected = self.script.burst(run.dialogue, resolved(meant.following, run.values()), run.values())
        self.comes_to_the_end(now)

    def saves(self, dialogue: str, message: Any, value: str, now: datetime) -> None:
        """What people choose for themselves counts from now on."""
        if dialogue == "world" and message.get("input"):
            hours, minutes = value.split(":")
            clock = now.astimezone(self.zone).replace(tzinfo=None)
            typed = clock.replace(hour=int(hours), minute=int(minutes), second=0, microsecond=0)
            apart = (typed - clock + DAY / 2) % DAY - DAY / 2
            self.shift = round(apart / QUARTER) * QUARTER
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
        self.ended.append(Ended(run.id, run.dialogue, tuple(run.answers), whole=True, why=None, at=now))
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
            self.status, self.due = "left", None
        elif action == "take_break" and self.status == "active":
            self.status = "paused"
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
        self.kept, self.run = (run, now, why, unsent), None

    def closes(self, now: datetime) -> None:
        """The running dialogue ends where it is; its answers stay."""
        if self.run is not None:
            run, self.run = self.run, None
            self.ended.append(Ended(run.id, run.dialogue, tuple(run.answers), whole=False, why=None, at=now))

    def comes_back(self, now: datetime) -> None:
        """Nothing else is running: back to the place that was kept."""
        if self.kept is None or self.status == "paused":
            return
        if self.status == "left":
            self.give_up(now)
            return
        self.run, _, _, unsent = self.kept
        self.kept = None
        self.run.question, self.run.remind_at, self.run.reminded = None, None, 0
        self.expected = unsent or [self.run.at]

    def give_up(self, now: datetime) -> None:
        """A place that was kept for a week is given up, and marked so."""
        assert self.kept is not None
        run, _, why, _ = self.kept
        self.kept = None
        self.ended.append(Ended(run.id, run.dialogue, tuple(run.answers), whole=False, why=why, at=now))

    # --- when ---

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
        return self.first(moment, part)

    def reminder_after(self, asked: datetime, reminded: int) -> datetime | None:
        """Return when a question that was asked just now has to be brought again."""
        if self.status != "active" or reminded > 1:
            return None
        return self.first(asked + (DAY, WEEK)[reminded], "TD")

    def first(self, moment: datetime, part: str) -> datetime:
        """Return the first moment by day, and in this part of it; all clocks differ by quarters of an hour."""
        while self.is_night(moment) or not PARTS[part][0] <= self.clock(moment) < PARTS[part][1]:
            moment = datetime.fromtimestamp((moment.timestamp() // 900 + 1) * 900, moment.tzinfo)
        return moment

    def is_night(self, moment: datetime) -> bool:
        """Tell whether nobody may be written to."""
        return not time(7) <= self.clock(moment) < time(21)

    def clock(self, moment: datetime) -> time:
        """Return what the person's clock shows."""
        offset = moment.astimezone(self.zone).utcoffset()
        assert offset is not None
        return (moment + offset + self.shift).time()

    def fault(self, what: str, at: datetime) -> Unexplained:
        """Return what is to be raised."""
        running = f"{self.run.dialogue}, {self.run.at}" if self.run else "no dialogue"
        return Unexplained(f"person {self.number}, {at:%d %B %H:%M:%S}, {self.status}, {running}: {what}")
