# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 7 to 9, 13, 34, 38 and 40: what a start finds is handled, and what a stop leaves is kept."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from src.simulator import faults
from src.simulator.calls import Call
from src.simulator.faults import Fault
from tests.checklist.crowd import enrol
from tests.checklist.playground import ASK, NEWS, TEN
from tests.checklist.stage import REAL_LIMIT, Stage, no_secret_in, project_on_stage, stage_of
from tests.checklist.tls import encrypted
from tests.end_to_end.project import Project, running_bot, start_bot, wait_until

WANTED = {"message", "edited_message", "callback_query", "my_chat_member"}


@dataclass
class ShiftedClock:
    """The machine's clock, some seconds ahead."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def test_07_every_start_says_which_updates_it_wants(own_stage: Stage) -> None:
    stage = own_stage
    for _ in range(2):
        stage.bot.kill()
        stage.watch()
        stage.start_again()
        wait_until(lambda: bool(stage.watched("getUpdates")), "nobody asks for updates")
        assert set(json.loads(stage.watched("getUpdates")[0].text("allowed_updates"))) == WANTED


def test_08_a_start_takes_the_webhook_away_and_hears_the_whole_backlog(template: Project, tmp_path: Path) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        people = [telegram.add_person("Somebody", "en") for _ in range(230)]
        for person in people:
            telegram.write(person, "/start")
        calls: list[Call] = []
        telegram.set_faults(calls.append)
        with running_bot(project):
            for person in people:
                telegram.wait_for(person, lambda chat: chat[-1].plain == ASK, 30.0)
            wait_until(lambda: telegram.pending_updates() == 0, "not all is confirmed")
        methods = [call.method for call in calls]
        assert methods[:2] == ["getMe", "deleteWebhook"]
        assert all(method.startswith("set") for method in methods[2 : methods.index("getUpdates")])
        assert not calls[1].flag("drop_pending_updates")
        assert all(len(telegram.chat(person)) == 3 for person in people)


@pytest.mark.parametrize("refusal", [(401, "Unauthorized"), (404, "Not Found")])
def test_09_a_token_that_telegram_does_not_know_ends_the_start_at_once(
    template: Project, tmp_path: Path, refusal: tuple[int, str]
) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        telegram.faults.add(faults.refused(*refusal))
        begin = time.monotonic()
        done = project.script("main.py", seconds=20)
        assert time.monotonic() - begin < 5
        assert done.returncode != 0
        lines = [line for line in done.stderr.splitlines() if " INFO " not in line and " WARNING " not in line]
        assert len(lines) == 1
        assert "token" in lines[0]
        assert no_secret_in(done.stdout + done.stderr + project.log())


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getMe", faults.server_error(502)),
        ("deleteWebhook", faults.flood_wait(1)),
        ("getUpdates", faults.request_lost()),
    ],
)
def test_09_a_telegram_in_trouble_is_waited_for_at_the_start(
    template: Project, tmp_path: Path, method: str, fault: Fault
) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        telegram.faults.add(fault, (method,), times=1)
        with running_bot(project) as bot:
            Stage(project, telegram, bot).newcomer()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_13_an_idle_bot_ends_within_a_second_and_confirms(own_stage: Stage, number: signal.Signals) -> None:
    # Fault: src/service/message_loop.py confirm (with daemon.py finish): the open long poll has confirmed this offset
    # already; asking with it again makes Telegram wait 3 s (telegram.md 2.1), and finish waits with it.
    stage = own_stage
    stage.newcomer()
    stage.confirmed()
    begin = time.monotonic()
    stage.bot.process.send_signal(number)
    assert stage.bot.process.wait(10) == 0
    assert time.monotonic() - begin < 1
    assert stage.telegram.pending_updates() == 0


def test_13_a_stop_under_load_is_quick_and_loses_and_repeats_nothing(own_stage: Stage) -> None:
    stage = own_stage
    people = stage.newcomers(40)
    stage.watch()
    for person in people:
        stage.press(person, "ten")
    wait_until(lambda: any("Number 2" in stage.texts(person) for person in people), "nothing is sent")
    told = time.monotonic()
    code, seconds = stage.bot.stop()
    assert code == 0
    assert seconds < 5
    polls = [call for at, call in stage.calls if call.method == "getUpdates" and at > told]
    assert all(call.number("timeout") == 0 for call in polls)
    assert len(polls) <= 1
    stage.start_again()
    for person in people:
        stage.wait_for(person, ASK, times=2)
        assert [text for text in stage.texts(person) if text in TEN] == list(TEN)


def test_13_a_second_signal_forces_the_end(own_stage: Stage) -> None:
    stage = own_stage
    people = stage.newcomers(3)
    order = stage.telegram.faults.add(faults.never_answered(), ("sendMessage",))
    for person in people:
        stage.press(person, "ten")
    wait_until(lambda: order.happened == len(people), "nothing is sent")
    stage.bot.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    begin = time.monotonic()
    stage.bot.process.send_signal(signal.SIGTERM)
    stage.bot.process.wait(10)
    assert time.monotonic() - begin < 1.5


def test_34_after_a_day_away_there_is_one_sensible_answer_and_no_flood(template: Project, tmp_path: Path) -> None:
    clock = ShiftedClock()
    with stage_of(template, tmp_path, clock=clock) as stage:
        people = stage.newcomers(3)
        stage.bot.stop()
        before = [len(stage.texts(person)) for person in people]
        for person in people:
            for number in range(25):
                stage.telegram.write(person, f"hello? {number}")
        stage.press(people[0], "ten")
        clock.ahead = 20 * 3600
        stage.start_again()
        stage.confirmed()
        for person in people:
            stage.telegram.wait_for(person, lambda chat: chat[-1].from_bot)
        time.sleep(1)
        grown = [len(stage.texts(person)) - was for person, was in zip(people, before, strict=True)]
        assert all(1 <= each <= 2 for each in grown)
        stage.press(people[0], "ten")  # the press of yesterday is lost on Telegram's side; a new one counts
        stage.wait_for(people[0], ASK, times=2)


def test_38_what_became_due_while_the_bot_was_down_is_sent_once_and_within_the_limits(
    template: Project, tmp_path: Path
) -> None:
    # Fault: src/service/limiter.py, see test_15_pace.py: 31 messages in one second.
    with stage_of(template, tmp_path, REAL_LIMIT) as stage:
        stage.bot.stop()
        people = enrol(stage, 45)
        stage.start_again()
        wait_until(lambda: any(stage.texts(person) for person in people), "nothing is sent")
        stage.bot.kill()
        begin = time.monotonic()
        stage.start_again()
        for person in people:
            stage.wait_for(person, NEWS)
        time.sleep(0.5)
        assert stage.telegram.most_messages(since=begin) <= 30
        assert all(set(stage.texts(person)) == {NEWS} for person in people)
        # One for each sender may have gone when the bot was killed.
        assert sum(len(stage.texts(person)) - 1 for person in people) <= 12


def test_40_everything_runs_through_a_proxy_if_one_is_set(template: Project, tmp_path: Path) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        # The local Bot API is the proxy here: only through it can the address be reached at all.
        project.environment |= {"TELEGRAM_API_URL": "http://telegram.invalid", "TELEGRAM_PROXY": telegram.url}
        with running_bot(project) as bot:
            stage = Stage(project, telegram, bot)
            stage.press(stage.newcomer(), "picture")


def test_40_a_server_of_a_private_authority_is_trusted_if_its_certificate_is_named_and_else_is_not(
    template: Project, tmp_path: Path
) -> None:
    with (
        project_on_stage(template, tmp_path) as (project, telegram),
        encrypted(telegram.url, tmp_path) as (address, certificate),
    ):
        project.environment |= {"TELEGRAM_API_URL": address}
        doubting = start_bot(project)
        wait_until(lambda: "Telegram is not there yet" in doubting.said(), "anybody's certificate is trusted")
        doubting.kill()
        project.environment |= {"TELEGRAM_CA": str(certificate)}
        with running_bot(project) as bot:
            Stage(project, telegram, bot).newcomer()
