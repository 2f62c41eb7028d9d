# SPDX-License-Identifier: GPL-3.0-or-later
"""A running local Bot API, a bot, and a person who has pressed Start."""

from collections.abc import Iterator

import pytest

from src.simulator.bot_api import LocalBotApi
from tests.simulator.client import TOKEN, Bot, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def api(clock: HandClock) -> Iterator[LocalBotApi]:
    api = LocalBotApi(TOKEN, clock=clock, brake=False)
    api.start()
    yield api
    api.stop()


@pytest.fixture
def bot(api: LocalBotApi) -> Bot:
    return Bot(api)


@pytest.fixture
def ann(api: LocalBotApi, bot: Bot) -> int:
    """Return the id of a person who has written to the bot; the bot has confirmed it."""
    ann = api.add_person("Ann", "ca")
    api.write(ann, "/start")
    bot.say("getUpdates", offset=-1)
    bot.say("getUpdates", offset=bot.say("getUpdates")[-1]["update_id"] + 1)
    return ann
