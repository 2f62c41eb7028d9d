# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a test orders: for some methods, some chats, some number of times."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

from src.simulator.calls import Call
from src.simulator.faults import Fault


@dataclass
class Order:
    """One order. Empty `methods` or `chats` mean all; `times` None: until it is cancelled; `happened` counts."""

    fault: Fault
    methods: frozenset[str] = frozenset()
    chats: frozenset[int] = frozenset()
    times: int | None = None
    happened: int = 0

    def fits(self, call: Call) -> bool:
        """Tell whether the fault is meant for this request, and not used up."""
        if self.times is not None and self.happened >= self.times:
            return False
        return (not self.methods or call.method in self.methods) and (not self.chats or call.chat_id in self.chats)


class FaultOrders:
    """The orders that are open; the oldest that fits counts. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Order] = []

    def add(
        self, fault: Fault, methods: Collection[str] = (), chats: Collection[int] = (), times: int | None = None
    ) -> Order:
        """Open an order and return it, so that it can be watched or cancelled."""
        order = Order(fault, frozenset(methods), frozenset(chats), times)
        with self._lock:
            self._orders.append(order)
        return order

    def cancel(self, order: Order) -> None:
        """Close an order; nothing happens if it is closed already."""
        with self._lock:
            self._orders = [each for each in self._orders if each is not order]

    def clear(self) -> None:
        """Close all orders."""
        with self._lock:
            self._orders = []

    def fault_for(self, call: Call) -> Fault | None:
        """Return the fault for a request, and count it; None: there is none."""
        with self._lock:
            order = next((each for each in self._orders if each.fits(call)), None)
            if order is None:
                return None
            order.happened += 1
            return order.fault
