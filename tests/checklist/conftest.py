# SPDX-License-Identifier: GPL-3.0-or-later
"""One bot that many tests share, and a project from which those that need it make a bot of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checklist.stage import Stage, made_project, no_secret_in, stage_of
from tests.end_to_end.project import Project


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with the playground uploaded; nothing runs in it."""
    return made_project(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def shared_stage(template: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Run one bot without pauses and limits for all tests that only talk to it."""
    with stage_of(template, tmp_path_factory.mktemp("shared")) as stage:
        yield stage


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    """Return the shared bot; whatever a test does to it, it runs afterwards, and has not told its token (line 37)."""
    yield shared_stage
    shared_stage.telegram.set_faults(None)
    shared_stage.telegram.set_limits(None)
    assert shared_stage.bot.process.poll() is None
    assert no_secret_in(shared_stage.output())


@pytest.fixture
def own_stage(template: Project, tmp_path: Path) -> Iterator[Stage]:
    """Run a bot for one test alone, which may kill it."""
    with stage_of(template, tmp_path) as stage:
        yield stage
