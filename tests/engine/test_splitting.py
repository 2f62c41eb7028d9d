# SPDX-License-Identifier: GPL-3.0-or-later
"""A text that is too long is cut: its parts read and look the same, and Telegram takes each."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from src.dialogues.html import plain_text, problems_of
from src.engine.splitting import LONGEST_CAPTION, LONGEST_TEXT, MOST_BYTES, fits, parts_of
from src.simulator.telegram_html import parse_html

LIMIT = 40
TAGS = (
    ("<b>", "</b>"),
    ("<I>", "</i>"),
    ('<a href="https://ub.edu/?a=1&amp;b=2">', "</a>"),
    ("<tg-spoiler>", "</>"),
    ("<blockquote expandable>", "</blockquote>"),
    ("<pre>", "</pre>"),
    ('<span class="tg-spoiler">', "</span>"),
)
WORDS = some.text(alphabet="ab <>&\"'\n\u00e9\u0301😀\u200d👩🏽。.!?{}", max_size=60)


def inside(texts: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """Return texts in a row, and texts in tags."""
    tagged = some.tuples(some.sampled_from(TAGS), texts).map(lambda pair: pair[0][0] + pair[1] + pair[0][1])
    return tagged | some.lists(texts, max_size=4).map("".join)


GOOD = some.recursive(WORDS.map(lambda text: html.escape(text, quote=False)), inside, max_leaves=12)
ANY = some.text(alphabet="<>/bi &;\"'=#x3\n", max_size=200)


def read(parts: tuple[str, ...]) -> str:
    """Return what is read of all parts, without blanks."""
    return "".join("".join(plain_text(part).split()) for part in parts)


def looks(source: str) -> list[tuple[str, frozenset[str]]]:
    """Return each character that is read, without blanks, with the looks that Telegram gives it."""
    text = parse_html(source)
    units = text.plain.encode("utf-16-le")
    found: list[tuple[str, frozenset[str]]] = []
    at = 0
    for character in text.plain:
        kinds = frozenset(each.kind + each.url for each in text.entities if each.offset <= at < each.end)
        at += len(character.encode("utf-16-le")) // 2
        if not character.isspace():
            found.append((character, kinds))
    assert at == len(units) // 2
    return found


@given(GOOD)
@example("a" * (LIMIT + 1))
@example("<b>" + "😀" * 3 * LIMIT + "</b>")
@settings(max_examples=400, deadline=None)
def test_parts_read_and_look_the_same_and_telegram_takes_each(text: str) -> None:
    parts = parts_of(text, LIMIT)
    for part in parts:
        shown = parse_html(part).plain.strip()
        assert len(shown) <= LIMIT
        assert shown or len(parts) == 1
        assert problems_of(part) == []
    assert [each for part in parts for each in looks(part)] == looks(text)


@given(ANY)
@settings(max_examples=300, deadline=None)
def test_broken_html_is_cut_into_parts_that_read_the_same(text: str) -> None:
    parts = parts_of(text, 10)
    assert read(parts) == read((text,))
    if len(parts) > 1:
        assert [problems_of(part) for part in parts] == [[]] * len(parts)
        assert all(len(plain_text(part)) <= 10 for part in parts)


@given(some.text(alphabet="ab. \n", max_size=200).filter(str.strip))
def test_only_blanks_get_lost_and_a_text_that_fits_stays_as_it_is(text: str) -> None:
    parts = parts_of(text, LIMIT)
    rest = text
    for part in parts:
        before, found, rest = rest.partition(part)
        assert found
        assert not before.strip()
    assert not rest.strip()
    assert (parts == (text,)) == (len(text.strip()) <= LIMIT)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One two.\n\nThree four. Five", ("One two.", "Three four. Five")),
        ("One two.\n \nThree four.\nFive", ("One two.", "Three four.\nFive")),
        ("One two three\nfour. five", ("One two three", "four. five")),
        ("One two. Three four five", ("One two.", "Three four five")),
        ("“One two!” Three four five", ("“One two!”", "Three four five")),
        ("一二三四五。一二三四五六七八九十一二三四", ("一二三四五。", "一二三四五六七八九十一二三四")),
        ("One 3.14159 two three", ("One 3.14159 two", "three")),
        ("abcdefghijklmnopqrst", ("abcdefghijklmnop", "qrst")),
        ("<b>One two.\n\nThree</b> <i>four five</i>", ("<b>One two.</b>", "<b>Three</b> <i>four five</i>")),
        ("<b>One <i>two three fou</i></b> five", ("<b>One <i>two three</i></b>", "<b><i>fou</i></b> five")),
        ("<b>One two three</b> <i>four</i>", ("<b>One two three</b>", "<i>four</i>")),
        ("<b>One two &lt;3 three</b> &amp; 4", ("<b>One two &lt;3 three</b>", "&amp; 4")),
        ("<b>One two three four", ("One two three", "four")),
        ("I <3 you and you <b>and you</b>", ("I &lt;3 you and you", "and you")),
        ("aaaaaaaaaaaaaae\u0301e\u0301e\u0301", ("aaaaaaaaaaaaaae\u0301", "e\u0301e\u0301")),
        ("aaaaaaaaaaaaaa👩\u200d👧 aa", ("aaaaaaaaaaaaaa", "👩\u200d👧 aa")),
        ("\n\n One two three \n\n\n four five \n", ("One two three", "four five")),
    ],
)
def test_a_text_is_cut_where_it_disturbs_least(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text, 16) == parts


def test_a_length_counts_what_is_read_as_telegram_does() -> None:
    assert parts_of("😀" * LONGEST_TEXT) == ("😀" * LONGEST_TEXT,)
    assert len(parts_of("😀" * (LONGEST_TEXT + 1))) == 2
    assert fits(f"<b>{'&amp;' * LONGEST_CAPTION}</b>\n", LONGEST_CAPTION)
    assert not fits("é" * (LONGEST_CAPTION + 1), LONGEST_CAPTION)


def test_html_that_is_far_longer_than_what_is_read_goes_without_its_tags() -> None:
    link = f'<a href="https://ub.edu/{"x" * 400}">word</a> '
    parts = parts_of(link * 100)
    assert all(len(part.encode()) <= MOST_BYTES for part in parts)
    assert read(parts) == "word" * 100
    assert parts_of("&#128512;" * LONGEST_TEXT) == ("😀" * LONGEST_TEXT,)


@pytest.mark.parametrize("text", ["<b>" * 20_000, "<b>x" * 20_000, ".\"'" * 20_000, "\n " * 20_000, ". " * 20_000])
def test_no_text_takes_long_to_be_cut(text: str) -> None:
    start = time.process_time()
    assert parts_of(text)
    assert time.process_time() - start < 2
