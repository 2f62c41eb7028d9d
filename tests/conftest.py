# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests share."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

# A shell that starts the tests in the background has Ctrl-C ignored, and so would all programs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_program() -> Path:
    """Return the browser to drive. Without one the test is skipped, or fails where REQUIRE_BROWSER=1 (CI)."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is not None:
        return Path(found)
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but there is no chromium. Type: sudo apt-get install chromium")
    pytest.skip("there is no chromium on this machine; apt-get install chromium lets this test run")
