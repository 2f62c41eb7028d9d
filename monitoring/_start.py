# SPDX-License-Identifier: GPL-3.0-or-later
"""Import this first, and a script runs from anywhere. Every folder of scripts holds this same file."""

import sys
from pathlib import Path

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "main.py").is_file())
if str(ROOT) not in sys.path:
    sys.path.insert(1, str(ROOT))

from src.own_python import use_own_python

use_own_python()

from src.scripts import run

__all__ = ["ROOT", "run"]
