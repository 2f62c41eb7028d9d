# SPDX-License-Identifier: GPL-3.0-or-later
"""A broadcast's text: each language gets its own paragraphs, and what Telegram would refuse is told before."""

from __future__ import annotations

from src.engine.broadcasts import read_broadcast


def test_each_language_gets_its_own_paragraphs_and_those_for_everybody() -> None:
    read = read_broadcast("Hello 💛\n\nen: News\nof today\nca: Novetats\n\n<b>Bye</b>", ("ca", "es", "en"), "ca")
    assert read.problems == ()
    assert read.texts["en"] == "Hello 💛\n\nNews\nof today\n\n<b>Bye</b>"
    assert read.texts["ca"] == read.texts["es"] == "Hello 💛\n\nNovetats\n\n<b>Bye</b>"


def test_what_telegram_would_refuse_is_told_with_its_language() -> None:
    assert read_broadcast("en: <b>x\nca: y", ("ca", "en"), "ca").problems == ("en: the tag <b> is never closed",)
    assert "a message may have 4096" in read_broadcast("x" * 4097, ("ca",), "ca").problems[0]
    assert "nothing to be read" in read_broadcast("<b></b>", ("ca",), "ca").problems[0]
