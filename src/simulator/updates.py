# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue of updates: ids, confirmation by offset, lifetimes, and which kinds the bot wants."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from src.simulator.entities import Json
from src.simulator.refusals import NotPossible

DAY = 86_400.0
LIFETIME_OF_A_PRESS = 150.0
LIFETIMES = {
    "callback_query": LIFETIME_OF_A_PRESS,
    "pre_checkout_query": 150.0,
    "shipping_query": 150.0,
    "inline_query": 30.0,
}
ONLY_ON_DEMAND = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST_PENDING = 100_000
FAR_IN_THE_FUTURE = 10
FAR_IN_THE_PAST = 100_000


@dataclass(frozen=True)
class Update:
    """One update that waits for confirmation; `expires_at` is Unix time."""

    update_id: int
    kind: str
    payload: Json
    expires_at: float

    def as_json(self) -> Json:
        """Return the Update object of the Bot API; one without a kind has its number alone."""
        return {"update_id": self.update_id} | ({self.kind: self.payload} if self.kind else {})


class UpdateQueue:
    """What Telegram keeps for a bot until the bot confirms it."""

    def __init__(self, clock: Callable[[], float], first_id: int) -> None:
        self._clock = clock
        self._next_id = first_id
        self._allowed: tuple[str, ...] = ()
        self._pending: dict[int, Update] = {}

    def add(self, kind: str, payload: Json, unasked: bool = False) -> int | None:
        """Queue an update and return its id; None if the bot does not want this kind or the queue is full.

        `unasked`: the bot gets it all the same, as one that was queued before the bot said what it wants.
        """
        if not (unasked or self._wanted(kind)) or len(self._pending) >= MOST_PENDING:
            return None
        expires_at = self._clock() + LIFETIMES.get(kind, DAY)
        update = Update(self._next_id, kind, payload, expires_at)
        self._pending[update.update_id] = update
        self._next_id += 1
        return update.update_id

    def allow(self, kinds: Sequence[str]) -> None:
        """Remember which kinds the bot wants; none at all means Telegram's usual choice."""
        self._allowed = tuple(kinds)

    @property
    def allowed(self) -> tuple[str, ...]:
        """Return the kinds that the bot asked for; empty is Telegram's usual choice."""
        return self._allowed

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """Confirm what lies before `offset`, and return up to `limit` of the rest, oldest first.

        A negative offset counts from the end. One far outside of the queue confirms nothing.
        """
        first = next(iter(self._pending), self._next_id)
        if offset < 0:
            self._confirm_before(max(first, self._next_id + offset))
        elif first - FAR_IN_THE_PAST <= offset <= self._next_id + FAR_IN_THE_FUTURE:
            self._confirm_before(offset)
        self._drop_expired(limit)
        return list(islice(self._pending.values(), limit))

    def drop_all(self) -> None:
        """Forget everything that is not confirmed."""
        self._pending.clear()

    def pending(self) -> list[Update]:
        """Return all that waits, expired or not."""
        return list(self._pending.values())

    def __len__(self) -> int:
        return len(self._pending)

    def continue_from(self, update_id: int) -> None:
        """Let the next update have this id, as after a week of silence; raise NotPossible if some wait."""
        if self._pending:
            raise NotPossible("Update ids jump only when no update waits for confirmation.")
        self._next_id = update_id

    def dump(self) -> Json:
        """Return everything for the state file."""
        pending = [dict(vars(update)) for update in self._pending.values()]
        return {"next_id": self._next_id, "allowed": list(self._allowed), "pending": pending}

    def load(self, body: Json) -> None:
        """Take over what `dump` gave."""
        self._next_id = int(body["next_id"])
        self._allowed = tuple(body["allowed"])
        self._pending = {each["update_id"]: Update(**each) for each in body["pending"]}

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in ONLY_ON_DEMAND

    def _confirm_before(self, offset: int) -> None:
        self._remove(takewhile(lambda update_id: update_id < offset, self._pending))

    def _drop_expired(self, limit: int) -> None:
        """Drop what is too old among the first; stop as soon as `limit` good ones were seen."""
        now, good, old = self._clock(), 0, []
        for update in self._pending.values():
            if good == limit:
                break
            if update.expires_at > now:
                good += 1
            else:
                old.append(update.update_id)
        self._remove(old)

    def _remove(self, update_ids: Iterable[int]) -> None:
        for update_id in list(update_ids):
            del self._pending[update_id]
