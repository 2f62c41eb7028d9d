# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people play a dialogue for two, through the real engine and service, and the form of the database."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from src.engine.events import BlockedBot, FromPartner
from src.engine.news import News, NewsKind
from src.engine.turn import take_turn
from tests.engine.duet import ONE, TWO, last, pair, plays, texts
from tests.engine.samples import goes_on
from tests.fakes.world import World

HOUR = 3600


def test_both_play_to_the_end_and_know_each_others_answers_and_points() -> None:
    world = pair()
    plays(world)
    for person, own, other in ((ONE, "told", "guess"), (TWO, "guess", "told")):
        ended = last(world, person)
        assert ended["ended"]
        assert ended["gameId"] == "game"
        assert ended["players"] == [world.who(ONE), world.who(TWO)]
        assert ended["answers"] == {own: "sea"}
        assert [each["value"] for each in ended["pair"]["given"]] == ["sea"]
        assert ended["pair"]["given"][0]["name"] == other
    assert last(world, ONE)["pair"]["id"] == last(world, TWO)["pair"]["id"]
    assert [world.participant(person).points for person in (ONE, TWO)] == [1, 2]
    assert "They heard you." in texts(world, ONE)
    assert "It was the sea." in texts(world, TWO)


def test_the_first_to_answer_a_comparison_is_told_to_wait() -> None:
    world = pair()
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    world.presses(ONE, "wood")
    goes_on(world, minutes=1)
    assert texts(world, ONE)[-1] == "The other is thinking."
    world.writes(ONE, "Hello?")
    goes_on(world, minutes=1)
    assert "waiting for the other person" in texts(world, ONE)[-1]


def test_a_no_ends_it_kindly_for_both() -> None:
    world = pair()
    world.presses(TWO, "no")
    goes_on(world, minutes=1)
    assert "This time nobody is free" in texts(world, ONE)[-1]
    assert world.participant(ONE).run is None
    assert world.participant(TWO).run is None


def test_who_is_silent_for_a_day_sets_both_free() -> None:
    world = pair()
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    world.presses(ONE, "sea")
    goes_on(world, hours=23)
    assert world.participant(ONE).run is not None
    goes_on(world, hours=2)
    for person in (ONE, TWO):
        assert world.participant(person).run is None
        assert "The time for this conversation is over" in texts(world, person)[-1]


def test_news_delivered_twice_change_nothing() -> None:
    world = pair()
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    before = world.participant(ONE)
    told = [each for each in before.recent_news if each.endswith("accepted")]
    assert told
    again = FromPartner(News(told[0], "x", world.who(TWO), NewsKind.ACCEPTED, "game"))
    assert take_turn(before, again, world.clock.now(), world.study).participant.run == before.run


def drop_out(world: World, person: int, chance: random.Random) -> str:
    run = world.participant(person).run
    way = chance.choice(("pause", "block", "erase", "silent", "unsubscribe"))
    if way == "block":
        world.happens(person, BlockedBot(next(world.numbers)))
    elif way == "erase":
        world.erase(world.who(person))
    elif way != "silent":
        world.writes(person, way)
    return f"left at {run.at if run else 'rest'}"


def one_random_pair(seed: int, met: Counter[str]) -> None:
    """Let two people press at random, drop out at random, and the process die at random; nobody stays waiting."""
    chance = random.Random(seed)  # no secret
    world = pair()
    leaves = chance.randrange(14)
    for step in range(12):
        person = chance.choice((ONE, TWO))
        if world.who(person) not in world.participants.documents:
            continue
        if step == leaves:
            met[drop_out(world, person, chance)] += 1
        elif question := world.newest_question(person):
            world.presses(person, chance.choice(world.buttons_now(person)[question]).value)
        met["kills"] += kill(world, chance)
        world.restart()
        goes_on(world, seconds=chance.choice((0, 1, 5, 60, HOUR)))
    goes_on(world, hours=26)
    met[check_peace(world)] += 1


def kill(world: World, chance: random.Random) -> int:
    """Die between the write into the partner's document and the note of it, now and then: the news come again."""
    planned = deaths = chance.randrange(3)
    original = world.delivery.report

    def dies(conversation: Any, participant: Any, *events: Any) -> None:
        nonlocal deaths
        if deaths:
            deaths -= 1
            raise KeyboardInterrupt
        original(conversation, participant, *events)

    world.delivery.report = dies  # type: ignore[method-assign]
    for _ in range(2):
        try:
            world.work()
        except KeyboardInterrupt:
            continue
    world.delivery.report = original  # type: ignore[method-assign]
    return planned - deaths


def check_peace(world: World) -> str:
    """Nobody waits for anybody; return how it ended."""
    ended: dict[int, Any] = {}
    for person in (ONE, TWO):
        if world.who(person) not in world.participants.documents:
            continue
        found = world.participant(person)
        playing = found.run is not None and found.run.pair is not None
        assert not playing, "somebody still waits"
        assert not found.outbox
        games = [each for each in world.history(person) if each["gameId"] == "game"]
        assert len(games) <= 1
        if games:
            ended[person] = games[0]
    if len(ended) == 2 and all(each["ended"] for each in ended.values()):
        agree(world, ended)
        return "both ended"
    return "one ended" if any(each["ended"] for each in ended.values()) else "nobody ended"


def agree(world: World, ended: dict[int, Any]) -> None:
    for mine, other in ((ONE, TWO), (TWO, ONE)):
        assert ended[mine]["pair"]["given"] == ended[other]["given"]
    same = ended[ONE]["answers"]["told"] == ended[TWO]["answers"]["guess"]
    assert [world.participant(person).points for person in (ONE, TWO)] == ([1, 2] if same else [0, 0])


def test_a_thousand_pairs_with_drop_outs_and_kills_leave_nobody_waiting() -> None:
    met: Counter[str] = Counter()
    for seed in range(1000):
        try:
            one_random_pair(seed, met)
        except AssertionError as fault:
            raise AssertionError(f"pair {seed}: {fault}") from fault
    assert met["both ended"] > 100
    assert met["kills"] > 1000
    for step in ("rest", "ask", "tell", "guess", "sea", "heard"):
        assert met[f"left at {step}"], f"nobody dropped out at {step}"
