# SPDX-License-Identifier: GPL-3.0-or-later
"""A page on which a person reads everything that is stored about them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from src.engine.study import Rules
from src.engine.wording import phrase_of

Document = Mapping[str, Any]

TIMES = ("time", "_time", "_CT")
"""How the names end that hold unix times; all below `timestamps_…` are times too."""

STYLE = "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}dt{font-weight:bold}dl dl{margin:0}"


@dataclass(frozen=True)
class Stored:
    """What the database holds about one person, as documents: oldest finished dialogues and texts first."""

    account: Document
    identity: Document
    runs: Sequence[Document]
    texts: Sequence[Document]


def page_of(stored: Stored, language: str, rules: Rules) -> str:
    """Return the page, as HTML. Nothing is left out: what has no place of its own stands under its name."""
    waiting = ("outbox", "current_game", "kept_game")
    account = {name: value for name, value in stored.account.items() if name not in waiting}
    running = [stored.account[name] for name in waiting[1:] if stored.account.get(name)]
    sections = (
        ("my_data_account", shown(account, rules)),
        ("my_data_dialogues", shown([*stored.runs, *running], rules)),
        ("my_data_texts", shown(stored.texts, rules)),
        ("my_data_waiting", shown(stored.account.get("outbox", ()), rules)),
        ("my_data_elsewhere", shown(stored.identity, rules)),
    )
    title = html.escape(phrase_of("my_data", language, rules))
    parts = (f"<h2>{html.escape(phrase_of(name, language, rules))}</h2>{body}" for name, body in sections)
    return (
        f'<!DOCTYPE html><html lang="{html.escape(language)}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{''.join(parts)}</body></html>"
    )


def shown(value: object, rules: Rules, name: str = "") -> str:
    """Return a value of a document as HTML; times as the study's clock shows them."""
    if isinstance(value, Mapping):
        times = name.startswith("timestamps_")
        return f"<dl>{''.join(_entries(value, rules, is_time=times))}</dl>"
    if isinstance(value, datetime):
        known = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"{known.astimezone(rules.timezone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return f"<ul>{''.join(f'<li>{shown(each, rules)}</li>' for each in value)}</ul>"
    if name.endswith(TIMES) and isinstance(value, int | float) and not isinstance(value, bool):
        return shown(datetime.fromtimestamp(value, UTC), rules)
    return "–" if value is None or value == "" else html.escape(str(value))


def _entries(document: Document, rules: Rules, *, is_time: bool) -> Iterable[str]:
    for name, value in document.items():
        meaning = "_time" if is_time else str(name)
        yield f"<dt>{html.escape(str(name))}</dt><dd>{shown(value, rules, meaning)}</dd>"
