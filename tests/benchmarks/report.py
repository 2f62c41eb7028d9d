# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown: what was measured on which machine, the ratios, and how each number came about."""

from __future__ import annotations

from tests.benchmarks.export_section import exports
from tests.benchmarks.fault_sections import kills, outages
from tests.benchmarks.figures import Json
from tests.benchmarks.goals import goals
from tests.benchmarks.markdown import number, ratio, table
from tests.benchmarks.questions import BUTTONS
from tests.benchmarks.rehearsed import section as rehearsed
from tests.benchmarks.stage import BOTS, DURABLE, OURS, QUICK_TO_FILL

SHARES = ("p50", "p95", "p99")
WHAT_EACH_DOES = f"""
All bots hold the same dialogue ({BUTTONS} questions with two buttons, then a last message) over the same local Bot API,
a process of its own, with the same embedded database server, started anew and empty for each bot, round and number of
people, with `{" ".join(DURABLE)}`. A write counts when it is on the disk (`w=majority`, `j=true`). Each press: answer
and position stored, progress bar stopped, buttons removed, next message sent. Limit and pauses are off. The people are
another process: each presses as soon as the next question arrives, so their number bounds the load; whoever comes to
the end makes room for somebody new. Bots take turns (A B C A B C …); medians of the rounds. All processes share the
machine, so a bot that keeps database or Bot API busier is also slower for that.

- **ours**: `main.py` as it is: the outbox, each message's delivery, the text of the press and what is to come next are
  durable too, updates are confirmed only when they are in the database, order within a chat is kept.
- **aiogram**: an update is a task (its default). One read and one conditional write a press, then three calls one after
  the other. Updates are confirmed when they are fetched: a crash or a stop loses those in hand.
- **python-telegram-bot**: the same with `concurrent_updates(True)`; its default, one update at a time, is slower.
"""


def written(facts: Json) -> str:
    """Return the report; parts that were not measured are left out."""
    parts = {
        "compare": comparison,
        "limit": limit,
        "enrolled": enrolled,
        "histories": histories,
        "dearest": dearest,
        "kills": kills,
        "outages": outages,
        "exports": exports,
        "reports": reports,
        "rehearsed": rehearsed,
    }
    sections = [part(facts[name]) for name, part in parts.items() if name in facts]
    return "\n\n".join([head(facts), goals(facts), *sections]) + "\n"


def head(facts: Json) -> str:
    """Say where and how this was measured."""
    on = facts["machine"]
    loads = ", ".join(f"{name} {part['load'][0]:.1f} → {part['load'][1]:.1f}" for name, part in facts["parts"].items())
    command = "make bench QUICK=1" if facts["plan"] == "quick" else "make bench"
    changed = " with changes that are not committed" if on["changed_since"] else ""
    ours = ", ".join(f"{name} {number}" for name, number in on["our_versions"].items())
    peers = ", ".join(f"{name} {number}" for name, number in on["peer_versions"].items())
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"`{command}`, {facts['seconds']:.0f} s. {on['processor']}, {on['system']}.",
            f"Commit {on['commit']}{changed}.",
            f"Ours: {ours}. Peers: {peers}.",
            f"Load average (one minute) at the beginning and end of each part: {loads}. The benchmark itself keeps "
            "about two processes running; the more stood there at the beginning, the less the figures say.",
            "Only figures of one report may be compared with each other.",
        ]
    )


def comparison(found: Json) -> str:
    """Return the comparison of the bots, and what a message costs each."""
    ranks = ["p50 ms", "p95 ms", "p99 ms", "presses answered, still open"]
    of_cost = ["people", "bot", "bot", "database", "Bot API", "people", "queries", "updates", "bot's memory MB"]
    cells = [(level, kind, bots[kind], bots["aiogram"]) for level, bots in found.items() for kind in BOTS]
    return "\n\n".join(
        [
            "## Our bot and two others",
            WHAT_EACH_DOES.strip(),
            table(
                ["people", "bot", "messages/s (range)", "of aiogram's", *ranks],
                [[level, kind, *speed(one, aiogram)] for level, kind, one, aiogram in cells],
            ),
            "Latency: from the press, as the person's phone sends it, to the next message's arrival. Where many "
            "presses are still open at the end, the true latencies are longer than those shown.",
            "### What a message costs: milliseconds of CPU by process, commands to the database",
            table(of_cost, [[level, kind, *costs(one)] for level, kind, one, _ in cells]),
            "One command may write several people's documents: ours writes those of one poll together.",
        ]
    )


def speed(one: Json, aiogram: Json) -> list[str]:
    """Return how fast a bot was, as cells."""
    rounds = [each["messages_per_second"] for each in one["rounds"]]
    return [
        f"{number(one['messages_per_second'], 1)} ({min(rounds):.1f}–{max(rounds):.1f})",
        ratio(one["messages_per_second"], aiogram["messages_per_second"]),
        *(number(one["latency_ms"][each], 1) for each in SHARES),
        f"{one['presses']:.0f}, {one['open']:.0f}",
    ]


def costs(one: Json) -> list[str]:
    """Return what a message costs, as cells."""
    cpu = [number(one["cpu_ms"][name], 2) for name in ("bot", "database", "telegram", "people")]
    operations = [number(one["operations"][kind], 2) for kind in ("query", "update")]
    return [*cpu, *operations, number(one["memory_mb"])]


def limit(found: Json) -> str:
    """Return what happened at the limit."""
    late = found["latency_ms"]
    row = [
        f"{100 * found['share_of_limit']:.1f} %",
        str(found["fullest_window"]),
        *(number(late[each]) for each in SHARES),
    ]
    return "\n\n".join(
        [
            "## At the real limit of 30 a second",
            f"{found['backlog']:,} people are due at once; 20 others press buttons all the time, about every four "
            "seconds each. What counts is what arrives at the Bot API: messages and edits. The fullest window is the "
            "most that came within any second. Latency: of those who press, while the backlog is being sent.",
            table(["share of the limit", "fullest window", "p50 ms", "p95 ms", "p99 ms"], [row]),
        ]
    )


def enrolled(found: Json) -> str:
    """Return what many enrolled people cost."""
    first = next(iter(found.values()))
    rows = [
        [
            f"{int(size):,}",
            f"{number(one['tick_ms'], 2)} ({ratio(one['tick_ms'], first['tick_ms'])})",
            f"{number(one['first_poll_s'], 2)} ({ratio(one['first_poll_s'], first['first_poll_s'])})",
            f"{number(one['memory_mb'], 1)} ({ratio(one['memory_mb'], first['memory_mb'])})",
            f"{one['idle_cpu_percent']:.2f} %",
            f"{number(one['database_memory_mb'])}, {one['idle_cpu_database_percent']:.2f} %",
        ]
        for size, one in found.items()
    ]
    titles = ["enrolled", "tick ms", "start to first poll s", "memory MB", "idle CPU", "database: MB, idle CPU"]
    return "\n\n".join(
        [
            "## People enrolled",
            f"Documents of {first['bytes_each']:,} bytes, inserted directly; the server runs with "
            f"`{' '.join(QUICK_TO_FILL)}`, without `--sync-on-commit`. Nobody is due. "
            "A tick: what a pass of the scheduler asks the database.",
            table(titles, rows),
        ]
    )


def histories(found: Json) -> str:
    """Return what a press costs people with a history."""
    first = next(iter(found.values()))
    rows = [
        [
            size,
            f"{int(one['bytes_each']):,}",
            f"{number(one['latency_ms']['p50'], 1)} ({ratio(one['latency_ms']['p50'], first['latency_ms']['p50'])})",
            number(one["latency_ms"]["p95"], 1),
            number(one["messages_per_second"], 1),
            *costs(one)[:2],
        ]
        for size, one in found.items()
    ]
    titles = ["finished dialogues", "bytes", "p50 ms", "p95 ms", "messages/s", "CPU of bot ms", "of database ms"]
    text = f"A few people answer one dialogue after the other; the server runs with `{' '.join(DURABLE)}`."
    return "\n\n".join(["## A long history: the cost of a press", text, table(titles, rows)])


def dearest(found: Json) -> str:
    """Return where our bot spends its time."""
    sections = ["## The dearest places of our bot, 100 people"]
    titles = {
        "cpu": "CPU: samples that hold Python's lock",
        "waiting": "Time in which a thread is busy or waits for somebody else, all threads together; long polls and "
        "threads without work left out",
    }
    for which, title in titles.items():
        rows = [
            [each["place"], f"{100 * each['share']:.0f} %", number(each["ms_per_message"], 2)]
            for each in found[which]["places"]
        ]
        sections += [
            f"{title}: {found[which]['ms_per_message']:.2f} ms a message.",
            table(["place", "share", "ms"], rows),
        ]
    return "\n\n".join([*sections, f"Libraries count for the line of ours that called them. Bot: {OURS}."])


def reports(found: Json) -> str:
    """Return what the mails to the team cost."""
    rows = [
        [
            f"{int(size):,}",
            kind,
            *(number(one[kind][each], 1) for each in ("seconds", "cpu_s", "database_cpu_s")),
            number(one[kind]["memory_mb"]),
        ]
        for size, one in found.items()
        for kind in ("daily", "weekly")
    ]
    text = (
        "Each participant has 50 finished dialogues: three in the document, the others in the digest that the bot "
        f"makes when it files them. The server runs with `{' '.join(QUICK_TO_FILL)}`, without `--sync-on-commit`."
    )
    titles = ["participants", "report", "seconds", "CPU of the script s", "CPU of the database s", "most memory MB"]
    return "\n\n".join(["## The mails to the team", text, table(titles, rows)])
