# SPDX-License-Identifier: GPL-3.0-or-later
"""What admins read about mass sends and about the study as a whole: HTML, in human words."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from src.engine.admins import TYPES
from src.engine.effects import ButtonShown
from src.engine.state import Outcome, Status
from src.engine.whereabouts import STATUS_WORDS, ago, lasting
from src.service.admin_ports import Group, Job, JobState, Waiting
from src.service.health import Vitals

Buttons = tuple[tuple[ButtonShown, ...], ...]

STATE_WORDS = {
    JobState.SHOWN: "not started",
    JobState.RUNNING: "running",
    JobState.CANCELLING: "being cancelled",
    JobState.CANCELLED: "cancelled",
    JobState.DONE: "done",
}


def button(label: str, command: str) -> ButtonShown:
    """Return a button that types a command."""
    return ButtonShown(f"{TYPES}{command}", label)


def choices(job: Job) -> Buttons:
    """Return the buttons below a mass send that has been shown."""
    return (
        (button("Send", f"/jobs send {job.id}"), button("Send to me first", f"/jobs try {job.id}")),
        (button("Cancel", f"/jobs cancel {job.id}"),),
    )


def cancel(job: Job) -> Buttons:
    """Return the button below a mass send that is running."""
    return ((button("Cancel", f"/jobs cancel {job.id}"),),)


def why_left_out(group: Group) -> str | None:
    """Return why a mass send leaves these people out; None: it reaches them."""
    if not group.reachable and group.status in (Status.ACTIVE, Status.DOWN):
        return "not to be reached"  # whoever blocks the bot is paused too, and that is not why
    if group.status is not Status.ACTIVE:
        return {Status.START: "not agreed yet", Status.DOWN: "paused", Status.OUT: "left"}[group.status]
    return "have done it already" if group.done else None


def preview(job: Job, groups: Sequence[Group], per_second: float) -> str:
    """Say how many people a mass send reaches, in which languages, who is left out and why, how long it will take."""
    reached = [each for each in groups if why_left_out(each) is None]
    people = sum(each.people for each in reached)
    left_out = counted((why_left_out(each), each.people) for each in groups)
    left_out.pop(None, None)
    busy = sum(each.people for each in reached if each.busy)
    lines = [
        f"<b>{html.escape(job.name)}</b> (number {job.id}) goes to {people} people: "
        + (listed(counted((each.language, each.people) for each in reached)) or "nobody")
        + ".",
        f"Left out: {listed(left_out) or 'nobody'}.",
        f"It will take about {lasting(people / per_second) if per_second else 'a moment'}.",
    ]
    if job.game and busy:
        lines.append(f"{busy} are in another dialogue: it begins when they have finished, within a day.")
    if job.game:
        lines.append("At night it pauses.")
    return "\n".join(lines)


def counted(pairs: object) -> Counter[str | None]:
    """Add up numbers by their names."""
    total: Counter[str | None] = Counter()
    for name, people in pairs:  # type: ignore[attr-defined]
        total[name] += people
    return total


def listed(counts: Mapping[str | None, int]) -> str:
    """Return counts as `name 3, other 2`, the largest first."""
    return ", ".join(f"{html.escape(str(name))} {count}" for name, count in sorted(counts.items(), key=lambda c: -c[1]))


def results(job: Job) -> str:
    """Return how many got a mass send, and what became of the others."""
    counts = dict.fromkeys((Outcome.SENT, Outcome.SKIPPED, Outcome.BLOCKED, Outcome.FAILED), 0) | dict(job.counts)
    back = f", taken back {counts[Outcome.WITHDRAWN]}" if counts.get(Outcome.WITHDRAWN) else ""
    return (
        f"sent {counts[Outcome.SENT]}, skipped {counts[Outcome.SKIPPED]}, blocked {counts[Outcome.BLOCKED]}, "
        f"failed {counts[Outcome.FAILED]}{back}"
    )


def progress(job: Job, state: str = "") -> str:
    """Return one line about a mass send."""
    later = f"; {job.waiting} are asked again later" if job.waiting and job.state is JobState.RUNNING else ""
    words = state or STATE_WORDS[job.state]
    return f"<b>{html.escape(job.name)}</b> (number {job.id}): {words}. {results(job)}{later}."


def status_text(
    groups: Sequence[Group],
    waiting: Waiting,
    traffic: tuple[int, int],
    vitals: Vitals,
    jobs: Sequence[Job],
    now: datetime,
) -> str:
    """Return how the study and the bot are."""
    lines = ["<b>Participants</b>", *(status_line(status, groups) for status in Status)]
    unreachable = sum(each.people for each in groups if not each.reachable)
    running = sum(each.people for each in groups if each.busy)
    idle = sum(each.people for each in groups if each.status is Status.ACTIVE and not each.busy)
    lines += [
        f"Not to be reached: {unreachable}",
        "",
        "<b>Dialogues</b>",
        f"Running: {running}; active and waiting for the next one: {idle}",
        f"Open questions: {waiting.questions}"
        + (f", the oldest since {ago(waiting.question_since, now)}" if waiting.questions else ""),
        "",
        "<b>Bot</b>",
        f"Due now: {waiting.due}"
        + (f", the first since {ago(waiting.due_since, now)}" if waiting.due else "")
        + f"; in the queue {vitals.agenda}, in hand {vitals.in_hand}",
        f"Last poll of Telegram: {ago(vitals.polled, now)}",
        f"Messages sent: {traffic[0]} in the last hour, {traffic[1]} in the last day",
        f"Version {vitals.version}, running for {lasting((now - vitals.started).total_seconds())}",
    ]
    under_way = [each for each in jobs if each.state in (JobState.RUNNING, JobState.CANCELLING)]
    return "\n".join([*lines, "", "<b>Mass sends</b>", *(map(progress, under_way) if under_way else ["none running"])])


def status_line(status: Status, groups: Sequence[Group]) -> str:
    """Return how many have a status, and in which languages."""
    own = [each for each in groups if each.status is status]
    people = sum(each.people for each in own)
    languages = listed(counted((each.language, each.people) for each in own))
    name = STATUS_WORDS[status].capitalize()
    return f"{name}: {people}" + (f" ({languages})" if people else "")
