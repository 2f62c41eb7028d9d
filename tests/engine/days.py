# SPDX-License-Identifier: GPL-3.0-or-later
"""People whose days are watched: what the bot wrote at which moment, and what their own clocks showed then.

Clocks are read here in a way of their own, so that a mistake in the engine's reckoning does not excuse itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from src.dialogues.model import Dialogue
from src.engine.effects import Send
from src.engine.state import Participant
from tests.engine.samples import buttons, dialogue, enrol, na, sa
from tests.fakes.world import World

ZONES = (
    "Europe/Madrid",
    "Europe/London",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/St_Johns",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "Atlantic/Azores",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)
"""Changes at midnight, at two and three, of half an hour and of two hours; east and west of the date line; none."""

PARTS = {"Ma": (time(7), time(12)), "MD": (time(12), time(16)), "Ta": (time(16), time(21))}


def changes_of(zone: ZoneInfo, year: int = 2026) -> list[datetime]:
    """Return the moments (UTC) at which the zone's clock is changed in that year, to the minute."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=number) for number in range(365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    pairs = zip(hours[1:], offsets, offsets[1:], strict=False)
    return [hour for hour, before, after in pairs if before != after]


def story(name: str) -> Dialogue:
    """Return a story with one question."""
    asked = sa(f"{name}?", buttons("said", "yes", "no"), "end")
    return dialogue({"ask": asked, "end": na(f"{name}.")}, name, title="compartir_vivencias")


@dataclass(frozen=True)
class Written:
    """A message of a dialogue, with the moment at which it was sent."""

    at: datetime
    person: int
    dialogue: str
    message: str
    run: str


@dataclass
class Days:
    """A world that is watched. `answers_after` tells how long a person thinks about the n-th story; None: for ever."""

    world: World
    answers_after: Callable[[int, int], timedelta | None]
    written: list[Written] = field(default_factory=list)
    plans: dict[int, datetime] = field(default_factory=dict)
    answered: dict[tuple[int, str], datetime] = field(default_factory=dict)

    def enrol(self, person: int, **changed: object) -> None:
        """Put somebody into the study."""
        enrol(self.world, person, **changed)

    def lasts(self, **how_long: float) -> None:
        """Let time pass; people answer when they have thought long enough."""
        end = self.world.clock.now() + timedelta(**how_long)
        while (moment := self.next_moment(end)) is not None:
            self.world.clock.time = max(moment, self.world.clock.now())
            self.happens()
        self.world.clock.time = end

    def is_away(self, **how_long: float) -> None:
        """Let time pass in which the bot does not run, and start it again; nobody answers in between."""
        self.world.clock.pass_by(**how_long)
        self.plans = {person: max(due, self.world.clock.now()) for person, due in self.plans.items()}
        self.world.restart()

    def next_moment(self, end: datetime) -> datetime | None:
        """Return when something is to happen next, if that is before the end."""
        planned = [due for _, due in self.world.participants.due(end, 10_000)]
        return min([*planned, *(due for due in self.plans.values() if due <= end)], default=None)

    def happens(self) -> None:
        """Do what is due now, the bot first."""
        self.bot_works()
        for person in [who for who, due in self.plans.items() if due <= self.world.clock.now()]:
            del self.plans[person]
            self.answered[person, self.dialogue_of(person)] = self.world.clock.now()
            self.world.presses(person, "yes")
            self.bot_works()

    def bot_works(self) -> None:
        """Let the bot work, and write down what it sends."""
        before = len(self.world.telegram.sent)
        self.world.work()
        for sent in self.world.telegram.sent[before:]:
            if isinstance(sent.what, Send) and sent.what.run and sent.what.message:
                name = sent.what.text.rstrip("?.")
                self.note(Written(self.world.clock.now(), sent.to, name, sent.what.message, sent.what.run))

    def note(self, written: Written) -> None:
        """Write a message down; a question that is new to a person makes them think."""
        is_new = written.message == "ask" and written.run not in {each.run for each in self.written}
        self.written.append(written)
        thinks = self.answers_after(written.person, int(written.dialogue[1:])) if is_new else None
        if thinks is not None:
            self.plans[written.person] = written.at + thinks

    def dialogue_of(self, person: int) -> str:
        """Return the dialogue that a person is in."""
        run = self.world.participant(person).run
        assert run is not None
        return run.dialogue

    def begun(self, person: int) -> list[Written]:
        """Return the first message of each dialogue that came to a person."""
        first: dict[str, Written] = {}
        for each in self.of(person):
            first.setdefault(each.run, each)
        return list(first.values())

    def reminders(self, person: int) -> Iterator[Written]:
        """Yield every question that came once more."""
        seen: set[str] = set()
        for each in self.of(person):
            if each.message == "ask" and each.run in seen:
                yield each
            seen.add(each.run)

    def of(self, person: int) -> Sequence[Written]:
        """Return all that was written to a person."""
        return [each for each in self.written if each.person == person]


def clock_of(moment: datetime, zone: ZoneInfo, shift: timedelta) -> time:
    """Return what the clock of somebody shows who lives so far from the study's clock."""
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return (moment + offset + shift).time()


def is_night(moment: datetime, zone: ZoneInfo, shift: timedelta) -> bool:
    """Tell whether it is past nine in the evening or not yet seven there."""
    return not time(7) <= clock_of(moment, zone, shift) < time(21)


def in_part(moment: datetime, who: Participant, zone: ZoneInfo) -> bool:
    """Tell whether the moment lies in the part of the day that the participant chose."""
    begin, end = PARTS.get(who.part_of_day, (time(0), time.max))
    return begin <= clock_of(moment, zone, timedelta(seconds=who.timeshift)) < end


def within(world: World, zone: ZoneInfo, **rules: object) -> World:
    """Return the world of a study that lives in this zone."""
    study = replace(world.study, rules=replace(world.study.rules, timezone=zone, **rules))  # type: ignore[arg-type]
    return World(study, world.clock)
