# SPDX-License-Identifier: GPL-3.0-or-later
"""The README tells what the code does: settings, commands and scripts cannot be forgotten in it."""

from __future__ import annotations

import re

import pytest

from src.engine.admin_commands import ADMIN_COMMANDS, AdminCommand
from src.engine.commands import COMMANDS, Command
from src.paths import ROOT
from src.settings import SettingDescription, describe_settings

README = (ROOT / "README.md").read_text("utf-8")
SCRIPTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("security", "manipulate_db", "monitoring", "data/gamesInfo", "data/bot", "data/outgoing_files")
    for path in (ROOT / folder).glob("*.py")
    if '__name__ == "__main__"' in path.read_text("utf-8")
)


@pytest.mark.parametrize("setting", describe_settings(), ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_readme_with_its_default_and_meaning(setting: SettingDescription) -> None:
    default = f"`{setting.default}`" if setting.default else "empty"
    assert f"| `{setting.name}` | {default} | {setting.meaning} |" in README


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_stands_in_the_readme(script: str) -> None:
    assert f"python3 {script}" in README


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.meaning)
def test_every_word_that_people_may_write_stands_in_the_readme(command: Command) -> None:
    for word in (*command.words, *command.slashed):
        assert f"`/{word}`" in README


def test_every_file_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`((?:src|data|security|tests|log)/[\w./]+)`", README))
    made_later = {"security/keys/", "data/demo/", "data/db/", "log/unsent/", "log/reports/"}
    made_later |= {"log/output.log", "log/errorOutput.log"}
    assert [name for name in sorted(named - made_later) if not (ROOT / name).exists()] == []


def test_the_two_commands_are_goals_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for goal in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert f"\n{goal}:" in makefile


@pytest.mark.parametrize("command", ADMIN_COMMANDS, ids=lambda command: command.does)
def test_every_command_of_admins_stands_in_the_readme_with_its_meaning(command: AdminCommand) -> None:
    usage = command.usage.replace("|", r"\|")
    assert f"| `{usage}` | {command.meaning} |" in README
