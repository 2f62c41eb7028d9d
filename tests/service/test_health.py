# SPDX-License-Identifier: GPL-3.0-or-later
"""What is reason to worry about a bot, seen from outside."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from src.service.health import COUNTED, Facts, Holder, Vitals, as_json, worries
from tests.fakes.ports import NOON

VITALS = Vitals(NOON, NOON - timedelta(hours=1), NOON, NOON, 3, 1, dict.fromkeys(COUNTED, 0), "abc")
HOLDER = Holder("here", 7, 2, 3600.0, 1.0, gone=False)
WELL = Facts(NOON, readable=True, writable=True, vitals=VITALS, holder=HOLDER)


def ago(seconds: float) -> Any:
    return NOON - timedelta(seconds=seconds)


def test_a_bot_that_lives_polls_and_sends_is_well() -> None:
    assert worries(WELL) == []
    told = as_json(WELL)
    assert told["healthy"] is True
    assert told["uptime"] == 3600.0
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(NOON), "no database answers"),
        (replace(WELL, writable=False), "cannot write"),
        (replace(WELL, holder=None), "no bot runs"),
        (replace(WELL, vitals=None), "no bot runs"),
        (replace(WELL, holder=replace(HOLDER, gone=True)), "no bot runs"),
        (replace(WELL, vitals=replace(VITALS, at=ago(16))), "sign of life"),
        (replace(WELL, vitals=replace(VITALS, polled=ago(91))), "last poll"),
        (replace(WELL, vitals=replace(VITALS, polled=None)), "last poll"),
        (replace(WELL, vitals=replace(VITALS, scheduled=ago(61))), "scheduler"),
        (replace(WELL, oldest_due=ago(301)), "due longest"),
    ],
)
def test_each_trouble_is_named(facts: Facts, said: str) -> None:
    assert said in worries(facts)[0]
    assert as_json(facts)["healthy"] is False


@pytest.mark.parametrize(
    "facts",
    [
        replace(WELL, vitals=replace(VITALS, polled=ago(89))),
        replace(WELL, oldest_due=ago(299)),
        replace(WELL, vitals=replace(VITALS, at=ago(14))),
        replace(WELL, vitals=replace(VITALS, at=NOON + timedelta(minutes=1))),
        replace(WELL, vitals=replace(VITALS, started=ago(5), polled=None, scheduled=None)),
    ],
)
def test_what_is_not_old_enough_is_no_trouble(facts: Facts) -> None:
    assert worries(facts) == []
