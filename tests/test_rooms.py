# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the house. A line uses what is below, never beside or above. A new file gets its room here."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.paths import ROOT
from tests.room_rules import Floor, House, faults_of, module_of

WIRING = tuple(
    f"src.{name}"
    for name in (
        "startup",
        "readiness",
        "admin_parts",
        "demo",
        "rehearse",
        "scripts",
        "own_python",
        "logs",
        "settings",
        "setting_values",
        "phrases",
        "watchdog",
        "error_lines",
    )
)
HOUSE = House(
    floors=(
        Floor("everyone", {"everyone": ("src.errors", "src.frozen", "src.identities", "src.paths")}),
        Floor(
            "content",
            {"dialogues": ("src.dialogues",), "sentences": ("src.conversation_elements",)},
            pure=True,
        ),
        Floor("rules", {"engine": ("src.engine",)}, pure=True),
        Floor("order", {"service": ("src.service",)}),
        Floor("safe", {"safe": ("src.private_files", "src.sealing", "src.sealed_stream")}),
        Floor(
            "keys",
            {
                "pseudonyms": ("src.hash_unhash",),
                "tokens": ("src.secrets_store",),
                "change": ("src.key_change",),
                "admins": ("src.admin_password",),
            },
        ),
        Floor(
            "world",
            {
                "telegram": (
                    "src.telegram_bot",
                    "src.telegram_errors",
                    "src.telegram_files",
                    "src.telegram_menu",
                    "src.telegram_updates",
                ),
                "store": ("src.store",),
                "mail": ("src.mail", "src.mail_message", "src.mail_password"),
                "simulator": ("src.simulator",),
            },
        ),
        Floor("people", {"upkeep": ("src.upkeep",), "reports": ("src.reports",), "rehearsal": ("src.rehearsal",)}),
        Floor("authors", {"preview": ("src.preview",)}),
        Floor("wiring", {"wiring": WIRING}),
        Floor("doors", {"doors": ("main", "manipulate_db", "monitoring", "security", "data")}),
    ),
    libraries={
        "telepot": ("src.telegram_bot", "src.telegram_errors"),
        "urllib3": ("src.telegram_bot", "src.telegram_errors"),
        "pymongo": ("src.store",),
        "bson": ("src.store",),
        "aiohttp": ("src.simulator",),
        "simpleeval": ("src.dialogues.formula",),
        "cryptography": ("src.sealing", "src.sealed_stream"),
        "keyring": ("src.mail_password",),
        "pydantic": ("src.settings", "src.reports.described"),
        "jinja2": ("src.reports.page", "src.rehearsal.report"),
        "matplotlib": (
            "src.reports.drawing",
            "src.reports.charts",
            "src.reports.flow_picture",
            "src.rehearsal.charts",
            "data.outgoing_files",
        ),
        "plotly": ("src.reports.interactive",),
        "rich": ("src.upkeep.overview", "src.rehearsal.progress", "manipulate_db.print_db_status"),
        "igraph": ("src.upkeep.columns",),
        "pyarrow": ("src.upkeep.export.parquet",),
        "pandas": ("src.upkeep.export.spss",),
        "numpy": ("src.upkeep.export.spss",),
        "pyreadstat": ("src.upkeep.export.spss",),
    },
)
MAP = "src/__init__.py"
DOORS = ("main.py", "manipulate_db/*.py", "monitoring/*.py", "security/*.py", "data/*/*.py")
FILES = sorted(
    file
    for pattern in ("src/**/*.py", *DOORS)
    for file in ROOT.glob(pattern)
    if file != ROOT / MAP and "demo" not in file.parts
)


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_every_file_keeps_to_its_room(file: Path) -> None:
    assert faults_of(module_of(file), file.read_text("utf-8"), HOUSE) == []


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(ROOT)) for file in FILES])
def test_every_file_names_its_licence_first(file: Path) -> None:
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#!")]
    assert lines[0] == "# SPDX-License-Identifier: GPL-3.0-or-later"


@pytest.mark.parametrize(
    ("module", "source", "said"),
    [
        ("src.dialogues.check", "from src.engine.turn import take_turn", "src.engine.turn is above"),
        ("src.engine.turn", "from src.service import ports", "src.service is above"),
        ("src.engine.turn", "def f():\n    from src import logs", "line 2: src.logs is above"),
        ("src.service.ports", "import src.store.database", "is above"),
        ("src.store.database", "from src.startup import open_bot", "is above"),
        ("src.startup", "import main", "main is above"),
        ("src.settings", "from security.decrypt_files import decrypt", "is above"),
        ("src.dialogues.check", "from src.conversation_elements import phrase", "is beside"),
        ("src.telegram_bot", "from src.store.database import Database", "is beside"),
        ("src.hash_unhash", "from src import secrets_store", "src.secrets_store is beside"),
        ("src.reports.counts", "import src.upkeep.study", "src.upkeep.study is beside"),
        ("src.store.database", "import src.upkeep.study", "src.upkeep.study is above"),
        ("src.engine.turn", "from . import talk", "is relative; write it in full"),
        ("src.engine.turn", "import src.something_new", "has no room"),
        ("src.something_new", "", "src.something_new has no room"),
    ],
)
def test_a_line_never_uses_what_is_above_or_beside(module: str, source: str, said: str) -> None:
    assert _one_fault(module, source).endswith(said)


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "import time",
        "import socket",
        "import os.path",
        "import logging",
        "import secrets",
        "import sys",
        "from pathlib import Path",
        "from urllib.request import urlopen",
        "text = open('file').read()",
        "print('hello')",
        "from src.paths import DATA\ntext = DATA.read_text()",
        "from datetime import datetime\nnow = datetime.now()",
        "from datetime import datetime as moment\nclock = moment.utcnow",
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)",
        "import datetime as d\ntoday = d.date.today()",
        "from uuid import uuid4\nname = uuid4()",
        "value = eval('1')",
        "class Open:\n    open: str\ndef f():\n    return open('file')",
    ],
)
@pytest.mark.parametrize("module", ["src.engine.turn", "src.dialogues.check", "src.conversation_elements"])
def test_pure_rooms_have_no_clock_disk_network_chance_or_log(module: str, source: str) -> None:
    assert _one_fault(module, source).endswith("is not for a pure room")


@pytest.mark.parametrize("library", HOUSE.libraries)
def test_a_foreign_library_comes_in_through_its_door_alone(library: str) -> None:
    for source in (f"import {library}", f"from {library}.part import thing", f"import {library} as short"):
        assert "alone" in _one_fault("src.startup", source)
        assert "alone" in _one_fault("src.engine.turn", source)
        for door in HOUSE.libraries[library]:
            assert faults_of(door, source, HOUSE) == []


def test_a_library_that_nobody_has_decided_about_comes_in_nowhere() -> None:
    for module in ("src.store.database", "monitoring.general_daily", "main"):
        assert _one_fault(module, "import requests").endswith("is a foreign library without a door")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "src.engine.turn",
            "from src.conversation_elements import phrase\nfrom src.engine.talk import begin",
        ),
        ("src.engine.timing", "from datetime import datetime\ndef f(now: datetime) -> datetime: return now"),
        ("src.service.scheduler", "import logging, threading, time\nfrom src.identities import Pseudonym"),
        ("src.store.database", "import os\nfrom src.private_files import read_private"),
        ("src.startup", "from src.settings import Settings\nfrom src.store.database import Database"),
        ("security.decrypt_files", "from _start import run\nfrom src.secrets_store import token_of"),
    ],
)
def test_what_is_below_or_in_the_same_room_may_be_used(module: str, source: str) -> None:
    assert faults_of(module, source, HOUSE) == []


def _one_fault(module: str, source: str) -> str:
    (fault,) = faults_of(module, source, HOUSE)
    return fault
