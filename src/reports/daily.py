# SPDX-License-Identifier: GPL-3.0-or-later
"""The daily report: from the numbers to what the team reads."""

from __future__ import annotations

from collections.abc import Sequence

from src.reports import trouble as troubles
from src.reports.about_dialogues import answered_by, drops, open_dialogues
from src.reports.about_people import balance, entry, languages, states, tables
from src.reports.numbers import STARTED, Numbers
from src.reports.parts import Report, Section, Sentences
from src.reports.trouble import Trouble
from src.reports.ways import State
from src.reports.wishes import Wishes
from src.reports.words import moment_in_words, notes


def daily_report(numbers: Numbers, trouble: Trouble, wishes: Wishes) -> Report:
    """Return the daily report."""
    return report("daily", daily_sections(numbers, trouble, wishes), wishes)


def daily_sections(numbers: Numbers, trouble: Trouble, wishes: Wishes) -> list[Section]:
    """Return what stands in the daily report: first whether all is well, then where to look."""
    return [
        at_a_glance(numbers, trouble, wishes),
        states(numbers, wishes),
        entry(numbers, wishes),
        drops(numbers, wishes),
        open_dialogues(numbers, wishes),
        answered_by(numbers, wishes),
        languages(numbers, wishes),
        tables(numbers, wishes),
        balance(numbers, wishes),
        troubles.section(trouble, numbers, wishes),
    ]


def report(title: str, sections: Sequence[Section], wishes: Wishes) -> Report:
    """Return a report with these sections, and how to read it at its end."""
    last = Section(wishes.word("notes"), (Sentences(tuple(notes(wishes.language, wishes.smallest))),))
    as_of = wishes.word("as_of", time=moment_in_words(wishes.now, wishes.language))
    return Report(wishes.word(title), as_of, wishes.language, (*sections, last))


def at_a_glance(numbers: Numbers, trouble: Trouble, wishes: Wishes) -> Section:
    """Return the first lines: how many people, what they did, how the bot is."""
    active = numbers.states[State.ACTIVE] + numbers.states[State.SILENT]
    new = numbers.entry[STARTED].day
    counted = {"people": numbers.people, "active": active, "new": new}
    people = wishes.word("glance_people", **{name: wishes.number(each) for name, each in counted.items()})
    finished = {"day": wishes.number(numbers.finished.day), "week": wishes.number(numbers.finished.week)}
    said = [Sentences((people, wishes.word("glance_finished", **finished)))]
    if trouble.worries is not None:
        said.append(troubles.health(trouble.worries, wishes))
    return Section(wishes.word("at_glance"), tuple(said))
