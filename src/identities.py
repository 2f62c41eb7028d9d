# SPDX-License-Identifier: GPL-3.0-or-later
"""The two kinds of identity, never mixed up: what Telegram knows a person by, and what we do."""

from __future__ import annotations

from typing import NewType

Pseudonym = NewType("Pseudonym", str)
"""32 hex digits, the `_id` of a participant; see `hash_unhash.py`."""

TelegramId = NewType("TelegramId", int)
"""Telegram's number of a person and of the private chat with them. Stored in `hashes` alone."""
