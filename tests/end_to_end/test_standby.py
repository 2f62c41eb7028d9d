# SPDX-License-Identifier: GPL-3.0-or-later
"""A second bot stands by: when the first is killed, hangs or is cut off it takes over, and no press is lost.

The times that a takeover took are printed; `pytest -s` shows them.
"""

from __future__ import annotations

import contextlib
import re
import signal
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from src.simulator.bot_api import LocalBotApi
from src.store.embedded import EmbeddedServer
from tests.end_to_end.passage import Passage, passage
from tests.end_to_end.people import Person, take_part
from tests.end_to_end.project import Project, RunningBot, project_with_telegram, start_bot, wait_until
from tests.end_to_end.test_whole_sequence import CONTACT, arrived, every_answer_is_there_once, has_finished, repeated

LONGEST_TAKEOVER = 30.0
PEOPLE = 8
TAKEN_OVER = "Another bot has taken over this database"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, LocalBotApi]]:
    with project_with_telegram(tmp_path_factory.mktemp("standby"), CONTACT=CONTACT) as made:
        yield made


@contextlib.contextmanager
def bots(project: Project, first: dict[str, str], *arguments: str, standbys: int = 1) -> Iterator[list[RunningBot]]:
    """Start a bot, with settings and arguments of its own, and those that stand by."""
    everybody = dict(project.environment)
    project.environment |= first
    running = [start_bot(project, *arguments)]
    project.environment = everybody
    try:
        running[0].wait_until_it_runs()
        for _ in range(standbys):
            running.append(start_bot(project, "--standby"))
            wait_until(lambda: "Waiting, and asking" in running[-1].said(), "it does not wait: " + running[-1].said())
        yield running
    finally:
        for bot in running:
            bot.process.send_signal(signal.SIGCONT)
            bot.process.terminate()
        for bot in running:
            bot.process.wait(timeout=20)


def runs(bot: RunningBot) -> bool:
    return "The bot is running" in bot.said()


def taken_over_within(bot: RunningBot, begin: float, how: str) -> float:
    """Wait until the standby runs; print and return the seconds since `begin`."""
    wait_until(lambda: runs(bot), "the standby does not take over: " + bot.said())
    seconds = time.monotonic() - begin
    print(f"\ntakeover after the first bot {how}: {seconds:.1f} s")
    assert seconds < LONGEST_TAKEOVER
    return seconds


def begin_to_answer(people: list[Person]) -> None:
    """Let people answer some questions; half of them then wait, with a question before them, for the others."""
    some = people[: len(people) // 2]
    take_part(some, have_pressed(4), seconds=30)
    take_part(people[len(some) :], have_pressed(5), seconds=30)
    wait_until(lambda: all(person.telegram.chat(person.id)[-1].buttons for person in some), "no question comes")


def press_meanwhile(people: list[Person]) -> None:
    """Let people answer what they see, while nobody hears them."""
    assert sum(person.act() for person in people) > 0


def have_pressed(count: int) -> Callable[[Person], bool]:
    return lambda person: len(person.said) >= count or has_finished(person)


def test_a_stopped_bot_is_replaced_and_coming_back_steps_down_before_it_sends_anything(
    world: tuple[Project, LocalBotApi],
) -> None:
    project, telegram = world
    port = urlsplit(telegram.url).port
    assert port is not None
    with passage(port) as way, bots(project, {"TELEGRAM_API_URL": f"http://127.0.0.1:{way.port}"}) as (first, standby):
        people = arrived(telegram, PEOPLE)
        begin_to_answer(people)
        first.process.send_signal(signal.SIGSTOP)
        begin = time.monotonic()
        press_meanwhile(people)
        taken_over_within(standby, begin, "was stopped")
        take_part(people, have_pressed(12), seconds=60)
        back = time.monotonic()
        first.process.send_signal(signal.SIGCONT)
        take_part(people, has_finished, seconds=60)
        steps_down(first, way, back)
        time.sleep(0.3)
        every_answer_is_there_once(project, people)
        assert max(repeated(telegram, person) for person in people) <= 1


def steps_down(bot: RunningBot, way: Passage, back: float) -> None:
    """Check that the bot ends by itself, says why in one line, and has asked Telegram for nothing any more."""
    assert bot.process.wait(timeout=15) == 1
    assert bot.said().count(TAKEN_OVER) == 1, bot.said()
    assert "Traceback" not in bot.said()
    assert way.asked_since(back) == []


def test_a_standby_that_is_cut_off_from_the_database_is_replaced_and_goes_back_to_waiting(
    world: tuple[Project, LocalBotApi],
) -> None:
    project, telegram = world
    port = urlsplit(telegram.url).port
    assert port is not None
    server = EmbeddedServer(project.root / "data" / "db")
    try:
        with passage(port) as way, passage(server.port) as database:
            own_ways = {
                "TELEGRAM_API_URL": f"http://127.0.0.1:{way.port}",
                "MONGODB_URI": f"mongodb://127.0.0.1:{database.port}/?directConnection=true",
            }
            with bots(project, own_ways, "--standby") as (first, standby):
                people = arrived(telegram, PEOPLE)
                begin_to_answer(people)
                database.open.clear()
                begin = time.monotonic()
                press_meanwhile(people)
                taken_over_within(standby, begin, "was cut off from the database")
                back = time.monotonic()
                database.open.set()
                take_part(people, has_finished, seconds=60)
                wait_until(lambda: "Waiting, and asking" in first.said(), "it does not wait: " + first.said())
                assert first.said().count(TAKEN_OVER) == 1
                assert way.asked_since(back) == []
                every_answer_is_there_once(project, people)
    finally:
        server.close()


def test_of_two_that_stand_by_one_replaces_a_killed_bot_and_every_press_is_kept_once(
    world: tuple[Project, LocalBotApi],
) -> None:
    project, telegram = world
    with bots(project, {}, standbys=2) as (first, *standbys):
        people = arrived(telegram, PEOPLE)
        begin_to_answer(people)
        first.kill()
        begin = time.monotonic()
        press_meanwhile(people)
        wait_until(lambda: any(map(runs, standbys)), "nobody takes over")
        winner, other = sorted(standbys, key=runs, reverse=True)
        taken_over_within(winner, begin, "was killed")
        take_part(people, has_finished, seconds=60)
        every_answer_is_there_once(project, people)
        assert max(repeated(telegram, person) for person in people) <= 1
        assert not runs(other)
        assert winner.stop()[0] == 0
        taken_over_within(other, time.monotonic(), "was stopped in order")
        assert term_of(other) == term_of(winner) + 1


def term_of(bot: RunningBot) -> int:
    """Return the number of the lease with which a bot runs."""
    found = re.search(r"The lease is ours; it is number (\d+)", bot.said())
    assert found is not None
    return int(found[1])


def test_a_standby_that_is_told_to_stop_ends_at_once(world: tuple[Project, LocalBotApi]) -> None:
    project, _ = world
    with bots(project, {}) as (first, standby):
        code, seconds = standby.stop()
        assert code == 0
        assert seconds < 5
        assert standby.said().count("Waiting, and asking") == 1
        assert first.process.poll() is None
