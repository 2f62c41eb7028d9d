# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo and the preview: a bot, an embedded database and a local Bot API with a chat page, all on this machine, in
a folder of their own. The demo keeps its folder and goes on in it; of a preview nothing stays.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from src.errors import BotError
from src.hash_unhash import load_pseudonym_key, make_pseudonym_key
from src.logs import set_up_logs
from src.paths import DEMO, DIALOGUES, OUTGOING, SEQUENCE, SETTINGS
from src.phrases import PHRASES_FILE, load_phrases
from src.preview.author import PAGE, Author
from src.preview.drafts import Drafts, Sources
from src.preview.own_folder import own_folder
from src.preview.watching import FileWatch, watching
from src.settings import Settings, load_settings
from src.simulator.beside import Beside
from src.simulator.bot_api import LocalBotApi
from src.startup import Place, SystemClock, rules_of, run_bot
from src.store.database import open_database
from src.upkeep.study import Demands, files_missing

TOKEN = "1000000001:this-is-no-secret-it-opens-nothing-at-all"  # noqa: S105
SECONDS_FOR_A_DAY = 8.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Shown:
    """A study that is shown: its dialogues (folders or files), and what lies around them as in `data/`."""

    paths: tuple[Path, ...]
    sequence: Path | None
    settings: Path = SETTINGS
    phrases: Path = PHRASES_FILE
    outgoing: Path = OUTGOING

    @property
    def name(self) -> str:
        """Return what the author calls it."""
        return ", ".join(str(path) for path in self.paths)


OURS = Shown((DIALOGUES,), SEQUENCE)


def run_demo(environment: Mapping[str, str], *, port: int, reset: bool, say: Say) -> None:
    """Run the demo until Ctrl-C. `say` gets the lines for the person in front of the terminal. Raises BotError."""
    if reset and DEMO.exists():
        nobody_runs_it(DEMO)
        shutil.rmtree(DEMO)
    DEMO.mkdir(mode=0o700, parents=True, exist_ok=True)
    how_to_end = "Ctrl-C ends the demo; make demo continues it later."
    show(OURS, DEMO, environment, port, strict=True, say=say, how_to_end=how_to_end)


def run_preview(environment: Mapping[str, str], paths: Sequence[Path], *, port: int, say: Say) -> None:
    """Show an author's folder or files until Ctrl-C, and leave nothing behind. Raises BotError.

    Files with errors are left out until they are mended; the page says what is wrong with them.
    """
    files_missing(paths)
    study = OURS if tuple(paths) == OURS.paths else study_around([path.resolve() for path in paths])
    with ending_in_order(), own_folder("db") as folder:
        how_to_end = "Ctrl-C ends the preview, and nothing of it stays."
        show(study, folder, environment, port, strict=False, say=say, how_to_end=how_to_end)


def study_around(paths: Sequence[Path]) -> Shown:
    """Return what belongs to these files: what lies beside their folder, as in `data/`, else what is ours.

    The order is in `sequence.txt` in a folder, or in `bot/sequence.txt` beside it; single files have none.
    """
    folder = paths[0] if paths[0].is_dir() else paths[0].parent
    orders = [folder / "sequence.txt", folder.parent / "bot" / "sequence.txt"] if len(paths) == 1 else []
    around = folder.parent
    return Shown(
        tuple(paths),
        next((each for each in orders if paths[0].is_dir() and each.is_file()), None),
        first_there(around / "settings.toml", SETTINGS),
        first_there(around / "phrases.toml", PHRASES_FILE),
        first_there(around / "outgoing_files", OUTGOING),
    )


def first_there(path: Path, otherwise: Path) -> Path:
    """Return the path if something is there."""
    return path if path.exists() else otherwise


def show(
    study: Shown, folder: Path, environment: Mapping[str, str], port: int, *, strict: bool, say: Say, how_to_end: str
) -> None:
    """Run everything in this folder until somebody ends it. With `strict`, an error in a file is a BotError."""
    place = place_in(folder, study)
    settings = settings_of(environment, study.settings, "http://127.0.0.1")
    set_up_logs(folder / "log")
    phrases = load_phrases(study.phrases, settings.languages, settings.default_language)
    rules = rules_of(settings, developer=False, phrases=phrases)
    sources = Sources(study.paths, study.sequence, Demands(settings.languages, settings.categories, study.outgoing))
    with open_database("", place.database, place.database_folder) as database:
        key = load_pseudonym_key(place.keys)
        author = Author(database, key, Drafts(sources), rules, SystemClock().now, study.name, is_open=not strict)
        files = FileWatch(sources.stamps, author.refresh)
        author.begin(strict=strict)
        beside = Beside(PAGE, author.answers)
        telegram = LocalBotApi(TOKEN, port=port, state_file=folder / "chats.json", beside=beside)
        telegram.start()
        author.tell = telegram.tell_pages
        try:
            with watching(files):
                say(f"Open {telegram.url}/ in your browser and say hello. {how_to_end}")
                run_bot(
                    settings_of(environment, study.settings, telegram.url),
                    place,
                    running=lambda parts: author.meet(parts.conversation),
                )
        finally:
            telegram.stop()


def nobody_runs_it(folder: Path) -> None:
    """Raise BotError if a demo is running in this folder; end a database that one which was killed left behind."""
    database = folder / "db"
    if database.exists():
        open_database("", "demo", database).close()
    if database.with_suffix(".server.json").exists():
        raise BotError("A demo is running in another terminal. End it there first, with Ctrl-C.")


def place_in(folder: Path, study: Shown) -> Place:
    """Return where the demo keeps what it owns, with a key that is made at the first time."""
    keys = folder / "keys"
    if not (keys / "pseudonyms.key").exists():
        make_pseudonym_key(keys)
    return Place("demo", folder / "db", keys, outgoing=study.outgoing, phrases=study.phrases)


def settings_of(environment: Mapping[str, str], file: Path, url: str) -> Settings:
    """Return the study's settings, but for waits of seconds instead of days, no night, no limit as nobody but us is
    there to be protected by it, and nothing outside this machine.
    """
    changed: dict[str, object] = {
        "mongodb_uri": "",
        "telegram_token": TOKEN,
        "telegram_api_url": url,
        "telegram_proxy": "",
        "telegram_ca": None,
        "messages_per_second": 0,
        "rhythm_scale": SECONDS_FOR_A_DAY / (24 * 3600),
        "quiet_from": "00:00",
        "quiet_until": "00:00",
    }
    return load_settings(environment, file, changed)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the block as Ctrl-C does, also before the bot runs: what was made for it
    must go.
    """

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
