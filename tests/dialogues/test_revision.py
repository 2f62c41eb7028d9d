# SPDX-License-Identifier: GPL-3.0-or-later
"""The revision of a dialogue says which content it has, wherever the document comes from."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from src.dialogues.parse import parse_dialogue, revision_of
from tests.dialogues.samples import good

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_a_revision_has_32_hexadecimal_digits_and_is_that_of_the_dialogue() -> None:
    revision = revision_of(good())
    assert len(revision) == 32
    assert int(revision, 16) >= 0
    assert parse_dialogue(good()).revision == revision


def test_a_change_anywhere_changes_the_revision() -> None:
    changed = good()
    changed["messages"]["bye"]["text"]["de"] += "."
    assert revision_of(changed) != revision_of(good())


def test_the_order_of_keys_changes_nothing() -> None:
    assert revision_of(dict(reversed(good().items()))) == revision_of(good())


def test_whole_numbers_may_come_back_as_decimals() -> None:
    changed = good()
    changed["messages"]["hello"]["wait"] = 2.0
    assert revision_of(changed) == revision_of(good())


def test_truth_is_not_the_number_one() -> None:
    assert revision_of({**good(), "skip": True}) != revision_of({**good(), "skip": 1})


def test_the_unicode_form_of_the_id_changes_nothing() -> None:
    usual = {**good(), "_id": "cançó"}
    assert revision_of({**usual, "_id": unicodedata.normalize("NFD", "cançó")}) == revision_of(usual)


@settings(max_examples=50)
@given(st.dictionaries(st.text(), JSON))
def test_a_document_that_was_written_and_read_again_has_the_same_revision(
    document: dict[str, object],
) -> None:
    assert revision_of(json.loads(json.dumps(document))) == revision_of(document)
