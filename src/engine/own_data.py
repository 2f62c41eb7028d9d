# SPDX-License-Identifier: GPL-3.0-or-later
"""A page on which a person reads everything that is stored about them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from src.engine.stored_names import name_in, value_in
from src.engine.study import Rules
from src.engine.wording import phrase_of

Document = Mapping[str, Any]

TIMES = ("time", "_time", "_CT")
"""How the names end that hold unix times; all below `timestamps_…` are times too."""

STYLE = "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}dt{font-weight:bold}dl dl{margin:0}"


@dataclass(frozen=True)
class Stored:
    """What the database holds about one person, as documents: oldest finished dialogues and texts first.

    `elsewhere`: their tries at the admins' password, and what they had sent to everybody.
    """

    account: Document
    identity: Document
    runs: Sequence[Document]
    texts: Sequence[Document]
    elsewhere: Sequence[Document] = ()


def page_of(stored: Stored, language: str, rules: Rules) -> str:
    """Return the page, as HTML. Nothing is left out: what has no place of its own stands under its name."""
    page = Page(language, rules)
    waiting = ("outbox", "current_game", "kept_game")
    account = {name: value for name, value in stored.account.items() if name not in waiting}
    running = [stored.account[name] for name in waiting[1:] if stored.account.get(name)]
    sections = (
        ("my_data_account", page.shown(account)),
        ("my_data_dialogues", page.shown([*stored.runs, *running])),
        ("my_data_texts", page.shown(stored.texts)),
        ("my_data_waiting", page.shown(stored.account.get("outbox", ()))),
        ("my_data_elsewhere", "".join(map(page.shown, (stored.identity, *stored.elsewhere)))),
    )
    title = html.escape(phrase_of("my_data", language, rules))
    parts = (f"<h2>{html.escape(phrase_of(name, language, rules))}</h2>{body}" for name, body in sections)
    return (
        f'<!DOCTYPE html><html lang="{html.escape(language)}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{''.join(parts)}</body></html>"
    )


@dataclass(frozen=True)
class Page:
    """Shows values of documents as HTML: names in the person's language, times as the study's clock shows them."""

    language: str
    rules: Rules

    def shown(self, value: object, name: str = "") -> str:
        """Return a value as HTML; `name` is that of its field."""
        if isinstance(value, Mapping):
            return f"<dl>{''.join(self._entries(value, name))}</dl>"
        if isinstance(value, datetime):
            known = value if value.tzinfo else value.replace(tzinfo=UTC)
            return f"{known.astimezone(self.rules.timezone):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, Iterable) and not isinstance(value, str | bytes):
            return f"<ul>{''.join(f'<li>{self.shown(each, name)}</li>' for each in value)}</ul>"
        if name.endswith(TIMES) and isinstance(value, int | float) and not isinstance(value, bool):
            with suppress(ValueError, OverflowError, OSError):  # an older program may have written anything
                return self.shown(datetime.fromtimestamp(value, UTC))
        return "–" if value is None or value == "" else html.escape(value_in(self.language, name, value))

    def _entries(self, document: Document, name: str) -> Iterable[str]:
        """Yield the fields of a document. Below answers and their times stand names that dialogues have given."""
        is_time = name.startswith("timestamps_")
        for key, value in document.items():
            called = str(key) if is_time or name == "answers" else name_in(self.language, str(key))
            meaning = "_time" if is_time else "answer" if name == "answers" else str(key)
            yield f"<dt>{html.escape(called)}</dt><dd>{self.shown(value, meaning)}</dd>"
