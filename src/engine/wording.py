# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message of a dialogue looks to one participant: texts filled in, buttons in rows, pauses."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from src.conversation_elements import phrase
from src.dialogues.formula import FormulaFailed, parse_formula
from src.dialogues.model import Button, Message
from src.engine.effects import ButtonShown, Effect, FileShown, Notice, Send
from src.engine.splitting import LONGEST_CAPTION, fits, parts_of
from src.engine.state import Participant, Run
from src.engine.study import Rules
from src.frozen import replace

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
TAG = re.compile(r"<[^>]*>")

SIDE_BY_SIDE = 15
"""Buttons stand in one row when all their labels together have at most this many characters."""

WIDEST_ROW = 8
"""Telegram shows at most this many buttons in a row."""


LONGEST_IN_PROFILE = {"menu_": 256, "bot_description": 512, "bot_short_description": 120}
"""Telegram's limits for what it shows of the bot itself, by how the phrase's name begins."""


def longest_in_profile(phrase_name: str) -> int | None:
    """Return how many characters a phrase may have that Telegram shows of the bot itself; None for all others."""
    return next((most for name, most in LONGEST_IN_PROFILE.items() if phrase_name.startswith(name)), None)


def say(name: str, participant: Participant, rules: Rules) -> Send:
    """Return one of the bot's own phrases in the participant's language."""
    return Send(phrase_of(name, participant.language, rules))


def phrase_of(name: str, language: str, rules: Rules) -> str:
    """Return one of the bot's own phrases, filled in, in a language; Telegram's HTML."""
    text = phrase(rules.phrases, name, language, rules.default_language)
    return fill(text, placeholders(language, rules))


def placeholders(language: str, rules: Rules) -> dict[str, str]:
    """Return what fills `{name}` in every text; a setting that is empty gives our own phrase of that name."""
    return {
        name: html.escape(value, quote=False) or phrase(rules.phrases, name, language, rules.default_language)
        for name, value in rules.placeholders.items()
    }


def shown(
    message: Message, participant: Participant, run: Run, wait: float | None, now: datetime, rules: Rules
) -> tuple[Effect, ...]:
    """Return what to send for `message`: its files and text; the last one carries text and buttons.

    A text that is too long for a caption comes behind its file, and one that is too long for a message in parts.
    `wait` is what the message before it demands (seconds); None: the time it takes to read this one.
    """
    values, notices = displayed(message, participant, run, now)
    text = message.text.in_language(participant.language, rules.default_language)
    text = fill(text, placeholders(participant.language, rules) | values)
    files = files_of(message, participant.language, rules)
    last = files[-1] if files and fits(text, LONGEST_CAPTION) else None
    before = files if last is None else files[:-1]
    first, *others = parts_of(text)
    pause = (reading_pause(first, rules) if wait is None else wait) * rules.pause_scale
    sends = [Send("", file=file, pause=pause) for file in before]
    sends.append(Send(first, pause=0.0 if before else pause))
    sends += (Send(part, pause=reading_pause(part, rules) * rules.pause_scale) for part in others)
    rows = button_rows(message.buttons, participant.language, rules) if message.asks or message.ends else ()
    sends[-1] = replace(sends[-1], buttons=rows, file=last, asks=message.asks)
    return (*notices, *(replace(each, run=run.id, message=message.id) for each in sends))


def reading_pause(text: str, rules: Rules) -> float:
    """Return the seconds that it takes to read an HTML text."""
    return rules.reading_pause(plain(text))


def files_of(message: Message, language: str, rules: Rules) -> tuple[FileShown, ...]:
    """Return the message's pictures and documents in the participant's language."""
    return tuple(
        FileShown(file.kind, file.file_name.in_language(language, rules.default_language))
        for file in message.attachments
    )


def button_rows(buttons: Sequence[Button], language: str, rules: Rules) -> tuple[tuple[ButtonShown, ...], ...]:
    """Lay the buttons out: side by side when their labels are short, else one below the other."""
    shown_buttons = [ButtonShown(each.value, label_of(each, language, rules)) for each in buttons]
    if sum(len(each.label) for each in shown_buttons) > SIDE_BY_SIDE:
        return tuple((each,) for each in shown_buttons)
    starts = range(0, len(shown_buttons), WIDEST_ROW)
    return tuple(tuple(shown_buttons[start : start + WIDEST_ROW]) for start in starts)


def label_of(button: Button, language: str, rules: Rules) -> str:
    """Return what a button says; Telegram demands a text, so a label that is missing gives the value."""
    return button.label.in_language(language, rules.default_language) or button.value


def displayed(
    message: Message, participant: Participant, run: Run, now: datetime
) -> tuple[dict[str, str], list[Notice]]:
    """Compute the names of `display`. A formula that fails leaves its name out, and gives a notice for the operators.

    What a participant typed is escaped before it goes in, so that it can never become HTML.
    """
    known = {each.name: html.escape(each.value, quote=False) if each.typed else each.value for each in run.answers}
    values: dict[str, str] = {}
    notices: list[Notice] = []
    for name, source in message.display.items():
        try:
            formula = parse_formula(source)
            value = formula.evaluate(known | values, points=participant.points, time=now.timestamp())
        except FormulaFailed:
            notices.append(
                Notice(f"{run.dialogue}, {message.id}: the formula for {name!r} could not be computed: {source}")
            )
        else:
            values[name] = str(value)
    return values, notices


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of `{name}`; names that are not among them stay as they are."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def plain(text: str) -> str:
    """Return what a person reads of an HTML text, to judge how long that takes."""
    return html.unescape(TAG.sub("", text))
