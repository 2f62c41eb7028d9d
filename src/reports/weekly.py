# SPDX-License-Identifier: GPL-3.0-or-later
"""The weekly report: the daily one, and pictures."""

from __future__ import annotations

from src.mail import Attachment
from src.reports.charts import answer_hours, growth, progress, retention
from src.reports.daily import daily_sections, report
from src.reports.flow_picture import draw_flows
from src.reports.flows import Flows, flows_of
from src.reports.interactive import sankey_page
from src.reports.numbers import Numbers
from src.reports.over_time import OverTime
from src.reports.parts import Picture, Report, Section, Sentences
from src.reports.trouble import Trouble
from src.reports.wishes import Wishes

SANKEY_PAGE = "sankey.html"


def weekly_report(
    numbers: Numbers, found: OverTime, trouble: Trouble, wishes: Wishes
) -> tuple[Report, list[Attachment]]:
    """Return the weekly report, and the files that go with it."""
    pictures = {
        "growth": growth(found, wishes),
        "progress": progress(numbers, wishes),
        "retention": retention(found, wishes),
        "answer_hours": answer_hours(found, wishes),
    }
    sections = [
        Section(wishes.word(name), (Picture(name, wishes.word(name), content),)) for name, content in pictures.items()
    ]
    files = []
    if wishes.description.sankey.columns:
        flows = flows_of(found, wishes)
        note = sankey_note(found, wishes)
        picture = Picture("sankey", wishes.word("sankey"), sankey_picture(flows, found, wishes))
        sections.append(Section(wishes.word("sankey"), (picture, Sentences((note,)))))
        files.append(Attachment(SANKEY_PAGE, sankey_page(flows, note, wishes)))
    glance, *others = daily_sections(numbers, trouble, wishes)
    return report("weekly", [glance, *sections, *others], wishes), files


def sankey_picture(flows: Flows, found: OverTime, wishes: Wishes) -> bytes:
    """Return the Sankey chart as a picture."""
    return draw_flows(flows, wishes.word("too_few", n=wishes.smallest) if found.told else wishes.word("nobody"))


def sankey_note(found: OverTime, wishes: Wishes) -> str:
    """Return what the Sankey chart leaves out, as a sentence."""
    told, untold = wishes.number(found.told), wishes.number(found.untold)
    return wishes.word("sankey_note", told=told, untold=untold, n=wishes.smallest)
