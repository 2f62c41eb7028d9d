# SPDX-License-Identifier: GPL-3.0-or-later
"""The local Bot API for Python: start it, let persons write and press, look at what the bot did."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from src.simulator import people_side
from src.simulator.beside import Beside, BesideRoutes
from src.simulator.bot_routes import BotRoutes
from src.simulator.entities import Json
from src.simulator.fault_orders import FaultOrders
from src.simulator.faults import FaultHook, no_faults
from src.simulator.files import files_beside
from src.simulator.guard import guard
from src.simulator.live import LiveEvents
from src.simulator.messages import ChatMessage, Person
from src.simulator.pace import Limits, Violations, most_in_a_window
from src.simulator.people_routes import PeopleRoutes
from src.simulator.polling import Polling
from src.simulator.presses import Press
from src.simulator.refusals import NotInTime
from src.simulator.request_log import RequestLog, RequestRecord
from src.simulator.server import Server, new_app
from src.simulator.state_file import StateFile, load_state
from src.simulator.telegram import Clock, Telegram, bot_id_of


class LocalBotApi:
    """Telegram's Bot API for one bot on this machine, with the people's side as methods for any thread.

    `token` is the bot's; its number becomes the bot's id. `port` 0 takes a free one. With `state_file`
    an earlier run goes on; photos and documents lie in a folder beside it. `clock` gives Unix time for
    dates and lifetimes. `brake` slows a bot that polls with the same offset again at once, as Telegram does.
    `beside` is what another program adds to the chat page.
    """

    def __init__(
        self,
        token: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state_file: Path | None = None,
        clock: Clock = time.time,
        brake: bool = True,
        beside: Beside | None = None,
    ) -> None:
        self._host = host
        self._beside = beside
        self._telegram = Telegram(bot_id_of(token), clock, files_beside(state_file))
        self._requests = RequestLog()
        self._polling = Polling(self._telegram, brake)
        self._live = LiveEvents()
        self._bot_routes = BotRoutes(token, self._telegram, self._polling, self._requests)
        self._server = Server(host, port, self._app, self._listen)
        self._state: StateFile | None = None
        self._telegram.listeners += [self._polling.on_event, self._live.on_event]
        if state_file is not None:
            load_state(state_file, self._telegram)
            self._state = StateFile(state_file, self._telegram)
            self._telegram.listeners.append(self._state.on_event)

    @property
    def url(self) -> str:
        """Return the address, like http://127.0.0.1:8081; with port 0 it is known after start."""
        return f"http://{self._host}:{self._server.port}"

    def start(self) -> None:
        """Listen; return when requests are taken; raise BotError if the port is not free."""
        self._server.start()
        if self._state is not None:
            self._state.start()

    def stop(self) -> None:
        """Close everything and write the state; start() opens the same port again."""
        self._server.stop()
        if self._state is not None:
            self._state.stop()

    def set_faults(self, hook: FaultHook | None) -> None:
        """Ask `hook` about every request of the bot from now on, see faults.py; None: no faults, and no orders."""
        self._bot_routes.hook = hook or no_faults
        if hook is None:
            self.faults.clear()

    @property
    def faults(self) -> FaultOrders:
        """Return where faults are ordered for some methods, chats and times."""
        return self._bot_routes.orders

    def set_limits(self, limits: Limits | None) -> None:
        """Hold Telegram's limits from now on and count violations anew; None, as at the start: no limits."""
        self._bot_routes.pace.set_limits(limits)

    def violations(self) -> Violations:
        """Return how often the bot was too fast since the limits were set."""
        return self._bot_routes.pace.violations()

    def most_messages(self, seconds: float = 1.0, chat_id: int | None = None, since: float = 0.0) -> int:
        """Return the most messages and edits that came in any window of `seconds`, over all or to one chat.

        `since` is a `time.monotonic()` before which nothing counts. What was refused counts too.
        """
        records = self._requests.records(None, chat_id)
        return most_in_a_window((record for record in records if record.at >= since), seconds)

    def add_person(
        self,
        name: str,
        language_code: str = "en",
        person_id: int | None = None,
        started: bool = False,
        user_name: str = "",
    ) -> int:
        """Let somebody have the app and return their Telegram id; raise NotPossible if it is taken.

        `started`: they have written to the bot long ago, and no update tells of it any more.
        """
        with self._telegram.lock:
            return people_side.add_person(self._telegram, name, language_code, person_id, started, user_name).id

    def people(self) -> list[Person]:
        """Return all persons, in the order in which they came."""
        with self._telegram.lock:
            return list(self._telegram.people.values())

    def write(self, person_id: int, text: str) -> ChatMessage:
        """Let a person write to the bot; raise NotPossible if they cannot."""
        with self._telegram.lock:
            return people_side.write(self._telegram, person_id, text)

    def edit(self, person_id: int, message_id: int, text: str) -> ChatMessage:
        """Let a person change a text of theirs; raise NotPossible if it is not theirs."""
        with self._telegram.lock:
            return people_side.edit(self._telegram, person_id, message_id, text)

    def press(self, person_id: int, message_id: int, data: str) -> str:
        """Let a person press a button and return the query's id; raise NotPossible if it is not there now."""
        with self._telegram.lock:
            return people_side.press(self._telegram, person_id, message_id, data)

    def press_oddly(self, person_id: int, body: Json) -> str:
        """Queue a press that no page of ours makes: `body` has its "message" and "data", or not; return its id."""
        with self._telegram.lock:
            return people_side.press_oddly(self._telegram, person_id, body)

    def send_other(self, person_id: int, kind: str) -> ChatMessage:
        """Let a person send a sticker, voice, photo, location …; the kinds are people_side.OTHER_KINDS."""
        with self._telegram.lock:
            return people_side.send_other(self._telegram, person_id, kind)

    def block(self, person_id: int) -> None:
        """Let a person block the bot."""
        with self._telegram.lock:
            people_side.set_blocked(self._telegram, person_id, True)

    def unblock(self, person_id: int) -> None:
        """Let a person unblock the bot."""
        with self._telegram.lock:
            people_side.set_blocked(self._telegram, person_id, False)

    def deactivate(self, person_id: int) -> None:
        """Let a person give up their account."""
        with self._telegram.lock:
            people_side.deactivate(self._telegram, person_id)

    def push_update(self, kind: str, payload: Json, unasked: bool = False) -> int | None:
        """Queue an update of any kind and form; return its id, or None if the bot does not want the kind.

        `unasked`: the bot gets it all the same, as what was queued before it said what it wants.
        """
        with self._telegram.lock:
            return self._telegram.push(kind, payload, unasked)

    def continue_update_ids_from(self, update_id: int) -> None:
        """Let the next update have this id, as after a week of silence; raise NotPossible if some wait."""
        with self._telegram.lock:
            self._telegram.updates.continue_from(update_id)

    def pending_updates(self) -> int:
        """Return how many updates the bot has not confirmed."""
        with self._telegram.lock:
            return len(self._telegram.updates)

    def chat(self, person_id: int) -> list[ChatMessage]:
        """Return the messages of a chat as the person sees them now, oldest first."""
        with self._telegram.lock:
            self._telegram.person(person_id)
            return list(self._telegram.chats[person_id].values())

    def commands(self, person_id: int) -> list[dict[str, str]]:
        """Return the command menu that a person sees, each with "command" and "description"."""
        with self._telegram.lock:
            person = self._telegram.person(person_id)
            return self._telegram.profile.commands_for(person.id, person.language_code)

    def wait_for(
        self, person_id: int, predicate: Callable[[list[ChatMessage]], bool], timeout: float = 5.0
    ) -> list[ChatMessage]:
        """Return the chat as soon as `predicate` is true of it; raise NotInTime after `timeout` seconds."""
        with self._telegram.lock:
            if not self._telegram.lock.wait_for(lambda: predicate(self.chat(person_id)), timeout):
                raise NotInTime(f"The chat was not as expected after {timeout} s.")
            return self.chat(person_id)

    def wait_for_message(
        self, person_id: int, predicate: Callable[[ChatMessage], bool], timeout: float = 5.0
    ) -> ChatMessage:
        """Return the newest message of which `predicate` is true, waiting for it; raise NotInTime."""
        chat = self.wait_for(person_id, lambda messages: any(map(predicate, messages)), timeout)
        return next(message for message in reversed(chat) if predicate(message))

    def presses(self) -> list[Press]:
        """Return every press on a button, oldest first, with the bot's answer if there is one."""
        with self._telegram.lock:
            return self._telegram.presses.all()

    def requests(self, method: str | None = None, chat_id: int | None = None) -> list[RequestRecord]:
        """Return the bot's requests in the order of arrival, all or those of one method or chat."""
        return self._requests.records(method, chat_id)

    def request_counts(self) -> dict[str, int]:
        """Return how many requests of each method came since the start."""
        return self._requests.counts()

    def tell_pages(self, news: Json) -> None:
        """Tell the open pages something that is meant for the files in `beside`."""
        with self._telegram.lock:
            self._telegram.changed("beside", 0, news)

    def _app(self) -> web.Application:
        app = new_app(guard)
        self._bot_routes.add_to(app)
        PeopleRoutes(self._telegram, self._live, has_panel=self._beside is not None).add_to(app)
        if self._beside is not None:
            BesideRoutes(self._beside).add_to(app)
        return app

    def _listen(self, loop: asyncio.AbstractEventLoop | None) -> None:
        if loop is None:
            self._live.close()
        self._live.listen(loop)
        self._polling.listen(loop)
