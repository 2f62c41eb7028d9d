# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of reports about people: where they stand, how they came in, who they are."""

from __future__ import annotations

from collections.abc import Mapping

from src.reports.described import DescribedTable
from src.reports.numbers import CONSENTED, OTHER, REFUSED, STARTED, UNDECIDED, UNTOLD, Group, Numbers
from src.reports.parts import Row, Section, Sentences, Table
from src.reports.small_groups import is_small, per_cent, share, shown_parts
from src.reports.ways import Spans, State
from src.reports.wishes import Wishes
from src.reports.words import decimal

_SPANS = ("day", "week", "total")
_ENTRY = {STARTED: "started", CONSENTED: "consented", REFUSED: "refused", UNDECIDED: "open_decision"}


def states(numbers: Numbers, wishes: Wishes) -> Section:
    """Return where people stand."""
    counted = dict(numbers.states)
    silent = counted[State.SILENT]
    counted[State.ACTIVE] += silent
    rows = [
        Row(
            (wishes.word(state), wishes.number(people), per_cent(people, numbers.people, wishes.smallest)),
            share(people, numbers.people, wishes.smallest),
            part=state is State.SILENT,
        )
        for state, people in counted.items()
    ]
    head = ("", wishes.word("people"), "%")
    return Section(wishes.word("states"), (Table(head, tuple(rows)) if numbers.people else nobody(wishes),))


def entry(numbers: Numbers, wishes: Wishes) -> Section:
    """Return the way in: how many began, agreed, refused and went on."""
    names = {name: wishes.word(key) for name, key in _ENTRY.items()}
    names |= {step.dialogue: wishes.called(step.name) for step in wishes.description.entry.steps}
    whole = numbers.entry[STARTED].total
    rows = [
        Row(
            (name, *(wishes.number(getattr(numbers.entry[key], span)) for span in _SPANS)),
            share(numbers.entry[key].total, whole, wishes.smallest),
        )
        for key, name in names.items()
    ]
    head = ("", *(wishes.word(span) for span in _SPANS))
    return Section(wishes.word("entry"), (Table(head, tuple(rows)) if whole else nobody(wishes),))


def tables(numbers: Numbers, wishes: Wishes) -> Section:
    """Return who takes part: one table for each that the description names."""
    described = wishes.description.tables
    parts = tuple(_table(table, numbers, wishes) for table in described) if numbers.agreed else (nobody(wishes),)
    return Section(wishes.word("tables"), parts)


def _table(table: DescribedTable, numbers: Numbers, wishes: Wishes) -> Table:
    """Write one table. In one with a field everybody stands in one row, so the rows add up to all who agreed."""
    names: dict[int | str, str] = {number: wishes.called(row.name) for number, row in enumerate(table.rows)}
    if table.field:
        names |= {OTHER: wishes.word("other"), UNTOLD: wishes.word("untold")}
    found = {row: numbers.tables.get((table.id, row), Spans()) for row in names}
    if not found.get(OTHER, Spans(1)).total:
        del found[OTHER], names[OTHER]
    told = [_told({row: getattr(spans, span) for row, spans in found.items()}, table, wishes) for span in _SPANS]
    rows = [
        Row(
            (name, *(column[row] for column in told), _share_told(found[row].total, told[2][row], numbers, wishes)),
            share(found[row].total, numbers.agreed, wishes.smallest) if not told[2][row].startswith("≥") else None,
        )
        for row, name in names.items()
    ]
    return Table(("", *(wishes.word(span) for span in _SPANS), "%"), tuple(rows), wishes.called(table.name))


def _told(column: Mapping[int | str, int], table: DescribedTable, wishes: Wishes) -> dict[int | str, str]:
    if table.field:
        return shown_parts(column, wishes.smallest)
    return {row: wishes.number(people) for row, people in column.items()}


def _share_told(people: int, told: str, numbers: Numbers, wishes: Wishes) -> str:
    return "·" if told.startswith("≥") else per_cent(people, numbers.agreed, wishes.smallest)


def balance(numbers: Numbers, wishes: Wishes) -> Section:
    """Return whether groups stay and answer alike."""
    rows: list[Row] = []
    for table in wishes.description.tables:
        if table.balance:
            rows.append(Row((wishes.called(table.name), "", "", "")))
            for number, row in enumerate(table.rows):
                group = numbers.balance.get((table.id, number), Group(0, 0, 0))
                rows.append(_group(wishes.called(row.name), group, wishes))
    head = ("", wishes.word("people"), wishes.word("still_active"), wishes.word("mean_answered"))
    part = Table(head, tuple(rows)) if numbers.agreed and rows else nobody(wishes)
    return Section(wishes.word("balance"), (part,))


def _group(name: str, group: Group, wishes: Wishes) -> Row:
    if not group.people or is_small(group.people, wishes.smallest):
        return Row(
            (name, wishes.number(group.people), "·" if group.people else "–", "·" if group.people else "–"), None, True
        )
    active = per_cent(group.active, group.people, wishes.smallest)
    mean = decimal(group.answered / group.people, wishes.language)
    return Row((name, wishes.number(group.people), active, mean), share(group.active, group.people, 0), part=True)


def languages(numbers: Numbers, wishes: Wishes) -> Section:
    """Return which languages people read, and how often they wish for a story."""
    if not numbers.languages:
        return Section(wishes.word("languages"), (nobody(wishes),))
    spoken = sorted(numbers.languages.items(), key=lambda one: (one[0] == OTHER, -one[1], one[0]))
    wished = sorted(numbers.frequencies.items(), key=lambda one: (one[0] == OTHER, one[0].zfill(3)))
    named = {freq: wishes.word("other") if freq == OTHER else wishes.word("hours", n=freq) for freq, _ in wished}
    columns = (
        ("language", [(wishes.word("other") if code == OTHER else code, people) for code, people in spoken]),
        ("frequency", [(named[freq], people) for freq, people in wished]),
    )
    return Section(wishes.word("languages"), tuple(_listed(wishes.word(name), rows, wishes) for name, rows in columns))


def _listed(title: str, rows: list[tuple[str, int]], wishes: Wishes) -> Table:
    whole = sum(people for _, people in rows)
    told = shown_parts(dict(rows), wishes.smallest)
    lines = tuple(
        Row(
            (name, told[name], "·" if told[name].startswith("≥") else per_cent(people, whole, wishes.smallest)),
            share(people, whole, wishes.smallest) if not told[name].startswith("≥") else None,
        )
        for name, people in rows
    )
    return Table(("", wishes.word("people"), "%"), lines, title)


def nobody(wishes: Wishes) -> Sentences:
    """Return what stands where there is nobody yet."""
    return Sentences((wishes.word("nobody"),))
