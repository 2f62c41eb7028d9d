# SPDX-License-Identifier: GPL-3.0-or-later
"""Without the lease nothing passes to Telegram; what Telegram refuses is counted on the way."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from src.engine.effects import Send
from src.errors import BotError, CannotReach, DatabaseAway, Refused
from src.service.agenda import Agenda
from src.service.fence import FencedTelegram
from src.service.health import Health
from src.service.ports import Update
from src.service.watch import Watch
from src.telegram_errors import by_code, translated
from tests.fakes.ports import FakeClock, FakeTelegram
from tests.service.stage import ANN


@dataclass
class Gate:
    """A lease that can be taken away."""

    is_open: bool = True

    def holds(self) -> bool:
        return self.is_open


class Fenced:
    """Telegram behind the fence."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.clock = FakeClock()
        self.telegram = FakeTelegram()
        self.health = Health(self.clock, "abc")
        self.port = FencedTelegram(self.telegram, self.gate.holds, self.health, Watch())

    def counts(self) -> dict[str, int]:
        vitals = self.health.vitals(Agenda(self.clock.now))
        return {kind: count for kind, count in vitals.counts.items() if count}


@pytest.fixture
def fenced() -> Fenced:
    return Fenced()


def test_with_the_lease_everything_passes(fenced: Fenced) -> None:
    fenced.telegram.waiting = [Update(1)]
    assert fenced.port.updates(None, 0) == [Update(1)]
    assert fenced.port.send(ANN, Send("hello")) is not None
    fenced.port.answer_press("q", None)
    fenced.port.show_typing(ANN)
    assert len(fenced.telegram.sent) == len(fenced.telegram.answered) == len(fenced.telegram.typing) == 1


def test_without_the_lease_nothing_passes(fenced: Fenced) -> None:
    fenced.gate.is_open = False
    with pytest.raises(DatabaseAway):
        fenced.port.updates(None, 0)
    with pytest.raises(DatabaseAway):
        fenced.port.send(ANN, Send("hello"))
    fenced.port.answer_press("q", None)
    fenced.port.show_typing(ANN)
    assert fenced.telegram == FakeTelegram(lock=fenced.telegram.lock)


def test_updates_that_came_while_the_lease_was_lost_are_left_to_the_other_bot(fenced: Fenced) -> None:
    answers = iter([True, False])
    port = FencedTelegram(fenced.telegram, lambda: next(answers), fenced.health, Watch())
    fenced.telegram.waiting = [Update(1)]
    with pytest.raises(DatabaseAway):
        port.updates(None, 0)
    assert fenced.telegram.waiting == [Update(1)]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (by_code(429, "Too Many Requests", {"parameters": {"retry_after": 3}}), "429"),
        (by_code(403, "Forbidden: bot was blocked by the user", {}), "403"),
        (by_code(409, "Conflict", {}), "409"),
        (by_code(500, "Internal Server Error", {}), "5xx"),
        (by_code(502, "Bad Gateway", {}), "5xx"),
        (translated(ConnectionResetError()), None),
        (translated(ValueError()), "lost"),
        (Refused("message is too long"), None),
        (CannotReach("gone"), "403"),
    ],
)
def test_troubles_are_counted_by_kind_as_the_adapter_tells_them(
    fenced: Fenced, trouble: BotError, kind: str | None
) -> None:
    fenced.telegram.troubles = [trouble]
    with pytest.raises(type(trouble)):
        fenced.port.send(ANN, Send("hello"))
    assert fenced.counts() == ({kind: 1} if kind else {})


def test_troubles_while_polling_are_counted_too(fenced: Fenced) -> None:
    conflict = by_code(409, "Conflict", {})

    class InConflict(FakeTelegram):
        def updates(self, offset: int | None, wait: int) -> list[Update]:
            raise conflict

    port = FencedTelegram(InConflict(), fenced.gate.holds, fenced.health, Watch())
    with pytest.raises(type(conflict)):
        port.updates(None, 25)
    assert fenced.counts() == {"409": 1}
    assert fenced.health.vitals(Agenda(fenced.clock.now)).polled is None
