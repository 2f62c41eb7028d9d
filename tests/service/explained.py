# SPDX-License-Identifier: GPL-3.0-or-later
"""Explains one person's chronicle by the rules of the product, event by event."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from src.engine.effects import Send
from tests.service.chronicle import Done, Sent
from tests.service.habits import LEAVE, PAUSE, RESUME, Deed
from tests.service.places import Running
from tests.service.script_of_study import ENDED
from tests.service.standing import DAY, WEEK, Standing

SETTINGS = {"/freq": "frequencia_relats", "/lang": "lang", "/world": "world", "/dia": "hour", "/sociodem": "sociodem"}


class Unexplained(AssertionError):
    """Something happened that the rules do not explain: which person, when, where they stood, and what is odd."""


@dataclass
class Explained:
    """One person's events so far, explained; what they wrote is to be kept as `texts`."""

    number: int
    one: Standing
    heard: datetime | None = None
    texts: list[str] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)

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
        if self.one.kept and now - self.one.kept.since >= WEEK:
            self.one.give_up(self.one.kept.since + WEEK)
        if self.one.run and self.one.run.remind_at and self.one.run.remind_at < now:
            raise self.fault("a reminder is missing", self.one.run.remind_at)
        planned = self.one.next_at()
        if planned is not None and planned < now and not self.one.is_moved:
            raise self.fault("a dialogue is missing", planned)

    def acts(self, event: Done) -> None:
        """Explain what follows from something that the person did."""
        if self.one.expected or self.one.phrases:
            raise self.fault(f"something was not said: {self.one.expected}", event.at)
        if event.act.deed is not Deed.BLOCK_UNTOLD:
            self.heard = event.at
        if event.act.deed is Deed.BLOCK:
            self.one.stops(event.at, [])
        elif event.act.deed is Deed.UNBLOCK:
            self.one.reachable = True
        elif event.act.deed is Deed.PRESS:
            self.one.reachable = True
            self.presses(event)
        elif event.act.deed is Deed.TEXT:
            self.one.reachable = True
            self.types(event.at, event.act.text)

    def refused(self, event: Sent) -> None:
        """Explain an attempt to write to somebody who had blocked the bot: the first one is the last."""
        if isinstance(event.what, Send):
            self.is_next(event.at, event.what)
        elif self.one.run and event.at == self.one.run.remind_at and not self.one.expected:
            self.one.expected = [self.one.run.at]
        else:
            raise self.fault("why was that sent?", event.at)
        unsent, self.one.expected = [each for each in self.one.expected if each != ENDED], []
        self.one.stops(event.at, unsent)

    def sent(self, now: datetime, what: Send, message_id: int) -> None:
        """Explain a message."""
        if what.run is None:
            if not self.one.phrases:
                raise self.fault("an uncalled-for phrase", now)
            self.one.phrases -= 1
            return
        self.is_next(now, what)
        self.one.expected.pop(0)
        assert self.one.run is not None
        if what.asks != self.one.script.asks(self.one.run.dialogue, self.one.run.at):
            raise self.fault("a question is none, or the other way round", now)
        self.has_words(now, what)
        if what.asks:
            self.one.run.question = message_id
            self.one.run.remind_at = self.one.reminder_after(now, self.one.run.reminded)
        self.one.comes_to_the_end(now)

    def is_next(self, now: datetime, what: Send) -> None:
        """Hold a message against what has to come now; nothing expected: it comes by itself."""
        if not self.one.expected:
            self.comes_by_itself(now)
        run = self.one.run
        if run is None or not self.one.expected or self.one.expected[0] != what.message:
            raise self.fault(f"{what.message} instead of {self.one.expected[:1]}", now)
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
        action = self.one.script.message(run.dialogue, message).get("action")
        if action and (run.at != message or action not in run.actions):
            run.actions.append(action)
        run.at = message

    def has_words(self, now: datetime, what: Send) -> None:
        """Hold the language of a message against the person's."""
        assert self.one.run is not None
        text = self.one.script.message(self.one.run.dialogue, self.one.run.at)["text"]
        own = text[self.one.language] if isinstance(text, dict) else text
        if "{" not in own and own != what.text:
            raise self.fault("another text, or another language", now)

    def comes_by_itself(self, now: datetime) -> None:
        """Explain a message that nobody asked for: a reminder, or the next dialogue of the sequence."""
        if self.one.run is not None:
            if self.one.run.remind_at != now or self.one.clock.is_night(now):
                raise self.fault(f"no reminder is due before {self.one.run.remind_at}", now)
            self.one.run.reminded, self.one.run.reminded_at = self.one.run.reminded + 1, now
            self.one.expected = [self.one.run.at]
            return
        planned = self.one.next_at()
        following = self.one.next_dialogue()
        if planned is None or following is None:
            raise self.fault("no dialogue is to come", now)
        if self.one.clock.is_night(now) or (
            planned != now and not (self.one.is_moved and planned < now < planned + 2 * DAY)
        ):
            raise self.fault(f"a dialogue that is due at {planned}", now)
        self.one.begin(following, now)

    def presses(self, event: Done) -> None:
        """A press counts on the open question alone."""
        run = self.one.run
        if run is None or run.question != event.act.message_id:
            return
        meant = self.one.script.pressed(run.dialogue, run.at, event.act.text)
        if meant is None:
            raise self.fault("a button that the message does not have", event.at)
        if self.one.status in ("active", "paused"):
            self.texts.append(event.act.text)
        self.one.answers(meant, event.at)

    def types(self, now: datetime, text: str) -> None:
        """A text is a command, an answer, or something to react kindly to."""
        word = text.casefold().lstrip("/")
        if self.one.status == "left" and text != "/start":
            return
        if self.one.status in ("active", "paused"):
            self.texts.append(text)
        if self.one.status == "new":
            self.one.starts(now)
        elif word in {each.casefold().lstrip("/") for each in LEAVE.values()}:
            self.one.interrupts("unsubscribe", now)
        elif word in {each.casefold().lstrip("/") for each in PAUSE.values()}:
            self.one.pauses(now)
        elif word in {each.casefold().lstrip("/") for each in RESUME.values()} or text == "/start":
            self.one.starts(now)
        elif text in SETTINGS:
            self.one.sets(SETTINGS[text], now)
        else:
            self.says(now, text)

    def says(self, now: datetime, text: str) -> None:
        """A text that is no command is an answer where one is expected."""
        meant = (
            self.one.script.typed(self.one.run.dialogue, self.one.run.at, text)
            if self.one.run and text != "/help"
            else None
        )
        if meant is None:
            self.one.phrases = 1
        else:
            self.one.answers(meant, now)

    def absence(self) -> str:
        """Return in which of four ways the person is absent; empty: they are not."""
        if self.one.status == "left":
            return "left"
        if not self.one.reachable:
            return "unreachable"
        if self.one.status == "paused":
            return self.one.away
        reminded = self.one.run.reminded_at if self.one.run else None
        return "silent" if reminded and (self.heard is None or self.heard < reminded) else ""

    def fault(self, what: str, at: datetime) -> Unexplained:
        """Return what is to be raised."""
        running = f"{self.one.run.dialogue}, {self.one.run.at}" if self.one.run else "no dialogue"
        return Unexplained(f"person {self.number}, {at:%d %B %H:%M:%S}, {self.one.status}, {running}: {what}")
