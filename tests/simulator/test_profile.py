# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, descriptions and command menus."""

import pytest

from src.simulator.bot_api import LocalBotApi
from tests.simulator.client import Bot


def menu(*words: str) -> list[dict[str, str]]:
    return [{"command": word, "description": f"does {word}"} for word in words]


def test_the_narrowest_scope_wins_and_then_the_language(api: LocalBotApi, bot: Bot, ann: int) -> None:
    bob = api.add_person("Bob", "de-AT")
    private = {"type": "all_private_chats"}
    bot.say("setMyCommands", commands=menu("everywhere"))
    assert api.commands(ann) == menu("everywhere")
    bot.say("setMyCommands", commands=menu("private"), scope=private)
    bot.say("setMyCommands", commands=menu("pausar"), scope=private, language_code="ca")
    assert (api.commands(ann), api.commands(bob)) == (menu("pausar"), menu("private"))
    bot.say("setMyCommands", commands=menu("only"), scope={"type": "chat", "chat_id": bob})
    assert api.commands(bob) == menu("only")
    bot.say("deleteMyCommands", scope=private, language_code="ca")
    assert api.commands(ann) == menu("private")
    assert bot.say("getMyCommands", scope=private) == menu("private")
    assert bot.say("getMyCommands", scope=private, language_code="ca") == []


@pytest.mark.parametrize(
    ("word", "meaning", "words"),
    [
        ("Pause", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "command length must not exceed 32"),
        ("x", "x" * 257, "command description length must not exceed 256"),
        ("x", "", "command description must be non-empty"),
    ],
)
def test_wrong_commands_are_refused(bot: Bot, word: str, meaning: str, words: str) -> None:
    refusal = bot.refusal("setMyCommands", commands=[{"command": word, "description": meaning}])
    assert refusal == f"400 Bad Request: {words}"


def test_at_most_100_commands(bot: Bot) -> None:
    bot.say("setMyCommands", commands=menu(*(f"c{number}" for number in range(100))))
    assert bot.refusal("setMyCommands", commands=menu(*(f"c{number}" for number in range(101)))).startswith("400")


def test_descriptions_fall_back_to_the_empty_language(bot: Bot) -> None:
    bot.say("setMyDescription", description="A study")
    bot.say("setMyDescription", description="Un estudi", language_code="ca")
    assert bot.say("getMyDescription", language_code="ca") == {"description": "Un estudi"}
    assert bot.say("getMyDescription", language_code="de") == {"description": "A study"}
    bot.say("setMyShortDescription", short_description="Short")
    assert bot.say("getMyShortDescription") == {"short_description": "Short"}
    assert bot.refusal("setMyShortDescription", short_description="x" * 121).startswith("400")
    bot.say("setMyName", name="Núvol")
    assert bot.say("getMe")["first_name"] == bot.say("getMyName")["name"] == "Núvol"


def test_a_private_chat_can_be_looked_at_but_not_left(bot: Bot, ann: int) -> None:
    assert bot.say("getChat", chat_id=ann)["first_name"] == "Ann"
    assert bot.refusal("leaveChat", chat_id=ann).startswith("400 Bad Request: chat member status")
    assert bot.say("logOut") is True
