# SPDX-License-Identifier: GPL-3.0-or-later
"""Every setting: name, default, meaning, what would be right. The README's table is made from here.

The later the stronger: the default, `data/settings.toml`, an environment variable, the command line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from src.engine.study import Pace
from src.errors import BotError
from src.paths import ROOT
from src.setting_values import existing, file_from_root, several, table, time_of_day, written, zone


class WrongSetting(BotError):
    """A setting cannot be used. The text has one line for each of them."""


@dataclass(frozen=True)
class Right:
    """What would be right, as the end of the sentence "… should be"."""

    text: str


_ADDRESS = r"[^@\s,]+@[^@\s,]+"
_HTTP = Field(pattern=r"^(https?://[^\s/]\S*)?$")

Secret = Annotated[str, Field(repr=False)]
Time = Annotated[time, BeforeValidator(time_of_day), Right("a time of day like 07:00")]
Zone = Annotated[ZoneInfo, BeforeValidator(zone), Right("a time zone like Europe/Madrid")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Languages = Annotated[tuple[Language, ...], BeforeValidator(several), Field(min_length=1)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False), Right("a number, 0 or more")]
Address = Annotated[str, Field(pattern=f"^({_ADDRESS})?$"), Right("an address like team@example.org")]
Addresses = Annotated[tuple[Annotated[str, Field(pattern=f"^{_ADDRESS}$")], ...], BeforeValidator(several)]
Categories = Annotated[Mapping[str, Pace], BeforeValidator(table), AfterValidator(MappingProxyType)]
Certificates = Annotated[Path | None, BeforeValidator(file_from_root), AfterValidator(existing)]

CATEGORIES = {
    "user_settings": Pace.AT_ONCE,
    "capacitation": Pace.AT_ONCE,
    "compartir_vivencias": Pace.RHYTHM,
    "encontrar_soluciones_juntos": Pace.RHYTHM,
    "textos_informativos": Pace.QUARTER,
    "user_engagement": Pace.QUARTER,
}


class Settings(BaseModel):
    """The settings, checked. They never change while the bot runs; `repr` shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    mongodb_uri: Annotated[
        Secret, Field(pattern=r"^(mongodb(\+srv)?://\S+)?$"), Right("empty or like mongodb://host:27017")
    ] = Field(default="", description="a real MongoDB. Empty: the embedded one, its files in `data/db/`")
    telegram_api_url: Annotated[str, Field(pattern=r"^https?://[^\s/]\S*$"), Right("an address with http(s)://")] = (
        Field(default="https://api.telegram.org", description="also a Bot API server of one's own, or the demo's")
    )
    telegram_token: Annotated[
        Secret,
        Field(pattern=r"^(\d+:[\w-]+)?$"),
        Right("empty or a token like 123456789:AAE…"),
    ] = Field(default="", description="empty: `my_bot` of the encrypted `tokens.json`; with `--dev`, `my_bot_dev`")
    telegram_proxy: Annotated[Secret, _HTTP, Right("empty or like http://proxy.example.org:3128")] = Field(
        default="", description="an HTTP(S) proxy on the way to Telegram"
    )
    telegram_ca: Annotated[Certificates, Right("a file of certificates that exists")] = Field(
        default=None,
        description="certificates (PEM) of a private authority that the Bot API server is signed by",
    )
    study_timezone: Zone = Field(default=ZoneInfo("Europe/Madrid"), description="the study's own clock")
    quiet_from: Time = Field(default=time(21), description="no new dialogue in the participant's night, from …")
    quiet_until: Time = Field(default=time(7), description="… until; equal: no quiet hours")
    languages: Annotated[Languages, Right("language codes with commas, like ca,es,en,de")] = Field(
        default=("ca", "es", "en", "de"), description="the languages of the study"
    )
    default_language: Annotated[str, Right("one of LANGUAGES")] = Field(
        default="ca", description="when Telegram's own language of the person is none of the study's"
    )
    default_rhythm_hours: Annotated[float, Field(gt=0, allow_inf_nan=False), Right("hours, more than 0")] = Field(
        default=24.0, description="hours between two stories"
    )
    reminder_hours: NotNegative = Field(
        default=24.0,
        description="a question unanswered for so many hours comes again, by day, and once more a week later; 0: never",
    )
    categories: Annotated[Categories, Right("a table of title = at_once, rhythm or quarter")] = Field(
        default_factory=lambda: dict(CATEGORIES),
        description="which titles come at once, after the rhythm, after a quarter of it (any other)",
    )
    messages_per_second: NotNegative = Field(
        default=30.0,
        description="Telegram's limit over all chats; 0: no limit at all, the one per chat included",
    )
    pause_scale: NotNegative = Field(default=1.0, description="times every pause between messages; 0 in `--dev`")
    rhythm_scale: NotNegative = Field(default=1.0, description="times every wait between dialogues; 0 in `--dev`")
    emergency_numbers: str = Field(default="112", description="what `{emergency}` in a text becomes")
    contact: str = Field(default="", description="what `{contact}` in a text becomes: whom to write to")
    smtp_host: str = Field(default="", description="the mail server; empty: no mail")
    smtp_port: Annotated[int, Field(ge=1, le=65535), Right("a port, 1 to 65535")] = Field(
        default=587, description="its port"
    )
    smtp_security: Annotated[Literal["starttls", "tls", "none"], Right("starttls, tls or none")] = Field(
        default="starttls", description="`starttls`, `tls` or `none`"
    )
    smtp_user: str = Field(default="", description="who signs in there; the password is no setting")
    smtp_ca: Annotated[Certificates, Right("a file of certificates that exists")] = Field(
        default=None, description="certificates (PEM) of a private authority that the mail server is signed by"
    )
    mail_from: Address = Field(default="", description="the sender of mails")
    mail_to: Annotated[Addresses, Right("addresses with commas, like a@example.org, b@example.org")] = Field(
        default=(), description="who gets the mails; several with commas"
    )
    report_language: Annotated[Literal["en", "es", "ca", "de"], Right("en, es, ca or de")] = Field(
        default="en", description="the language of the mails about the study: `en`, `es`, `ca` or `de`"
    )
    smallest_group: Annotated[int, Field(ge=1, le=100), Right("a number from 1 to 100")] = Field(
        default=5, description="smaller groups of people are told as `<5` in reports; 1: all are told"
    )

    @field_validator("default_language")
    @classmethod
    def _is_one_of_the_languages(cls, code: str, others: ValidationInfo) -> str:
        if code not in others.data.get("languages", (code,)):
            raise ValueError("not a language of the study")
        return code

    def secrets(self) -> tuple[str, ...]:
        """Return what no log may show: the token, and the passwords inside addresses."""
        addresses = (self.mongodb_uri, self.telegram_proxy)
        passwords = [found[1] for address in addresses if (found := re.search(r"://[^:/\s]*:(\S*)@", address))]
        found_secrets = (self.telegram_token, *passwords, *(unquote(password) for password in passwords))
        return tuple(dict.fromkeys(secret for secret in found_secrets if secret))


@dataclass(frozen=True)
class SettingDescription:
    """One line of the README's table."""

    name: str
    default: str
    meaning: str


def describe_settings() -> list[SettingDescription]:
    """Return all settings in order, named as environment variables are."""
    defaults = Settings()
    return [
        SettingDescription(name.upper(), written(getattr(defaults, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def load_settings(
    environment: Mapping[str, str], file: Path, overrides: Mapping[str, object] = MappingProxyType({})
) -> Settings:
    """Read the settings; a missing file is no error. Overrides, by lower-case name, win.

    Raises WrongSetting with one line for each setting that cannot be used.
    """
    sources = {
        _seen_from_root(file): _from_file(file),
        "environment variable": _from_environment(environment),
        "set by the program": dict(overrides),
    }
    values = {name: value for source in sources.values() for name, value in source.items()}
    try:
        return Settings(**values)
    except ValidationError as problems:
        names = dict.fromkeys(str(problem["loc"][0]) for problem in problems.errors())
        raise WrongSetting("\n".join(_line(name, values, sources) for name in names)) from None


def _seen_from_root(file: Path) -> str:
    """Name a file as the README does, if it is one of the project's."""
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)


def _from_file(file: Path) -> dict[str, Any]:
    """Return what the file sets, by lower-case name; it may write QUIET_FROM or quiet_from."""
    try:
        return {name.lower(): value for name, value in tomllib.loads(file.read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WrongSetting(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongSetting(f"{file} is no text in UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f'{file} is no TOML: {error}. A line is like quiet_from = "21:00".') from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what the environment sets; empty counts as not set, unless the setting may be empty."""
    given = {name: environment[name.upper()] for name in Settings.model_fields if name.upper() in environment}
    return {name: value for name, value in given.items() if value or not Settings.model_fields[name].default}


def _line(name: str, values: Mapping[str, object], sources: Mapping[str, Mapping[str, object]]) -> str:
    """Say for one wrong setting where it came from, what it is and what would be right."""
    source = next((source for source in reversed(list(sources)) if name in sources[source]), "default")
    field = Settings.model_fields.get(name)
    if field is None:
        near = difflib.get_close_matches(name, Settings.model_fields, n=1, cutoff=0.5)
        return f"{source}, {name}: there is no such setting." + (f" Do you mean {near[0]}?" if near else "")
    right = next((mark.text for mark in field.metadata if isinstance(mark, Right)), "a text")
    shown_name = name.upper() if source == "environment variable" else name
    shown_value = f" = {written(values[name])}" if name in values and field.repr else " (not shown)"
    return f"{source}, {shown_name}{shown_value}: should be {right}."
