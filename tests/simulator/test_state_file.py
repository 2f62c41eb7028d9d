# SPDX-License-Identifier: GPL-3.0-or-later
"""A stopped demo goes on where it was."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src.paths import ROOT
from src.simulator.bot_api import LocalBotApi
from src.simulator.refusals import NotInTime, StateUnreadable
from src.simulator.telegram import KEPT_MESSAGES
from tests.simulator.client import HTTP, TOKEN, Bot, picture

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "demo" / "chats.json"
    first = LocalBotApi(TOKEN, state_file=state)
    first.start()
    bot = Bot(first)
    ann = first.add_person("Ann", "ca")
    first.write(ann, "/start")
    bot.say("sendMessage", chat_id=ann, text="<b>Ready?</b>", parse_mode="HTML", reply_markup=YES)
    photo = bot.say("sendPhoto", {"photo": ("a.png", picture(5, 5))}, chat_id=ann)["photo"][0]["file_id"]
    bot.say("setMyCommands", commands=[{"command": "pause", "description": "Stop"}])
    updates = bot.say("getUpdates")
    first.stop()

    second = LocalBotApi(TOKEN, state_file=state)
    second.start()
    bot = Bot(second)
    try:
        assert second.chat(ann) == first.chat(ann)
        assert second.commands(ann) == [{"command": "pause", "description": "Stop"}]
        assert bot.say("getUpdates") == updates
        assert bot.say("sendPhoto", chat_id=ann, photo=photo)["message_id"] == 4
        path = bot.say("getFile", file_id=photo)["file_path"]
        assert HTTP.request("GET", f"{second.url}/file/bot{TOKEN}/{path}").data == picture(5, 5)
        assert second.add_person("Bob") > ann
    finally:
        second.stop()


def test_the_state_is_written_within_a_second_and_without_the_token(tmp_path: Path) -> None:
    state = tmp_path / "chats.json"
    api = LocalBotApi(TOKEN, state_file=state)
    api.start()
    try:
        api.add_person("Ann")
        end = time.monotonic() + 2
        while not state.exists() and time.monotonic() < end:
            time.sleep(0.02)
        text = state.read_text(encoding="utf-8")
        assert "Ann" in text
        assert TOKEN.partition(":")[2] not in text
    finally:
        api.stop()


def test_a_broken_state_file_is_named(tmp_path: Path) -> None:
    state = tmp_path / "chats.json"
    state.write_text("{}", encoding="utf-8")
    with pytest.raises(StateUnreadable, match=re.escape(str(state))):
        LocalBotApi(TOKEN, state_file=state)


def test_a_chat_keeps_only_its_last_messages(api: LocalBotApi, ann: int) -> None:
    for number in range(KEPT_MESSAGES + 5):
        api.write(ann, str(number))
    assert len(api.chat(ann)) == KEPT_MESSAGES
    assert api.chat(ann)[-1].text == str(KEPT_MESSAGES + 4)


def test_waiting_ends_with_the_message_or_with_the_time(api: LocalBotApi, bot: Bot, ann: int) -> None:
    bot.say("sendMessage", chat_id=ann, text="hello")
    assert api.wait_for_message(ann, lambda message: message.from_bot).text == "hello"
    with pytest.raises(NotInTime):
        api.wait_for(ann, lambda chat: len(chat) == 3, timeout=0.1)


def test_it_also_runs_as_a_process(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "src.simulator",
        "--token",
        TOKEN,
        "--state",
        str(tmp_path / "chats.json"),
    ]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        response = HTTP.request("POST", f"{url}/people", json={"name": "Ann"})
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert response.status == 201
    assert "Ann" in (tmp_path / "chats.json").read_text(encoding="utf-8")
