# SPDX-License-Identifier: GPL-3.0-or-later
"""The people, as a process of its own: each presses a button as soon as the next question has arrived.

So the number of people bounds the load. Whoever comes to the end of the dialogue makes room for somebody new.
Lines of JSON on stdout: "ready", then (after a line on stdin) "begin", "end" and the result.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from typing import Any

import aiohttp

CONNECTIONS = 64


@dataclass
class People:
    """Those who take part. Times are those of the machine's clock that only grows.

    `think` is the mean pause in seconds before a press; `fresh`: people are new and begin by themselves, else
    everybody to whom the bot writes answers.
    """

    session: aiohttp.ClientSession
    url: str
    think: float
    fresh: bool
    stopped: bool = False
    ours: set[int] = field(default_factory=set)
    pressed: dict[int, float] = field(default_factory=dict)
    answered: list[tuple[float, float]] = field(default_factory=list)
    messages: list[float] = field(default_factory=list)
    refused: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self) -> None:
        """Follow what happens in all chats."""
        async with self.session.ws_connect(f"{self.url}/events", max_msg_size=0) as socket:
            async for message in socket:
                event = json.loads(message.data)
                if event["kind"] == "message" and event["body"]["from_bot"] and event["body"]["edited"] is None:
                    self.see(event["chat_id"], event["body"])
        if not self.stopped:
            raise SystemExit("the Bot API has closed the line")

    def see(self, person: int, message: dict[str, Any]) -> None:
        """Look at a new message of the bot and react."""
        now = time.monotonic()
        self.messages.append(now)
        if self.fresh and person not in self.ours:
            return
        since = self.pressed.pop(person, None)
        if since is not None:
            self.answered.append((now, now - since))
        if self.stopped:
            return
        if message["buttons"]:
            self.do(self.press(person, message["message_id"], message["buttons"][0][0]["data"]))
        elif self.fresh:
            self.do(self.begin())

    def do(self, act: Any) -> None:
        """Let somebody act beside the others."""
        task = asyncio.get_running_loop().create_task(act)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def begin(self) -> None:
        """Let somebody new write to the bot."""
        async with self.session.post(f"{self.url}/people", json={"name": "somebody"}) as answer:
            person = int((await answer.json())["id"])
        self.ours.add(person)
        await self.act(f"/people/{person}/messages", {"text": "/start"})

    async def press(self, person: int, message_id: int, value: str) -> None:
        """Press a button, after some thought."""
        if self.think:
            await asyncio.sleep(random.uniform(0.5, 1.5) * self.think)
        self.pressed[person] = time.monotonic()
        await self.act(f"/people/{person}/presses", {"message_id": message_id, "data": value})

    async def act(self, path: str, body: dict[str, Any]) -> None:
        """Tell the Bot API what somebody does."""
        async with self.session.post(self.url + path, json=body) as answer:
            self.refused += answer.status != 200
            await answer.read()

    def result(self, begin: float, end: float) -> dict[str, Any]:
        """Return what happened between the two times; latencies are those of the presses answered in between."""
        latencies = sorted(seconds for at, seconds in self.answered if begin <= at < end)
        return {
            "seconds": end - begin,
            "messages": sum(begin <= at < end for at in self.messages),
            "latencies": [round(each, 5) for each in latencies],
            "open": len(self.pressed),
            "oldest_open": max((end - at for at in self.pressed.values()), default=0.0),
            "refused": self.refused,
            "begin": begin,
            "end": end,
        }


async def take_part(options: Namespace) -> None:
    """Let the people take part for as long as was asked for."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(60)) as session:
        people = People(session, options.url, options.think, options.fresh > 0)
        listening = asyncio.create_task(people.listen())
        await asyncio.sleep(0.2)
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        for _ in range(options.fresh):
            people.do(people.begin())
        await asyncio.wait([listening], timeout=options.warm_up)
        begin = time.monotonic()
        say("begin")
        await asyncio.wait([listening], timeout=options.seconds)
        end = time.monotonic()
        say("end")
        people.stopped = True
        result = people.result(begin, end)
        listening.cancel()
    say(result)


def say(what: Any) -> None:
    """Say a line to the one who started us."""
    print(json.dumps(what), flush=True)


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    options.add_argument("--url", required=True)
    options.add_argument("--fresh", type=int, default=0, help="so many people at a time, each new; 0: the bot begins")
    options.add_argument("--warm-up", type=float, default=1.0)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--think", type=float, default=0.0)
    return options


if __name__ == "__main__":
    asyncio.run(take_part(parser().parse_args()))
