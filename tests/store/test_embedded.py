# SPDX-License-Identifier: GPL-3.0-or-later
"""One server to a folder: shared while anybody uses it, gone afterwards, and found again after every kind of death."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from src.errors import BotError, DatabaseAway
from src.store import locks, server_process
from src.store.embedded import EmbeddedServer
from src.store.processes import Process, myself, process_of
from src.store.server_notes import HOST, Files, Server, find
from src.store.server_process import start, stop
from tests.store.processes import another_user, server_of


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for a database; a server that a failing test leaves behind is ended."""
    yield tmp_path / "db"
    left = find(Files(tmp_path / "db"))
    if left is not None:
        stop(left)
        pytest.fail("a server was left running")


def kill(server: Server) -> None:
    os.kill(server.process.pid, signal.SIGKILL)
    while server.process.is_alive():
        time.sleep(0.005)


def test_it_listens_on_this_machine_alone_and_its_folder_is_ours_alone(folder: Path) -> None:
    server = EmbeddedServer(folder)
    words = Path(f"/proc/{server_of(folder).process.pid}/cmdline").read_bytes().split(b"\0")
    environment = Path(f"/proc/{server_of(folder).process.pid}/environ").read_bytes()
    server.close()
    assert words[words.index(b"--host") + 1] == b"127.0.0.1"
    assert {b"--sync-on-commit", b"--standalone", b"--config"} <= set(words)
    assert b"PYTEST" not in environment
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(folder: Path) -> None:
    server = EmbeddedServer(folder)
    session = os.getsid(server_of(folder).process.pid)
    server.close()
    assert session != os.getsid(0)


def test_the_last_user_stops_it(folder: Path) -> None:
    first = EmbeddedServer(folder)
    process = server_of(folder).process
    with another_user(folder) as user:
        first.close()
        first.close()
        assert process.is_alive()
        assert server_of(folder).process == process
        began = time.monotonic()
        user.communicate("done\n", timeout=10)
        assert time.monotonic() - began < 3
    assert not process.is_alive()
    assert Files(folder).noted() is None


def test_many_who_come_at_once_share_one_server(folder: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        servers = list(pool.map(EmbeddedServer, [folder] * 6))
    assert len({server.port for server in servers}) == 1
    process = server_of(folder).process
    for server in servers:
        assert process.is_alive()
        server.close()
    assert not process.is_alive()


def test_a_user_that_is_killed_leaves_a_server_for_the_next(folder: Path) -> None:
    with another_user(folder) as user:
        process = server_of(folder).process
        user.kill()
        user.wait()
    assert process.is_alive()
    next_user = EmbeddedServer(folder)
    assert server_of(folder).process == process
    next_user.close()
    assert not process.is_alive()


def test_a_server_without_a_note_is_found_too(folder: Path) -> None:
    first = EmbeddedServer(folder)
    noted = server_of(folder)
    Files(folder).forget()
    second = EmbeddedServer(folder)
    assert server_of(folder) == noted
    second.close()
    first.close()


def test_a_second_server_on_the_folder_is_never_started(folder: Path) -> None:
    first = EmbeddedServer(folder)
    assert start(Files(folder), server_process.free_port()) is None
    Files(folder).forget()
    first.revive()
    assert server_of(folder).port == first.port
    first.close()


def test_a_killed_server_comes_back_at_its_port_for_all_users(folder: Path) -> None:
    first = EmbeddedServer(folder)
    with another_user(folder) as user:
        before = server_of(folder)
        kill(before)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: first.revive(), range(8)))
        after = server_of(folder)
        assert after.process != before.process
        assert after.port == before.port == first.port
        kill(after)
        newcomer = EmbeddedServer(folder)
        assert newcomer.port == first.port
        newcomer.close()
        assert server_of(folder).process.is_alive()
        user.communicate("done\n", timeout=10)
    first.close()


def test_reviving_what_lives_changes_nothing(folder: Path) -> None:
    server = EmbeddedServer(folder)
    process = server_of(folder).process
    began = time.monotonic()
    server.revive()
    assert time.monotonic() - began < 1
    assert server_of(folder).process == process
    server.close()
    with pytest.raises(DatabaseAway, match="closed"):
        server.revive()


@pytest.mark.parametrize("note", ["", "nonsense", "{}", '{"pid": "x"}', "[1]"])
def test_a_spoiled_note_is_no_obstacle(folder: Path, note: str) -> None:
    Files(folder).beside("server.json").write_text(note, "utf-8")
    server = EmbeddedServer(folder)
    server.close()


def test_a_number_that_another_process_has_by_now_is_no_server(folder: Path) -> None:
    stale = Server(myself(), 20_001)
    Files(folder).note(stale)
    server = EmbeddedServer(folder)
    assert server_of(folder).process != stale.process
    server.close()
    assert myself().is_alive()


def test_a_port_that_somebody_else_took_is_left_to_them(folder: Path) -> None:
    with socket.create_server((HOST, server_process.free_port())) as stranger:
        port = stranger.getsockname()[1]
        Files(folder).note(Server(Process(1, 1), port))
        server = EmbeddedServer(folder)
        assert server.port != port
        server.close()


def test_when_the_port_is_lost_while_in_use_reviving_says_so(folder: Path) -> None:
    server = EmbeddedServer(folder)
    kill(server_of(folder))
    with socket.create_server((HOST, server.port)), pytest.raises(DatabaseAway) as refusal:
        server.revive()
    assert "\n" not in str(refusal.value)
    server.revive()
    server.close()


def test_a_missing_program_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(BotError, match=r"not installed.*MONGODB_URI"):
        EmbeddedServer(folder)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DatabaseAway, match="file/db"):
        EmbeddedServer(tmp_path / "file" / "db")


def test_a_server_that_cannot_start_is_told_in_one_line(folder: Path) -> None:
    folder.mkdir()
    (folder / "WiredTiger").mkdir()
    with pytest.raises(DatabaseAway, match=r"db\.server\.log") as refusal:
        EmbeddedServer(folder)
    assert "\n" not in str(refusal.value)
    assert find(Files(folder)) is None


def test_who_waits_for_the_lock_gives_up_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "db.lock"
    with (
        locks.exclusively(path, 1),
        pytest.raises(DatabaseAway, match="locked"),
        locks.exclusively(path, 0.1),
    ):
        pass


def test_the_note_is_plain_json(folder: Path) -> None:
    server = EmbeddedServer(folder)
    facts = json.loads(Files(folder).beside("server.json").read_text("utf-8"))
    assert facts["port"] == server.port
    assert process_of(facts["pid"]) == Process(facts["pid"], facts["started"])
    server.close()
