# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines 37, 41 and 42: nothing grows, nothing leaks, and a storage that is away loses nothing."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from src.simulator import faults
from tests.checklist.machine import command_line_of, used_by
from tests.checklist.playground import ASK
from tests.checklist.stage import Stage, no_secret_in, project_on_stage
from tests.end_to_end.project import TOKEN, Project, running_bot, wait_until

OUTAGE = 6.0


def busy(stage: Stage, people: list[int], seconds: float) -> int:
    """Let people ask for help again and again, each as soon as they have an answer; return how often they did."""
    until, asked = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        for person in people:
            if stage.telegram.chat(person)[-1].from_bot:
                stage.telegram.write(person, "/help")
                asked += 1
        time.sleep(0.02)
    return asked


def test_37_after_every_kind_of_fault_the_token_stands_nowhere(stage: Stage) -> None:
    person = stage.newcomer()
    kinds = (
        faults.refused(400, "Bad Request: strange"),
        faults.server_error(502),
        faults.request_lost(),
        faults.answer_truncated(),
        faults.odd_answer(b"nothing"),
        faults.flood_wait(1),
    )
    for fault in kinds:
        for method in ("sendMessage", "answerCallbackQuery", "editMessageReplyMarkup", "getUpdates"):
            stage.telegram.faults.add(fault, (method,), times=1)
    stage.press(person, "again")
    time.sleep(4)
    stage.telegram.set_faults(None)
    stage.is_answered_in_time(stage.newcomer(), seconds=30)
    assert no_secret_in(stage.output())
    assert TOKEN not in command_line_of(stage.bot.process.pid)


def test_41_threads_sockets_and_memory_stay_flat_under_load_and_idleness_costs_nothing(own_stage: Stage) -> None:
    stage, process = own_stage, own_stage.bot.process.pid
    people = stage.newcomers(60)
    busy(stage, people, 3)
    stage.confirmed()  # what a poll has brought is carried out by several threads, which then end
    warm = used_by(process)
    asked = busy(stage, people, 6)
    assert asked > 100
    stage.confirmed()
    after = used_by(process)
    assert after.threads <= warm.threads + 1
    # A sender that had nothing to do so far opens connections of its own: one in six messages would be a leak.
    assert after.files <= warm.files + 16
    assert after.memory - warm.memory < 8_000_000
    time.sleep(1)
    idle = used_by(process)
    time.sleep(4)
    assert used_by(process).seconds - idle.seconds < 0.02 * 4 + 0.01


def database_process(project: Project) -> int:
    """Return the number of the embedded database's process."""
    return int(json.loads((project.root / "data" / "db.server.json").read_text("utf-8"))["pid"])


def test_41_while_the_storage_is_away_nothing_is_confirmed_and_afterwards_nothing_is_missing(own_stage: Stage) -> None:
    stage = own_stage
    people = stage.newcomers(10)
    stage.confirmed()
    server = database_process(stage.project)
    os.kill(server, signal.SIGSTOP)
    try:
        for person in people:
            stage.press(person, "again")
        time.sleep(OUTAGE)
        assert stage.telegram.pending_updates() == len(people)
    finally:
        os.kill(server, signal.SIGCONT)
    for person in people:
        stage.wait_for(person, ASK, times=2, seconds=30)
    stage.confirmed()
    assert all(stage.texts(person).count(ASK) == 2 for person in people)
    assert stage.output().count("works again") <= 15


def test_41_a_storage_that_dies_comes_back_by_itself_and_nothing_is_missing(own_stage: Stage) -> None:
    stage = own_stage
    people = stage.newcomers(10)
    for times in (2, 3):
        os.kill(database_process(stage.project), signal.SIGKILL)
        for person in people:
            stage.press(person, "again")
        for person in people:
            stage.wait_for(person, ASK, times=times, seconds=30)
    stage.confirmed()
    said = [[kept["value"] for kept in stage.document(person)["current_game"]["given"]] for person in people]
    assert said == [["again", "again"]] * len(people)


def test_42_a_run_is_free_of_warnings_and_takes_no_asynchronous_library_along(
    template: Project, tmp_path: Path
) -> None:
    with project_on_stage(template, tmp_path) as (project, telegram):
        project.environment |= {"PYTHONWARNINGS": "default", "PYTHONPROFILEIMPORTTIME": "1"}
        with running_bot(project) as bot:
            stage = Stage(project, telegram, bot)
            person = stage.newcomer()
            stage.press(person, "picture")
            stage.wait_for(person, ASK, times=2)
        said = bot.said()
        imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
        assert "telepot" in imported
        assert not {name for name in imported if name.split(".")[0] == "aiohttp" or name.startswith("telepot.aio")}
        # telepot is not maintained: the escapes in its docstrings are all that may be complained about.
        warnings = [line for line in said.splitlines() if "Warning:" in line]
        assert [line for line in warnings if "telepot" not in line] == []
        wait_until(lambda: bot.process.poll() == 0, "the bot does not end well")
