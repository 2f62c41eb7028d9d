# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred people, sixty days, seven kinds of habits: every history is explained by the rules, event by event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from src.paths import DIALOGUES, SEQUENCE
from tests.fakes.ports import FakeClock
from tests.fakes.world import RULES, World, our_study
from tests.service.chronicle import SimulatedStudy
from tests.service.explained import Explained
from tests.service.script_of_study import Script

PEOPLE = 200
DAYS = 60
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""The clock of Madrid is changed on the 29th of that month."""


def simulated() -> SimulatedStudy:
    """Return the study at its end."""
    rules = replace(RULES, reminder_hours=24.0, pause_scale=0.0)
    played = SimulatedStudy(World(our_study(rules), FakeClock(BEGIN)))
    played.enrol(PEOPLE)
    played.lasts(DAYS)
    return played


def test_it_runs() -> None:
    played = simulated()
    print(sum(len(each) for each in played.chronicle.values()))
    script = Script.from_files(DIALOGUES, SEQUENCE)
    faults = []
    for number, events in played.chronicle.items():
        one = Explained(number, played.people[number].language, script, RULES.timezone)
        try:
            for event in events:
                one.explain(event)
            one.passes(played.world.clock.now())
        except AssertionError as e:
            faults.append(str(e))
    print(len(faults))
    print("\n".join(faults[:25]))
    assert not faults
