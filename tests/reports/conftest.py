# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of this folder use a database."""

from __future__ import annotations

from tests.database import database, database_server

__all__ = ["database", "database_server"]
