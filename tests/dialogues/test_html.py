# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML as Telegram reads it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.dialogues.html import plain_text, problems_of


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("Hello", "Hello"),
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "a b c d"),
        ('<a href="https://ub.edu/?a=1&amp;b=2">here</a>', "here"),
        ("<A HREF='x>y'>here</A>", "here"),
        ("<code>x</code> <pre>y</pre> <blockquote expandable>z</blockquote>", "x y z"),
        ("<tg-spoiler>x</tg-spoiler><span class='tg-spoiler'>y</span>", "xy"),
        ('<pre><code class="language-python">z</code></pre>', "z"),
        ("<b>a<i>b</i></b>", "ab"),
        ("<b>a</>", "a"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;", '1 < 2 && 3 > 2 "'),
        ("&#8364; &#x20AC; &lt", "€ € <"),
        ("&nbsp; &copy; & &ltx", "&nbsp; &copy; & &ltx"),
        ("&#0; &#55296; &#x110000;", "&#0; &#55296; &#x110000;"),
        ("3 > 2", "3 > 2"),
    ],
)
def test_good_html_is_taken_out(html: str, plain: str) -> None:
    assert problems_of(html) == []
    assert plain_text(html) == plain


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("a<br>b", "the tag <br> is unknown to Telegram"),
        ("<b/>", "the tag <b/> is unknown to Telegram"),
        ("</p>", "the tag </p> is unknown to Telegram"),
        ("<b>x", "the tag <b> is never closed"),
        ("x</b>", "the tag </b> closes nothing"),
        ("x</>", "the tag </> closes nothing"),
        ("<b><i>x</b></i>", "the tag </b> stands where <i> has to be closed first"),
        ("I <3 you", "there is a bare < before '3 you'; write &lt;"),
        ("5 < 6 and 7 > 3", "there is a bare < before ' 6 and 7 >'; write &lt;"),
        ('<a href="x>y</a>', "there is a bare < before 'a href=\"x>'; write &lt;"),
        ("<span>x</span>", 'the tag <span> needs class="tg-spoiler"'),
    ],
)
def test_what_telegram_refuses_is_named(html: str, problem: str) -> None:
    assert problem in problems_of(html)


def test_a_length_counts_code_points_and_no_tags() -> None:
    assert len(plain_text("<b>👩‍👧</b>&amp;")) == 4


@given(st.text(alphabet="<>/b i&;\"'=#x3"))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(problems_of(text), list)
    assert len(plain_text(text)) <= len(text)


@pytest.mark.parametrize("text", ["<" * 20_000, '<"' * 10_000, "<b>" * 10_000, "&#" * 10_000, "<a '" * 5_000])
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    problems_of(text)
    assert time.process_time() - start < 1
