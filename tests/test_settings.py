# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings: where they come from, and what is said about wrong ones."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from src.engine.study import Pace
from src.paths import SETTINGS
from src.settings import Settings, WrongSetting, describe_settings, load_settings

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz0123"


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complaint(folder: Path, text: str = "", **environment: str) -> str:
    with pytest.raises(WrongSetting) as refusal:
        load_settings(environment, written(folder, text))
    return str(refusal.value)


def test_without_file_and_environment_everything_is_the_default(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path / "none.toml")
    assert settings == Settings()
    assert settings.study_timezone == ZoneInfo("Europe/Madrid")
    assert (settings.quiet_from, settings.quiet_until) == (time(21), time(7))
    assert settings.languages == ("ca", "es", "en", "de")
    assert settings.categories["user_settings"] is Pace.AT_ONCE
    assert settings.mail_to == ()


def test_the_file_beats_the_default_the_environment_the_file_and_the_command_line_all(tmp_path: Path) -> None:
    file = written(tmp_path, "pause_scale = 2\nrhythm_scale = 2\nsmtp_port = 25")
    settings = load_settings({"PAUSE_SCALE": "3", "RHYTHM_SCALE": "3"}, file, {"rhythm_scale": 0})
    assert (settings.smtp_port, settings.pause_scale, settings.rhythm_scale) == (25, 3, 0)


def test_the_file_may_use_the_names_of_the_environment_too(tmp_path: Path) -> None:
    file = written(tmp_path, 'QUIET_FROM = "22:30"\nquiet_until = 06:15:00')
    settings = load_settings({}, file)
    assert (settings.quiet_from, settings.quiet_until) == (time(22, 30), time(6, 15))


def test_several_addresses_are_written_with_commas_or_as_a_list(tmp_path: Path) -> None:
    both = ("a@example.org", "b@example.org")
    assert load_settings({"MAIL_TO": "a@example.org, b@example.org"}, tmp_path / "none").mail_to == both
    file = written(tmp_path, 'mail_to = ["a@example.org", "b@example.org"]')
    assert load_settings({}, file).mail_to == both


def test_categories_are_a_table_of_the_file_or_json_in_the_environment(tmp_path: Path) -> None:
    assert load_settings({}, written(tmp_path, '[categories]\nnews = "rhythm"')).categories == {"news": Pace.RHYTHM}
    settings = load_settings({"CATEGORIES": '{"news": "at_once"}'}, tmp_path / "none")
    assert settings.categories == {"news": Pace.AT_ONCE}


def test_an_empty_variable_empties_what_may_be_empty_and_else_counts_as_not_set(tmp_path: Path) -> None:
    file = written(tmp_path, 'mongodb_uri = "mongodb://host"\nsmtp_port = 25')
    settings = load_settings({"MONGODB_URI": "", "SMTP_PORT": ""}, file)
    assert (settings.mongodb_uri, settings.smtp_port) == ("", 25)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "QUIET_UNTIL",
            "7am",
            "environment variable, QUIET_UNTIL = 7am: should be a time of day like 07:00.",
        ),
        ("QUIET_FROM", "24:00", "a time of day like 07:00"),
        ("STUDY_TIMEZONE", "Mars/Base", "a time zone like Europe/Madrid"),
        ("STUDY_TIMEZONE", "../../etc/passwd", "a time zone like Europe/Madrid"),
        ("DEFAULT_LANGUAGE", "fr", "one of LANGUAGES"),
        ("LANGUAGES", "catalan", "language codes with commas"),
        ("DEFAULT_RHYTHM_HOURS", "0", "hours, more than 0"),
        ("DEFAULT_RHYTHM_HOURS", "nan", "hours, more than 0"),
        ("MESSAGES_PER_SECOND", "-1", "a number, 0 or more"),
        ("PAUSE_SCALE", "inf", "a number, 0 or more"),
        ("RHYTHM_SCALE", "fast", "a number, 0 or more"),
        ("SMTP_PORT", "70000", "a port, 1 to 65535"),
        ("SMTP_SECURITY", "ssl", "starttls, tls or none"),
        ("MAIL_FROM", "the team", "an address like team@example.org"),
        ("MAIL_TO", "a@example.org, b", "addresses with commas"),
        ("CATEGORIES", '{"news": "soon"}', "a table of title = at_once, rhythm or quarter"),
        ("CATEGORIES", "news", "a table of title = at_once, rhythm or quarter"),
        ("TELEGRAM_API_URL", "api.telegram.org", "an address with http(s)://"),
        ("TELEGRAM_CA", "/no/such/file.pem", "a file of certificates that exists"),
        ("MONGODB_URI", "host:27017", "empty or like mongodb://host:27017"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(tmp_path: Path, name: str, value: str, said: str) -> None:
    line = complaint(tmp_path, **{name: value})
    assert said in line
    assert name in line
    assert "environment variable" in line
    assert "\n" not in line


def test_all_wrong_values_are_told_at_once_each_with_its_source(tmp_path: Path) -> None:
    lines = complaint(tmp_path, 'quiet_until = "7am"\nsmtp_port = 0', PAUSE_SCALE="-1").splitlines()
    file = tmp_path / "settings.toml"
    assert sorted(lines) == sorted(
        [
            f"{file}, quiet_until = 7am: should be a time of day like 07:00.",
            f"{file}, smtp_port = 0: should be a port, 1 to 65535.",
            "environment variable, PAUSE_SCALE = -1: should be a number, 0 or more.",
        ]
    )


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "MONGODB_URI", "TELEGRAM_PROXY"])
def test_a_wrong_secret_is_named_and_not_shown(tmp_path: Path, name: str) -> None:
    line = complaint(tmp_path, **{name: "anna:hush-hush@host"})
    assert name in line
    assert "hush" not in line


def test_an_unknown_name_in_the_file_gets_the_nearest_one_as_advice(tmp_path: Path) -> None:
    line = complaint(tmp_path, 'quiet_form = "21:00"')
    assert "quiet_form: there is no such setting. Do you mean quiet_from?" in line


def test_a_broken_file_is_told_with_the_line(tmp_path: Path) -> None:
    assert "line 2" in complaint(tmp_path, "pause_scale = 1\nquiet_from 21:00\n")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"contact = '\xff'")
    with pytest.raises(WrongSetting, match="UTF-8"):
        load_settings({}, file)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="cannot be read"):
        load_settings({}, tmp_path)


def test_settings_never_change_and_show_no_secret() -> None:
    settings = Settings(telegram_token=TOKEN, mongodb_uri="mongodb://anna:hush%2Fhush@host/")
    assert TOKEN not in repr(settings)
    assert "hush" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.pause_scale = 0
    with pytest.raises(TypeError):
        settings.categories["news"] = Pace.RHYTHM  # type: ignore[index]


def test_the_secrets_for_the_log_are_the_token_and_the_passwords_in_addresses() -> None:
    settings = Settings(
        telegram_token=TOKEN,
        mongodb_uri="mongodb://anna:hush%2Fhush@host/",
        telegram_proxy="http://me:quiet@proxy:3128",
    )
    assert settings.secrets() == (TOKEN, "hush%2Fhush", "quiet", "hush/hush")
    assert Settings().secrets() == ()


def test_the_environment_of_the_process_is_not_read_behind_our_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAUSE_SCALE", "7")
    assert Settings().pause_scale == 1


def test_every_setting_is_described_in_the_order_of_the_table() -> None:
    rows = describe_settings()
    assert [row.name for row in rows][:3] == ["MONGODB_URI", "TELEGRAM_API_URL", "TELEGRAM_TOKEN"]
    assert all(row.meaning for row in rows)
    defaults = {row.name: row.default for row in rows}
    assert defaults["QUIET_FROM"] == "21:00"
    assert defaults["DEFAULT_RHYTHM_HOURS"] == "24"
    assert defaults["LANGUAGES"] == "ca,es,en,de"
    assert load_settings(defaults, Path("none.toml")) == Settings()


def test_the_example_file_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    lines = SETTINGS.read_text("utf-8").splitlines()
    settings = [line for line in lines if re.match(r"(# )?(\w+ = |\[)", line)]
    names = {line.removeprefix("# ").split(" ")[0].strip("[]") for line in settings}
    assert {row.name.lower() for row in describe_settings()} <= names
    untouched = [line.removeprefix("# ") for line in settings if line.startswith("# ")]
    assert load_settings({}, written(tmp_path, "\n".join(untouched))) == Settings()
