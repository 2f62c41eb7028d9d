# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: a bot, an embedded database and a local Bot API with a chat page, all on this machine, in a folder of
their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from src.dialogues.check import Severity, has_errors
from src.errors import BotError
from src.hash_unhash import make_pseudonym_key
from src.logs import set_up_logs
from src.paths import DEMO, DIALOGUES, OUTGOING, SEQUENCE, SETTINGS
from src.settings import Settings, load_settings
from src.simulator.bot_api import LocalBotApi
from src.startup import Place, SystemClock, run_bot
from src.store.database import open_database
from src.store.study import StudyStore
from src.upkeep.study import Demands, read_files, upload_files, upload_sequence

TOKEN = "1000000001:this-is-no-secret-it-opens-nothing-at-all"  # noqa: S105
SECONDS_FOR_A_DAY = 8.0


def run_demo(environment: Mapping[str, str], *, port: int, reset: bool, say: Callable[[str], None]) -> None:
    """Run the demo until Ctrl-C. `say` gets the lines for the person in front of the terminal. Raises BotError."""
    if reset and DEMO.exists():
        nobody_runs_it(DEMO)
        shutil.rmtree(DEMO)
    DEMO.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = demo_place(DEMO)
    settings = demo_settings(environment, "http://127.0.0.1")
    set_up_logs(DEMO / "log")
    upload_study(settings, place)
    telegram = LocalBotApi(TOKEN, port=port, state_file=DEMO / "chats.json")
    telegram.start()
    try:
        say(f"Open {telegram.url}/ in your browser and say hello. Ctrl-C ends the demo; make demo continues it later.")
        run_bot(demo_settings(environment, telegram.url), place)
    finally:
        telegram.stop()


def nobody_runs_it(folder: Path) -> None:
    """Raise BotError if a demo is running in this folder; end a database that one which was killed left behind."""
    database = folder / "db"
    if database.exists():
        open_database("", "demo", database).close()
    if database.with_suffix(".server.json").exists():
        raise BotError("A demo is running in another terminal. End it there first, with Ctrl-C.")


def demo_place(folder: Path) -> Place:
    """Return where the demo keeps what it owns, with a key that is made at the first time."""
    keys = folder / "keys"
    if not (keys / "pseudonyms.key").exists():
        make_pseudonym_key(keys)
    return Place(database="demo", database_folder=folder / "db", keys=keys)


def demo_settings(environment: Mapping[str, str], url: str) -> Settings:
    """Return the study's settings, but for waits of seconds instead of days, no night, and nothing outside this
    machine.
    """
    changed: dict[str, object] = {
        "mongodb_uri": "",
        "telegram_token": TOKEN,
        "telegram_api_url": url,
        "telegram_proxy": "",
        "telegram_ca": None,
        "rhythm_scale": SECONDS_FOR_A_DAY / (24 * 3600),
        "quiet_from": "00:00",
        "quiet_until": "00:00",
    }
    return load_settings(environment, SETTINGS, changed)


def upload_study(settings: Settings, place: Place) -> None:
    """Put the study's files into the demo's database, so that what authors changed is seen at the next start."""
    demands = Demands(settings.languages, settings.categories, OUTGOING)
    with open_database("", place.database, place.database_folder) as database:
        store = StudyStore(database)
        now = SystemClock().now()
        problems, uploaded = upload_files(read_files([DIALOGUES]), demands, store, now, replace_all=True)
        if uploaded is not None:
            problems, _ = upload_sequence(SEQUENCE, store, now)
    if has_errors(problems):
        raise BotError("\n".join(str(each) for each in problems if each.severity is Severity.ERROR))
