# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the pieces of a running bot together, in an order that finds what is missing before anything runs."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from src import paths
from src.conversation_elements import PHRASES
from src.dialogues.check import missing_required
from src.engine.effects import AnswerPress
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.errors import BotError, TryLater
from src.hash_unhash import load_pseudonym_key
from src.identities import Pseudonym
from src.phrases import PHRASES_FILE, load_phrases
from src.secrets_store import token_of
from src.service.agenda import Agenda
from src.service.conversation import Conversation
from src.service.daemon import Daemon, Engine, StopPolling
from src.service.delivery import Delivery, Typist
from src.service.limiter import Limiter
from src.service.message_loop import MessageLoop
from src.service.scheduler import Scheduler
from src.settings import Settings
from src.store.database import Database, open_database
from src.store.lease import Lease
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.study import StudyStore
from src.telegram_bot import TelegramBot, calc_delay_sending

log = logging.getLogger(__name__)

LONGEST_START_PAUSE = 30.0


@dataclass(frozen=True)
class Place:
    """Where a bot keeps what it owns, and which of its names count. The demo has a place of its own."""

    database: str = "experiment_db"
    database_folder: Path = paths.DATABASE
    keys: Path = paths.KEYS
    tokens: Path = paths.TOKENS
    bot_name: str = "my_bot"
    outgoing: Path = paths.OUTGOING


DEVELOPER = Place(database="experiment_db_dev", bot_name="my_bot_dev")


class SystemClock:
    """The machine's clock, in whole milliseconds: the database keeps no more, and memory and database must agree."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def rules_of(settings: Settings, *, developer: bool, phrases: Mapping[str, Mapping[str, str]] = PHRASES) -> Rules:
    """Return what the settings mean to the engine, and the bot's own sentences beside them."""
    return Rules(
        languages=settings.languages,
        default_language=settings.default_language,
        timezone=settings.study_timezone,
        quiet_from=settings.quiet_from,
        quiet_until=settings.quiet_until,
        reading_pause=calc_delay_sending,
        default_rhythm_hours=settings.default_rhythm_hours,
        pause_scale=settings.pause_scale,
        rhythm_scale=settings.rhythm_scale,
        categories=settings.categories,
        placeholders={"emergency": settings.emergency_numbers, "contact": settings.contact},
        phrases=phrases,
        developer=developer,
    )


def run_bot(settings: Settings, place: Place, *, developer: bool = False) -> None:
    """Run a bot until it is told to stop. Raises BotError, with one line, if something that it needs is missing."""
    token = settings.telegram_token or token_of(place.bot_name, place.tokens, place.keys)
    key = load_pseudonym_key(place.keys)
    phrases = load_phrases(PHRASES_FILE, settings.languages, settings.default_language)
    rules = rules_of(settings, developer=developer, phrases=phrases)
    telegram = TelegramBot(
        token,
        place.outgoing,
        url=settings.telegram_api_url,
        proxy=settings.telegram_proxy,
        certificates=settings.telegram_ca,
    )
    with (
        stop_signals() as signals,
        open_database(settings.mongodb_uri, place.database, place.database_folder) as database,
        leased(database) as lease,
    ):
        database.make_indexes()
        studies = StudyStore(database)
        if not settings.contact:
            log.warning("CONTACT is not set: texts that name a contact say 'the team that invited you'.")
        check_study(studies.current(rules))
        greet(telegram)
        parts = put_together(settings, rules, telegram, database, PseudonymStore(database, key), studies, lease)
        daemon = Daemon(parts)
        signals.daemon = daemon
        log.info("The bot is running on the database %s.", place.database)
        daemon.run()
        log.info("The bot has stopped.")


def put_together(
    settings: Settings,
    rules: Rules,
    telegram: TelegramBot,
    database: Database,
    pseudonyms: PseudonymStore,
    studies: StudyStore,
    lease: Lease,
) -> Engine:
    """Connect the parts of the service with the world."""
    clock = SystemClock()
    participants = ParticipantStore(database, rules.default_language)
    agenda = Agenda(clock.now)
    limiter = Limiter(settings.messages_per_second, time.monotonic)
    delivery = Delivery(telegram, pseudonyms, limiter, agenda, clock)
    typist = Typist(telegram, pseudonyms, agenda, clock)
    # Pressed buttons are answered beside the message loop: a slow answer must not hold up anybody else's message.
    presses = ThreadPoolExecutor(4, thread_name_prefix="presses")

    def wake(participant: Participant) -> None:
        delivery.wake(participant)
        typist.wake(participant)

    def answer_press(press: AnswerPress) -> None:
        presses.submit(telegram.answer_press, press.query_id, press.text)

    def erase(who: Pseudonym) -> None:
        # The identity first: should we die in between, what is left can be led back to nobody, and is erased at
        # the next look.
        pseudonyms.forget(who)
        participants.erase(who)
        log.info("A participant has been erased at their own wish.")

    conversation = Conversation(participants, studies, rules, clock, wake, answer_press, erase)
    return Engine(
        MessageLoop(telegram, pseudonyms, conversation),
        Scheduler(participants, conversation, agenda, clock),
        delivery,
        typist,
        conversation,
        agenda,
        revive=database.revive,
        renew_lease=lambda: lease.renew(clock.now()),
        answering=presses,
        interrupt=lambda: os.kill(os.getpid(), signal.SIGTERM),
    )


def check_study(study: Study) -> None:
    """Refuse to start without the dialogues that the bot itself needs; say which of the sequence will not be sent."""
    missing = missing_required(study.dialogues)
    if missing:
        names = ", ".join(missing)
        raise BotError(
            f"The database has no dialogue {names}. Upload it: python3 data/gamesInfo/update_mongoDB_games.py"
        )
    if not study.sequence:
        log.warning(
            "The sequence is empty: after the welcome nothing is sent. Upload it: "
            "python3 data/bot/read_names_relatos_and_add_list_to_bot_in_mongoDB.py"
        )
    for name in study.sequence:
        dialogue = study.dialogues.get(name)
        if dialogue is None:
            log.warning("The sequence names the dialogue %r, which is not there; it is passed over.", name)
        elif dialogue.is_for_two:
            log.warning("The dialogue %r is for two players; the sequence passes it over.", name)


@contextmanager
def leased(database: Database) -> Iterator[Lease]:
    """Hold the right to run on this database; refuse if another bot does."""
    lease = Lease(database)
    lease.take(SystemClock().now())
    try:
        yield lease
    finally:
        try:
            lease.release()
        except BotError as trouble:
            log.info("The lease runs out by itself: %s", trouble)


@dataclass
class Signals:
    """What SIGTERM and SIGINT mean at the moment: before the bot runs they end the start, then they stop it cleanly."""

    daemon: Daemon | None = None

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """React to a signal, in the main thread."""
        if self.daemon is None:
            raise StopPolling
        self.daemon.ask_to_stop()


@contextmanager
def stop_signals() -> Iterator[Signals]:
    """Let SIGTERM and SIGINT stop the bot, and nothing else happen to it."""
    signals = Signals()
    before = {number: signal.signal(number, signals.handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield signals
    except StopPolling:
        log.info("Stopped before the bot was running.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def greet(telegram: TelegramBot) -> None:
    """Ask Telegram who we are. A wrong token raises NotAllowed; while Telegram is away we wait for it."""
    pause = 1.0
    while True:
        try:
            name = telegram.who_am_i()
            telegram.listen_by_polling()
        except TryLater as trouble:
            log.warning("Telegram is not there yet: %s. Trying again in %.0f s.", trouble, pause)
            time.sleep(max(pause, trouble.seconds or 0.0))
            pause = min(2 * pause, LONGEST_START_PAUSE)
        else:
            log.info("Telegram knows us as @%s.", name)
            return
