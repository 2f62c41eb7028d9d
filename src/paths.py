# SPDX-License-Identifier: GPL-3.0-or-later
"""Where files lie, seen from the folder that holds main.py."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
LOG = ROOT / "log"
KEYS = ROOT / "security" / "keys"
TOKENS = ROOT / "tokens.json"
SETTINGS = DATA / "settings.toml"
DIALOGUES = DATA / "gamesInfo"
SEQUENCE = DATA / "bot" / "sequence.txt"
OUTGOING = DATA / "outgoing_files"
HABITS = DATA / "rehearsal" / "habits.toml"
DATABASE = DATA / "db"
DEMO = DATA / "demo"
