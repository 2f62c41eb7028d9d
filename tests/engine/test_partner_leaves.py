# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever one of two players does, the other is told kindly, and is free again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from src.engine.events import BlockedBot, Cleared
from src.engine.state import Absence, Run, Status
from src.engine.whereabouts import whereabouts
from src.service.conversation import Happened
from tests.engine.duet import GAME, INVITATION, ONE, TWO, asks, last, pair, plays, texts
from tests.engine.samples import buttons, dialogue, enrol, goes_on, na, question, sa, study
from tests.fakes.world import World

OVER = "The time for this conversation is over"

FORGET = dialogue(
    {
        "ask": sa("Erase?", buttons("sure", "yes", "no"), {"sure": {"yes": "bye", "no": "stay"}}),
        "bye": na("Bye.", action="forget_everything"),
        "stay": na("Stay."),
    },
    "forgetme",
)
LEAVE = dialogue(
    {
        "ask": sa("Leave?", buttons("sure", "yes", "no"), {"sure": {"yes": "bye", "no": "stay"}}),
        "bye": na("Bye.", action="unsubscribe_final"),
        "stay": na("Stay."),
    },
    "unsubscribe",
)


def begun() -> World:
    """Return two people who have begun to play; the first has answered, and waits for the second."""
    world = pair(FORGET, LEAVE)
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    world.presses(ONE, "sea")
    goes_on(world, minutes=1)
    return world


def pauses(world: World) -> None:
    world.writes(TWO, "pause")


def leaves(world: World) -> None:
    world.writes(TWO, "unsubscribe")
    goes_on(world, minutes=1)
    world.presses(TWO, "yes")


def blocks(world: World) -> None:
    world.happens(TWO, BlockedBot(next(world.numbers)))


def forgets(world: World) -> None:
    world.writes(TWO, "/forgetme")
    goes_on(world, minutes=1)
    world.presses(TWO, "yes")


def is_cleared(world: World) -> None:
    world.conversation.handle([Happened(world.who(TWO), (Cleared(),))])


def is_gone(world: World) -> None:
    """Block the bot without Telegram's saying so: the next message is refused for good."""
    world.pseudonyms.forget(world.who(TWO))
    world.writes(TWO, "hello?")


WAYS = (pauses, leaves, blocks, forgets, is_cleared, is_gone)


@pytest.mark.parametrize("goes", WAYS)
def test_the_other_hears_it_at_once_and_is_free(goes: Callable[[World], None]) -> None:
    world = begun()
    goes(world)
    goes_on(world, minutes=2)
    assert OVER in texts(world, ONE)[-1]
    left = world.participant(ONE)
    assert (left.run, left.kept, left.outbox) == (None, None, ())
    ended = last(world, ONE)
    assert (ended["gameId"], ended["ended"]) == ("game", False)
    assert (left.points, left.done) == (0, ())


# Fault: src/engine/keeping.py: the place in a dialogue for two is kept, and the other one waits for a week.
@pytest.mark.parametrize("goes", [pauses, blocks])
def test_no_place_is_kept_in_a_dialogue_for_two(goes: Callable[[World], None]) -> None:
    world = begun()
    goes(world)
    goes_on(world, minutes=2)
    assert world.participant(TWO).kept is None
    world.writes(TWO, "/start")
    goes_on(world, hours=30)
    assert world.participant(TWO).run is None
    assert world.participant(TWO).status is Status.ACTIVE
    assert sum(OVER in text for text in texts(world, ONE)) == 1


@pytest.mark.parametrize("goes", [pauses, leaves, blocks, forgets, is_cleared])
def test_who_is_invited_and_goes_has_declined(goes: Callable[[World], None]) -> None:
    world = pair(FORGET, LEAVE)
    goes(world)
    goes_on(world, minutes=2)
    assert "This time nobody is free" in texts(world, ONE)[-1]


def test_an_invitation_that_nobody_answers_ends_after_a_day_and_is_no_dialogue_done() -> None:
    world = pair()
    goes_on(world, hours=25)
    for person in (ONE, TWO):
        assert world.participant(person).run is None
        assert world.participant(person).done == ()
    assert not any(OVER in text for text in texts(world, TWO))
    assert "This time nobody is free" in texts(world, ONE)[-1]


def test_who_waits_is_not_reminded_and_who_is_silent_is_until_the_day_is_over() -> None:
    world = pair(reminder_hours=6.0)
    world.presses(TWO, "yes")
    goes_on(world, minutes=1)
    world.presses(ONE, "sea")
    goes_on(world, hours=23)
    assert sum(text == "Which guess?" for text in texts(world, TWO)) == 2
    assert world.participant(TWO).absence is Absence.SILENT
    assert sum(text == "Which told?" for text in texts(world, ONE)) == 1
    assert not any(text == "Listen." for text in texts(world, ONE))
    goes_on(world, hours=2)
    for person in (ONE, TWO):
        assert sum(OVER in text for text in texts(world, person)) == 1
        assert world.participant(person).run is None


# Fault: src/engine/deliveries.py: a reminder is planned for somebody who can do nothing but wait.
def test_who_waits_to_be_greeted_is_not_reminded() -> None:
    greeting = sa("Greet?", buttons("hello", "hi", "ho"), "bye", triggers="greeted")
    wait = {"type": "WA", "text": "One moment.", "next": None, "wait": None}
    greet = dialogue(
        {"greet": greeting, "wait": wait, "greeted": na("They greet you.", "bye"), "bye": na("Bye.")},
        "game",
        initial_messages=["greet", "wait"],
        points=["1", "1"],
    )
    world = World(study(INVITATION, greet, sequence=(), reminder_hours=6.0))
    for person in (ONE, TWO):
        enrol(world, person)
    asks(world)
    world.presses(TWO, "yes")
    goes_on(world, hours=20)
    assert sum(text == "One moment." for text in texts(world, TWO)) == 1
    assert sum(text == "Greet?" for text in texts(world, ONE)) == 2
    world.writes(TWO, "/start")
    goes_on(world, minutes=1)
    assert "waiting for the other person" in texts(world, TWO)[-1]
    world.presses(ONE, "hi")
    goes_on(world, minutes=1)
    assert texts(world, TWO)[-2:] == ["They greet you.", "Bye."]


def test_each_move_gives_both_a_day_more() -> None:
    world = pair()
    world.presses(TWO, "yes")
    goes_on(world, hours=20)
    world.presses(ONE, "sea")
    goes_on(world, hours=20)
    world.presses(TWO, "sea")
    goes_on(world, minutes=1)
    assert [last(world, person)["ended"] for person in (ONE, TWO)] == [True, True]


def test_a_dialogue_that_begins_meanwhile_waits_until_both_have_played() -> None:
    world = World(study(INVITATION, GAME, question("story"), sequence=("story",)))
    enrol(world, ONE, dialogue_at=world.clock.now() + timedelta(minutes=10), next_at=None)
    enrol(world, TWO, done=("story",))
    asks(world)
    goes_on(world, minutes=20)
    run = world.participant(ONE).run
    assert run is not None
    assert run.dialogue == "story"
    plays(world)
    goes_on(world, minutes=2)
    assert [last(world, person)["ended"] for person in (ONE, TWO)] == [True, True]
    back = world.participant(ONE).run
    assert back is not None
    assert (back.dialogue, texts(world, ONE)[-1]) == ("story", "Ready?")
    assert world.participant(ONE).points == 1


# Fault: src/engine/timing.py: only messages of a dialogue wait for the morning.
@pytest.mark.parametrize("goes", [pauses, blocks])
def test_nobody_is_woken_because_somebody_else_has_gone(goes: Callable[[World], None]) -> None:
    world = begun()
    goes_on(world, hours=10, minutes=30)  # it is half past ten in the evening
    goes(world)
    goes_on(world, hours=7)
    assert not any(OVER in text for text in texts(world, ONE))
    assert world.participant(ONE).run is None
    world.writes(ONE, "/help")
    goes_on(world, minutes=1)
    assert [OVER in text for text in texts(world, ONE)[-2:]] == [False, True]
    goes_on(world, hours=5)
    assert sum(OVER in text for text in texts(world, ONE)) == 1


def test_the_day_is_over_at_night_and_is_told_in_the_morning() -> None:
    world = begun()
    goes_on(world, hours=11)
    world.presses(TWO, "sea")
    goes_on(world, minutes=1)
    assert last(world, TWO)["ended"]
    world = pair()
    world.clock.time = world.clock.time.replace(hour=22)
    world.presses(TWO, "yes")
    goes_on(world, hours=27)
    assert not any(OVER in text for text in texts(world, ONE))
    assert [world.participant(person).run for person in (ONE, TWO)] == [None, None]
    goes_on(world, hours=8)
    assert sum(OVER in text for text in texts(world, ONE)) == 1


def test_who_is_in_another_dialogue_for_two_is_not_torn_out_of_it() -> None:
    world = begun()
    enrol(world, 3)
    goes_on(world, minutes=1)
    asks(world, 3, TWO)
    assert "This time nobody is free" in texts(world, 3)[-1]
    assert world.participant(TWO).run is not None
    asks(world, 3, ONE)
    plays_on = world.participant(ONE).run
    assert plays_on is not None
    assert plays_on.dialogue == "game"


def test_whoever_the_seed_project_left_in_a_dialogue_for_two_is_freed() -> None:
    world = World(study(INVITATION, GAME, sequence=()))
    now = world.clock.now()
    left = Run("seed", "game", "", now - timedelta(days=3), "wait")
    enrol(world, ONE, run=left, next_at=now)
    goes_on(world, minutes=1)
    assert world.participant(ONE).run is None
    assert OVER in texts(world, ONE)[-1]


def test_an_admin_reads_who_waits_for_whom() -> None:
    world = begun()
    lines = whereabouts(world.participant(ONE), world.clock.now(), world.study)
    assert any("at tell, waiting for the other player" in line for line in lines)
    lines = whereabouts(world.participant(TWO), world.clock.now(), world.study)
    assert any("the question guess is open" in line for line in lines)
