# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets `python3 main.py` and every script run with the packages that `make` has installed into `.venv`.

Needs nothing but the standard library, and runs under older Pythons too, so that it can say what is missing.
"""

from __future__ import annotations

import importlib.util
import os
import sys

from src.paths import ROOT

OLDEST = (3, 11)
NEEDED = ("telepot", "pymongo", "cryptography", "keyring", "pydantic", "simpleeval")
_TRIED = "STUDY_BOT_OWN_PYTHON"


def use_own_python() -> None:
    """Start the running script again with `.venv/bin/python`, if there is one and this is another Python.

    Does nothing when the running program is no script of this project (tests, a console). Ends with one line
    if packages are missing. To be called before anything else is imported from `src`.
    """
    tried = os.environ.pop(_TRIED, "") != ""
    if not _is_script_of_ours():
        return
    own = ROOT / ".venv" / "bin" / "python"
    if own.exists() and not tried and not _is_same_folder(sys.prefix, str(ROOT / ".venv")):
        os.environ[_TRIED] = "1"
        sys.stdout.flush()
        os.execv(str(own), [str(own), *sys.orig_argv[1:]])  # noqa: S606
    if sys.version_info < OLDEST:
        sys.exit(f"This is Python {sys.version_info[0]}.{sys.version_info[1]}; the bot needs 3.11 or newer.")
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"Python packages are missing ({', '.join(missing)}). Type: make -C {ROOT}")


def _is_script_of_ours() -> bool:
    """Tell whether a file of the project has been started, and not a tool that imports it."""
    started = getattr(sys.modules.get("__main__"), "__file__", None)
    if started is None:
        return False
    path = os.path.realpath(started)
    return path.startswith(f"{ROOT}{os.sep}") and not path.startswith(f"{ROOT / '.venv'}{os.sep}")


def _is_same_folder(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
