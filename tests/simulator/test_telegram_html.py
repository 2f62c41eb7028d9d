# SPDX-License-Identifier: GPL-3.0-or-later
"""Telegram's HTML, checked against the texts of its server."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.simulator.entities import Entity, Formatted, stripped, with_links
from src.simulator.refusals import Refusal
from src.simulator.telegram_html import parse_html

WRONG = {
    "<x>": 'Unsupported start tag "x" at byte offset 0',
    "5 < 6": 'Unsupported start tag "" at byte offset 2',
    "é<x>": 'Unsupported start tag "x" at byte offset 2',
    "<b>open": 'Can\'t find end tag corresponding to start tag "b"',
    "<b>a<i>bc</b></i>": 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"',
    "<b>hell</i>": 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"',
    "abc</b>": "Unexpected end tag at byte offset 3",
    "abc<b": "Unclosed start tag at byte offset 3",
    "I <3": "Unclosed start tag at byte offset 2",
    '<a href="x': "Unclosed start tag at byte offset 0",
    "<b>a</b": "Unclosed end tag at byte offset 4",
    "<span>a</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize("source", WRONG)
def test_wrong_markup_is_refused_with_telegrams_words(source: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {WRONG[source]}"


RIGHT = {
    "<B>a</b><strong>b</STRONG>": ("ab", [("bold", 0, 1), ("bold", 1, 1)]),
    "<i>a</i><em>b</em>": ("ab", [("italic", 0, 1), ("italic", 1, 1)]),
    "<u>a</u><ins>b</ins>": ("ab", [("underline", 0, 1), ("underline", 1, 1)]),
    "<s>a</s><del>b</del>": ("ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
    '<span class="tg-spoiler">a</span>': ("a", [("spoiler", 0, 1)]),
    "<tg-spoiler>a</tg-spoiler>": ("a", [("spoiler", 0, 1)]),
    "<blockquote expandable>a</blockquote>": ("a", [("expandable_blockquote", 0, 1)]),
    "<b>bold <i>both</i></b>": ("bold both", [("bold", 0, 9), ("italic", 5, 4)]),
    "😀<b>x</b>": ("😀x", [("bold", 2, 1)]),
    "<b></b>x": ("x", []),
    "<b>x</>": ("x", [("bold", 0, 1)]),
    "a & b > c": ("a & b > c", []),
    "&lt;b&gt;&amp;&quot;&#65;&#x42;": ('<b>&"AB', []),
    "&nbsp;&apos;&copy;": ("&nbsp;&apos;&copy;", []),
}


@pytest.mark.parametrize("source", RIGHT)
def test_right_markup_becomes_text_and_entities(source: str) -> None:
    plain, entities = RIGHT[source]
    assert parse_html(source) == Formatted(plain, tuple(Entity(*entity) for entity in entities))


def test_links_keep_their_address() -> None:
    entity = parse_html('<a href="https://example.org/?a=1&amp;b=2">here</a>').entities[0]
    assert entity == Entity("text_link", 0, 4, url="https://example.org/?a=1&b=2")


def test_a_link_without_an_address_is_plain_text() -> None:
    assert parse_html('<a href="nothing">here</a>') == Formatted("here")


def test_a_code_block_knows_its_language() -> None:
    entity = parse_html('<pre><code class="language-python">x</code></pre>').entities[0]
    assert entity == Entity("pre", 0, 1, language="python")


def test_blanks_at_the_ends_go_and_entities_are_cut_to_fit() -> None:
    assert stripped(parse_html(" \n<b> a </b> ")) == Formatted("a", (Entity("bold", 0, 1),))


def test_commands_and_addresses_are_found_but_not_inside_code() -> None:
    found = with_links(parse_html("/pause, https://a.org/x. <code>/no</code>"))
    assert [entity.kind for entity in found.entities] == ["bot_command", "url", "code"]
    assert found.entities[1].length == len("https://a.org/x")


@given(st.text())
def test_escaped_text_always_comes_back_as_it_was(text: str) -> None:
    assert parse_html(escape(text, quote=False)).plain == text


@given(st.text(alphabet="<>/=\"' abi&;#x1é😀"))
def test_any_text_is_parsed_or_refused_in_words(source: str) -> None:
    try:
        parsed = parse_html(source)
    except Refusal as refusal:
        words, parsed = refusal.description, Formatted("")
    else:
        words = "Bad Request: can't parse entities: "
    length = len(parsed.plain.encode("utf-16-le")) // 2
    assert words.startswith("Bad Request: can't parse entities: ")
    assert all(0 <= entity.offset < entity.end <= length for entity in parsed.entities)
