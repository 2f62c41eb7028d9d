# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks dialogues for two: each player has a way through, nobody waits for what never comes, invitations can be taken.

A player's part is what can be reached from that player's first message, and, where the player waits for it, from what
the other one triggers.
"""

from __future__ import annotations

from collections.abc import Iterator

from src.dialogues.faults import Fault, warning
from src.dialogues.model import Dialogue, Kind, Message
from src.dialogues.names import INVITING, YES
from src.dialogues.rules import Draft, links_of, may_end, waits_for_trigger

PLAYERS = ("first", "second")
MOST_COMPARED = 20
"""More questions that both answer are not counted."""

Parts = tuple[frozenset[str], frozenset[str]]


def check_pairs(draft: Draft) -> Iterator[Fault]:
    """Yield what keeps two players from playing this dialogue, or somebody from saying yes to it."""
    dialogue = draft.dialogue
    yield from _invitation_faults(dialogue)
    for message in dialogue.messages.values():
        if message.waiting_text is not None and message.kind is not Kind.COMPARE:
            yield warning("only a CA shows `waiting_text`", "Make it a CA, or delete `waiting_text`", message.id)
        elif message.waiting_text is not None and not dialogue.is_for_two:
            yield warning("`waiting_text` needs a second player", "Name two `initial_messages`", message.id)
    if dialogue.is_for_two:
        yield from _faults_of_parts(dialogue, parts_of(dialogue))


def _faults_of_parts(dialogue: Dialogue, parts: Parts) -> Iterator[Fault]:
    for role, (own, other) in enumerate((parts, parts[::-1])):
        yield from _faults_of_player(dialogue, PLAYERS[role], PLAYERS[1 - role], own, other)
    counted = [compared_on_ways(dialogue, role) for role in range(2)]
    if all(counted) and counted[0] != counted[1]:
        listed = " and ".join(_numbers(each) for each in counted)
        yield warning(
            f"the players answer different numbers of CA: {listed}; who answers more of them waits in vain, and then "
            "reads that the time is over",
            "Let both meet the same number on every way",
        )


def _numbers(counts: frozenset[int]) -> str:
    return " or ".join(map(str, sorted(counts)))


def _faults_of_player(
    dialogue: Dialogue, name: str, partner: str, own: frozenset[str], other: frozenset[str]
) -> Iterator[Fault]:
    """Yield what is wrong with the part of one player; `other` is the part of the partner."""
    mine = [dialogue.messages[one] for one in sorted(own)]
    theirs = [dialogue.messages[one] for one in sorted(other)]
    is_triggered = any(each.triggers for each in theirs)
    is_compared = any(_compares(each) for each in theirs)
    waits = any(waits_for_trigger(each) for each in theirs)
    is_stuck = not is_triggered and any(waits_for_trigger(each) for each in mine)
    for message in mine:
        if waits_for_trigger(message) and not is_triggered:
            yield Fault(
                f"it can't be left: the {name} player waits here, and nothing in the {partner} player's part triggers",
                "Write `triggers` into a message of the other player, or make it an NA",
                message.id,
            )
        if _compares(message) and not is_compared:
            yield Fault(
                f"it can't be left: the {name} player waits here for an answer, and the {partner} player meets no CA",
                "Lead both players to a CA, or make it an SA",
                message.id,
            )
        if message.triggers is not None and not waits:
            yield warning(
                f"`triggers` sends {message.triggers!r} to the {partner} player, who never waits for it",
                "Give the other player a WA, or delete `triggers`",
                message.id,
            )
    if not is_stuck and not any(each.ends or may_end(each) for each in mine):
        yield Fault(
            f"the {name} player never comes to an end",
            "Let a message of theirs that is no WA have null as its `next`",
        )


def _compares(message: Message) -> bool:
    return message.kind is Kind.COMPARE and message.asks


def parts_of(dialogue: Dialogue) -> Parts:
    """Return the ids of the messages that each of both players may see."""
    parts = [{first} & dialogue.messages.keys() for first in dialogue.initial_messages]
    before: list[set[str]] = []
    while before != parts:
        before = [set(each) for each in parts]
        for role in range(2):
            parts[role] = _grown(dialogue, parts[role], parts[1 - role])
    return frozenset(parts[0]), frozenset(parts[1])


def _grown(dialogue: Dialogue, own: set[str], other: set[str]) -> set[str]:
    """Return a player's part with all that it leads to, and all that the partner's triggers."""
    found = set(own)
    if any(waits_for_trigger(dialogue.messages[one]) for one in own):
        found |= {trigger for one in other if (trigger := dialogue.messages[one].triggers) is not None}
    for one in own:
        if waits_for_trigger(dialogue.messages[one]):
            continue  # only the partner leads on from here
        found |= {target for key, target in links_of(dialogue.messages[one]) if key != "triggers"}
    return found & dialogue.messages.keys()


def compared_on_ways(dialogue: Dialogue, role: int) -> frozenset[int]:
    """Return how many CA a player may have answered at the end of a way; nothing where that has no bound, or the way
    is led by triggers, which may come in any order.
    """
    totals: set[int] = set()
    seen: set[tuple[str, int]] = set()
    waiting = [(dialogue.initial_messages[role], 0)]
    while waiting:
        here = waiting.pop()
        message = dialogue.messages.get(here[0])
        if message is None or here in seen:
            continue
        if here[1] > MOST_COMPARED or waits_for_trigger(message):
            return frozenset()
        seen.add(here)
        count = here[1] + _compares(message)
        if message.ends or may_end(message):
            totals.add(count)
        waiting += [(target, count) for key, target in links_of(message) if key != "triggers"]
    return frozenset(totals)


def _invitation_faults(dialogue: Dialogue) -> Iterator[Fault]:
    """Yield why somebody who is asked whether they would like to play cannot say yes."""
    inviting = [message for message in dialogue.messages.values() if message.action == INVITING]
    if not inviting:
        return
    if dialogue.is_for_two:
        yield Fault(
            f"the action {INVITING!r} stands in a dialogue for two",
            "Ask in a dialogue for one player: it is sent before both begin",
            inviting[0].id,
        )
        return
    values = {button.value.strip().casefold() for message in dialogue.messages.values() for button in message.buttons}
    if not values & YES:
        yield Fault(
            "nobody can accept this invitation: no button has a value that means yes",
            f"Write one of {', '.join(sorted(YES))} into the `values` of a button",
            inviting[0].id,
        )
    elif values <= YES:
        yield Fault(
            "nobody can decline this invitation: every button has a value that means yes",
            "Add a button with another value, such as no",
            inviting[0].id,
        )
