# SPDX-License-Identifier: GPL-3.0-or-later
"""The local Bot API as a process of its own, which takes orders and tells what came when. Ends with its stdin."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from src.simulator.bot_api import LocalBotApi

Order = Mapping[str, Any]


def people(api: LocalBotApi, order: Order) -> list[int]:
    """Let so many people have the app and write to the bot, so that it may write to them; return their ids."""
    ids = [api.add_person(f"person {number}") for number in range(int(order["count"]))]
    for person in ids:
        api.write(person, "hello")
    return ids


def first_poll(api: LocalBotApi, order: Order) -> float | None:
    """Return when the bot asked for updates first after the time `since`; None: not yet."""
    return next((record.at for record in api.requests("getUpdates") if record.at >= order["since"]), None)


def times(api: LocalBotApi, order: Order) -> list[float]:
    """Return when messages and edits came since the time `since`: all that Telegram's limit counts."""
    counted = ("sendMessage", "editMessageReplyMarkup", "editMessageText", "sendPhoto", "sendDocument")
    return [record.at for record in api.requests() if record.at >= order["since"] and record.method in counted]


def counts(api: LocalBotApi, _order: Order) -> dict[str, int]:
    """Return how many requests of each method there were."""
    return api.request_counts()


ORDERS: Mapping[str, Callable[[LocalBotApi, Order], Any]] = {
    "people": people,
    "first_poll": first_poll,
    "times": times,
    "counts": counts,
}


def main() -> None:
    """Serve; the first line is the address, every further one answers an order."""
    api = LocalBotApi(sys.argv[1])
    api.start()
    print(json.dumps(api.url), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ORDERS[order["do"]](api, order)), flush=True)
    api.stop()


if __name__ == "__main__":
    main()
