# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever somebody types, the dialogue goes on, and nothing but their own answer changes."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from src.dialogues.html import plain_text, problems_of
from src.dialogues.parse import parse_dialogue
from src.engine.commands import command_in
from tests.fakes.world import World, study_of

ODD = (
    "'",
    '"""',
    "{secret}",
    "{{}}{0}{age!r}",
    "\\",
    "__import__('os').system('true')",
    "' + str(points) + '",
    "\u202egnirts\u202c",
    "<b>&amp;</i>",
    "9" * 4000,
    "%999999999d",
    "x" * 10_000,
)

DIALOGUE = parse_dialogue(
    {
        "_id": "talk",
        "title": "capacitation",
        "initial_messages": ["ask"],
        "points": ["1 if '{said}' != '' else 2"],
        "messages": {
            "ask": {
                "type": "WA",
                "text": "?",
                "vars": [{"name": "said", "condition": "'{said}' != 'never'"}],
                "save": "said",
                "input": {"kind": "text", "next": "told", "max_length": 20_000},
            },
            "told": {
                "type": "SA",
                "text": "You said {said} {number} {sum}.",
                "display": {
                    "said": "'{said}'",
                    "number": "int({said}) * 2",
                    "sum": "'many' if '{said}' * 3 in '{said}' else 'few'",
                },
                "vars": [{"name": "ok", "type": "button", "texts": ["Ok"], "values": ["ok"]}],
                "next": {"ok": {"ok": "end"}},
            },
            "end": {"type": "NA", "text": "Bye.", "next": None},
        },
    }
)

ANYTHING = (
    some.text(max_size=300) | some.sampled_from(ODD) | some.lists(some.sampled_from(ODD[:-3]), max_size=8).map("".join)
)


@given(ANYTHING.filter(lambda text: text.strip()))
@example("never")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_dialogue_goes_on_whatever_is_typed(text: str) -> None:
    world = World(study_of([DIALOGUE], ["talk"]))
    world.writes(1, "/start")
    world.settle()
    world.participants.documents[world.who(1)] |= {"status": 1, "next_at": world.clock.now()}
    world.settle()
    world.writes(1, text)
    world.settle()
    before = world.participant(1)
    if before.run is not None and before.run.at == "ask":
        assert command_in(text, developer=False) or text.strip() == "never"
        return
    if before.run is None or before.run.dialogue != "talk":
        assert command_in(text, developer=False)
        return
    shown = " ".join(each.text for each in world.shown(1) if each.message == "told")
    assert problems_of(shown) == []
    assert plain_text(shown).startswith("You said ")
    assert dict(before.fields) == {"said": text.strip()}
    world.presses(1, "ok")
    world.settle()
    after = world.participant(1)
    assert after.done[-1] == "talk"
    assert after.points == 1
