# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of phrases: what it may say, and how each fault in it is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from src.conversation_elements import PHRASES, phrase
from src.engine.wording import longest_in_profile
from src.phrases import PHRASES_FILE, Phrases, WrongPhrases, load_phrases


def loaded(folder: Path, text: str, *languages: str, default: str = "fr") -> Phrases:
    file = folder / "phrases.toml"
    file.write_text(text, "utf-8")
    return load_phrases(file, languages or ("fr",), default)


def test_without_a_file_the_phrases_are_our_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert load_phrases(tmp_path / "none.toml", ("ca", "es", "en", "de"), "ca") == PHRASES
    assert caplog.messages == []


def test_the_file_that_comes_with_the_project_changes_nothing() -> None:
    assert load_phrases(PHRASES_FILE, ("ca", "es", "en", "de"), "ca") == PHRASES


def test_a_phrase_of_the_file_is_laid_over_ours(tmp_path: Path) -> None:
    phrases = loaded(tmp_path, '[hitch]\nen = "Oops."\nfr = "Zut."\n', "fr", "en")
    assert phrase(phrases, "hitch", "fr", "fr") == "Zut."
    assert phrase(phrases, "hitch", "en", "fr") == "Oops."
    assert phrase(phrases, "one_moment", "en", "fr") == PHRASES["one_moment"]["en"]


def test_what_is_missing_falls_back_to_the_default_language_then_to_english(tmp_path: Path) -> None:
    phrases = loaded(tmp_path, '[hitch]\nfr = "Zut."\n', "fr", "pt")
    assert phrase(phrases, "hitch", "pt", "fr") == "Zut."
    assert phrase(phrases, "one_moment", "pt", "fr") == PHRASES["one_moment"]["en"]


def test_a_language_that_the_study_has_not_is_never_spoken(tmp_path: Path) -> None:
    phrases = loaded(tmp_path, '[hitch]\nfr = "Zut."\n')
    assert phrase(phrases, "hitch", "ca", "fr") == "Zut."


def test_each_language_with_missing_phrases_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rest = "".join(f'[{name}]\nfr = "x"\n' for name in PHRASES if name not in ("hitch", "help"))
    with caplog.at_level(logging.WARNING):
        loaded(tmp_path, rest, "fr", "pt", "es")
    french, portuguese = caplog.messages
    assert "missing in fr (people get English): hitch, help." in french
    assert "missing in pt (people get fr, or English): all of them." in portuguese


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[buttons_onyl]\nfr = "x"', "buttons_onyl: there is no such phrase. Do you mean buttons_only?"),
        ('[zzz]\nfr = "x"', "zzz: there is no such phrase. Known are buttons_only, "),
        ('hitch = "x"', "hitch: should be a table, [hitch]"),
        ("[hitch]\nfr = 3", "hitch, fr: should be a text"),
        ('[hitch]\nfr = " "', "hitch, fr: should be a text"),
        ('[hitch]\nfrench = "x"', "hitch, french: should be the code of a language"),
        ('[hitch]\nfr = "<b>x"', "hitch, fr: the tag <b> is never closed."),
        ('[hitch]\nfr = "a < b"', "hitch, fr: there is a bare < before"),
        ('[hitch]\nfr = "{name}"', "hitch, fr: nothing fills {name}."),
        ('[old_button]\nfr = "<b>x</b>"', "old_button, fr: should be plain text without HTML"),
        (f'[old_button]\nfr = "{"x" * 201}"', "of at most 200 characters."),
        (f'[hitch]\nfr = "{"x" * 4097}"', "hitch, fr: has 4097 characters; a message may have 4096."),
        (f'[menu_pause]\nfr = "{"x" * 257}"', "menu_pause, fr: has 257 characters; Telegram shows at most 256 there."),
        (
            f'[bot_description]\nfr = "{"x" * 513}"',
            "bot_description, fr: has 513 characters; Telegram shows at most 512",
        ),
        (
            f'[bot_short_description]\nfr = "{"x" * 121}"',
            "has 121 characters; Telegram shows at most 120 there. Shorten",
        ),
        ('[menu_pause]\nfr = "<i>x</i>"', "menu_pause, fr: should be plain text"),
        ("[hitch", "phrases.toml is no TOML: "),
    ],
)
def test_a_fault_is_one_line_that_says_where_and_what_is_right(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongPhrases) as fault:
        loaded(tmp_path, text)
    assert said in str(fault.value)
    assert "phrases.toml" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_our_own_phrases_fit_where_telegram_shows_them() -> None:
    limited = {name: most for name in PHRASES if (most := longest_in_profile(name)) is not None}
    assert set(limited.values()) == {256, 512, 120}
    for name, most in limited.items():
        assert [text for text in PHRASES[name].values() if len(text) > most or "<" in text or "{" in text] == []


def test_a_phrase_may_be_as_long_as_telegram_shows_it(tmp_path: Path) -> None:
    assert loaded(tmp_path, f'[menu_pause]\nfr = "{"x" * 256}"')["menu_pause"]["fr"] == "x" * 256


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongPhrases) as fault:
        loaded(tmp_path, '[hitch]\nfr = 3\npt = "<b>"\n[nothing]\nfr = "x"\n')
    assert len(str(fault.value).splitlines()) == 3


def test_a_file_that_is_no_text_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "phrases.toml"
    file.write_bytes(b'[hitch]\nfr = "\xe9"\n')
    with pytest.raises(WrongPhrases, match="no text in UTF-8"):
        load_phrases(file, ("fr",), "fr")
