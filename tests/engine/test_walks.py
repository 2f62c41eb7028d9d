# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks of random events over our own study: whatever happens, the state stays sound."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from src.dialogues.parse import parse_dialogue
from src.engine.commands import COMMANDS, command_in
from src.engine.effects import Erase, KeepRun, KeepText, Send
from src.engine.events import (
    BlockedBot,
    ButtonPressed,
    Delivered,
    Edited,
    Event,
    FromTelegram,
    GivenUp,
    OtherContent,
    PutOff,
    TextTyped,
    TimeArrived,
    UnblockedBot,
    Unreachable,
)
from src.engine.sequence import next_dialogue
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.turn import REMEMBERED_UPDATES, take_turn
from src.identities import Pseudonym
from src.store.documents import new_document, participant_from
from tests.fakes.ports import NOON
from tests.fakes.world import our_study, with_rules


@cache
def whole_study() -> Study:
    """Return our own study, lengthened by a dialogue that shows files, formulas and a way without a branch."""
    ours = our_study()
    odd = parse_dialogue(
        {
            "_id": "odd",
            "title": "compartir_vivencias",
            "initial_messages": ["ask"],
            "points": ["{n} + 1"],
            "messages": {
                "ask": {"type": "WA", "text": "N?", "vars": ["n"], "input": {"kind": "text", "next": "show"}},
                "show": {
                    "type": "NA",
                    "text": "{double}",
                    "display": {"double": "{n} * 2"},
                    "vars": [{"type": "img", "file_name": "a.png"}, {"type": "pdf", "file_name": "b.pdf"}],
                    "next": "way",
                },
                "way": {
                    "type": "SA",
                    "text": "?",
                    "vars": [{"name": "w", "type": "button", "texts": ["A", "B"], "values": ["a", "b"]}],
                    "next": {"w": {"a": None}},
                },
            },
        }
    )
    revisions = {**ours.revisions, odd.revision: odd}
    return Study({**ours.dialogues, "odd": odd}, revisions, (*ours.sequence[:2], "odd", *ours.sequence[2:]), ours.rules)


WORDS = [word for command in COMMANDS for word in (*command.words, *command.slashed)]
PLAIN_TEXTS = ("", " ", "?", "hello <b>", "17:30", "24:99", "42", "no", "x" * 300, "/start")
TEXTS = (*PLAIN_TEXTS, *WORDS, *(f"/{each}" for each in WORDS))
FIRST_WORDS = ("/start", "hello")
QUIET = {
    "forgetme",
    "/forgetme",
    "baixa",
    "/baixa",
    "baja",
    "/baja",
    "unsubscribe",
    "/unsubscribe",
    "abmelden",
    "/abmelden",
}


STEPS = 400


class Walker:
    """A person, Telegram and the clock, all of them unpredictable; `chance` makes each walk repeatable."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.study = with_rules(whole_study(), developer=seed % 5 == 0, pause_scale=seed % 3)
        self.now = NOON + timedelta(hours=self.chance.randrange(24 * 300))
        self.updates = self.messages = 100
        self.kept: list[str] = []
        self.appear()

    def appear(self) -> None:
        """Come as somebody whom nobody has heard of."""
        self.person = Participant(Pseudonym("a" * 32), self.chance.choice(("ca", "en", "de")))

    def update(self) -> int:
        self.updates += 1
        return self.updates

    def text(self) -> Event:
        shown = self.buttons()
        labels = [each[1] for each in shown] + [each[0] for each in shown]
        typed = self.chance.choice(labels) if labels and self.chance.random() < 0.7 else self.chance.choice(TEXTS)
        if command_in(typed, developer=False) and self.chance.random() < 0.8:
            typed = self.chance.choice(PLAIN_TEXTS)
        return TextTyped(self.update(), typed if self.person.version else self.chance.choice(FIRST_WORDS))

    def press(self) -> Event:
        run = self.person.run
        asked = run.question if run and run.question is not None else self.person.last_message_id + 1
        on = asked if self.chance.random() < 0.9 else self.chance.choice((None, 1, self.messages))
        values = [value for value, _ in self.buttons()] or ["yes"]
        return ButtonPressed(self.update(), "q", on, self.chance.choice(values))

    def buttons(self) -> list[tuple[str, str]]:
        """Return value and label of each button of the open question."""
        run = self.person.run
        dialogue = self.study.revisions.get(run.revision) if run else None
        if run is None or dialogue is None:
            return []
        return [(each.value, each.label.in_language("en", "en")) for each in dialogue.messages[run.at].buttons]

    def delivered(self) -> Event:
        entry = self.person.outbox[0]
        if not isinstance(entry.what, Send):
            return Delivered(entry.id, None)
        self.messages += 1
        return Delivered(entry.id, self.messages, bool(entry.what.buttons))

    def lost(self) -> Event:
        self.messages += 1
        return Delivered("0.0", self.messages, has_buttons=True)

    def event(self) -> Event:
        """Return what happens next; now and then what hardly ever happens."""
        rare: list[Callable[[], Event]] = [
            lambda: BlockedBot(self.update()),
            lambda: UnblockedBot(self.update()),
            lambda: Edited(self.update()),
            lambda: OtherContent(self.update()),
            lambda: TextTyped(self.updates, "hello"),
            self.lost,
            Unreachable,
            TimeArrived,
        ]
        if self.person.outbox:
            first = self.person.outbox[0].id
            rare += [lambda: PutOff(first, 30.0), lambda: GivenUp(first, "odd")]
        if self.chance.random() < 0.06:
            return self.chance.choice(rare)()
        if self.person.outbox and self.chance.random() < 0.75:
            return self.delivered()
        return self.chance.choice((self.text, self.press, self.press, TimeArrived))()

    def step(self) -> None:
        """Let one thing happen, save it as the service does, and look whether all is well."""
        self.now += timedelta(milliseconds=self.chance.choice((0, 500, 3_000, 60_000, 7_000_000)))
        if self.person.next_at is not None and self.chance.random() < 0.7:
            self.now = max(self.now, self.person.next_at)
        event = self.event()
        before = self.person
        turn = take_turn(before, event, self.now, self.study)
        kept = [each for each in turn.effects if isinstance(each, KeepRun | KeepText)]
        assert not any(isinstance(each, Send) for each in turn.effects)
        if turn.participant != before or kept:
            self.person = replace(turn.participant, version=before.version + 1)
        self.kept += [each.run.id for each in turn.effects if isinstance(each, KeepRun)]
        self.all_is_well()
        if isinstance(event, FromTelegram) and event.update in self.person.recent_updates:
            again = take_turn(self.person, event, self.now, self.study)
            assert again.participant == self.person
            assert not any(isinstance(each, KeepRun | KeepText) for each in again.effects)
        if Erase() in turn.effects:
            assert self.person.erasing
            self.appear()

    def all_is_well(self) -> None:
        person, run, outbox = self.person, self.person.run, self.person.outbox
        assert participant_from(new_document(person), "ca") == person
        assert len({each.id for each in outbox}) == len(outbox)
        assert (person.outbox_at is not None) == bool(outbox)
        assert len(person.recent_updates) <= REMEMBERED_UPDATES
        assert len(set(self.kept)) == len(self.kept)
        assert (
            person.next_at == person.outbox_at
            if outbox
            else (person.next_at is not None) == self.something_is_planned()
        )
        asking = [each for each in outbox if isinstance(each.what, Send) and each.what.asks]
        of_dialogues = [each.what.run for each in outbox if isinstance(each.what, Send) and each.what.run]
        if run is None:
            assert not of_dialogues
        elif run.over:
            assert not asking
            assert run.question is None
            assert set(of_dialogues) == {run.id}
        else:
            assert len(asking) + (run.question is not None) == 1
            assert set(of_dialogues) <= {run.id}

    def something_is_planned(self) -> bool:
        """Tell whether the scheduler has to look at the person although nothing is to be sent."""
        if self.person.kept is not None:
            return True
        person = self.person
        is_waiting = person.status is Status.ACTIVE and person.reachable and person.run is None
        return person.erasing or (is_waiting and next_dialogue(person, self.study) is not None)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_the_state_stays_sound(seed: int) -> None:
    walker = Walker(seed)
    for _ in range(STEPS):
        walker.step()


def test_the_random_walks_come_through_the_whole_study_and_every_status() -> None:
    done: set[str] = set()
    statuses: set[Status] = set()
    alone = {name for name in whole_study().sequence if not whole_study().dialogues[name].is_for_two}
    for seed in range(60):
        if alone <= done and statuses == set(Status):
            return
        walker = Walker(seed)
        for _ in range(STEPS):
            walker.step()
            done |= set(walker.person.done)
            statuses.add(walker.person.status)
    raise AssertionError("some dialogue or status is never reached by chance")
