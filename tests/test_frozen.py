# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of frozen states are those that the standard library makes."""

from __future__ import annotations

import dataclasses

import pytest

from src.engine.state import Participant
from src.frozen import replace
from src.identities import Pseudonym

ANN = Participant(Pseudonym("a" * 32), "en", points=1.0)


def test_a_copy_is_what_the_standard_library_makes_of_it() -> None:
    changed = replace(ANN, language="ca", version=7)
    assert changed == dataclasses.replace(ANN, language="ca", version=7)
    assert type(changed) is Participant
    assert Participant(Pseudonym("a" * 32), "en", points=1.0) == ANN
    assert replace(ANN) == ANN
    assert replace(ANN) is not ANN


def test_a_copy_stays_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(ANN, points=2.0).points = 3.0  # type: ignore[misc]


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="Participant has no pionts"):
        replace(ANN, pionts=2.0)  # type: ignore[call-arg]
