# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's sections about faults: kills, stops, and a database that is away."""

from __future__ import annotations

from tests.benchmarks.figures import Json
from tests.benchmarks.markdown import number, table


def kills(found: Json) -> str:
    """Return what kills and stops did."""
    ways = {f"kill -9: {kind}": each for kind, each in found["kills"].items()} | {"SIGTERM": found["stops"]}
    rows = [
        [name, *map(number, (each["count"], each["in_hand"], each["repeated"], each["most_repeated"]))]
        for name, each in ways.items()
    ]
    titles = ["what", "times", "conversations in hand (median)", "messages repeated, all people", "most for one person"]
    kept, once = found["kept_after_kills"], found["kept_after_all"]
    return "\n\n".join(
        [
            "## Killed and stopped under load",
            f"{found['people']} people answer as soon as the next question is there. At random moments the bot, its "
            "database or both are killed, some of them while the bot still starts; then the bot is stopped by SIGTERM. "
            "Afterwards every press is looked for in the database, and every message in the chats.",
            table(titles, rows),
            f"After the kills: {kept['presses']:,} presses, {kept['lost']} lost, {kept['doubled']} doubled, "
            f"{kept['out_of_order']} people with answers out of order, {kept['strange']} messages that do not belong. "
            f"After the stops: {once['presses']:,}, {once['lost']}, {once['doubled']}, {once['out_of_order']}, "
            f"{once['strange']}. A stop took {found['stops']['median_s']:.2f} s (median), at most "
            f"{found['stops']['longest_s']:.2f} s.",
        ]
    )


def outages(found: Json) -> str:
    """Return what the database's absence did."""
    rows = [
        [
            way,
            *map(number, (each["count"], each["queued"], each["confirmed_meanwhile"])),
            number(each["recovered_after_s"], 1),
            number(each["most_lines"]),
        ]
        for way, each in found["ways"].items()
    ]
    titles = ["the server was", "times", "presses that waited", "confirmed meanwhile", "s to the next message", "lines"]
    kept = found["kept"]
    return "\n\n".join(
        [
            "## The database away",
            f"A server that the bot cannot start itself is away for {found['seconds']:.0f} s, from a random moment on, "
            "while people answer. The worst of each kind; lines: all that the bot logged until it went on.",
            table(titles, rows),
            f"Afterwards: {kept['presses']:,} presses, {kept['lost']} lost, {kept['doubled']} doubled, "
            f"{kept['out_of_order']} people with answers out of order, {kept['repeated']} messages repeated.",
        ]
    )
