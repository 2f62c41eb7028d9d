# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the pieces of a running bot together, in an order that finds what is missing before anything runs."""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from src import paths
from src.admin_parts import open_desk
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
from src.service.background import Background
from src.service.conversation import Conversation
from src.service.daemon import Daemon
from src.service.delivery import Delivery, Typist
from src.service.fence import FencedTelegram, LeaseLost
from src.service.health import Health
from src.service.limiter import Limiter
from src.service.message_loop import MessageLoop
from src.service.parts import Engine
from src.service.scheduler import Scheduler
from src.service.stopping import Signals, stop_signals
from src.service.traffic import CountingTelegram
from src.service.watch import Watch
from src.settings import Settings
from src.store.database import Database, open_database
from src.store.file_ids import FileIdStore
from src.store.health import write_vitals
from src.store.lease import Lease, leased
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.study import StudyStore
from src.telegram_bot import TelegramBot, bot_number, calc_delay_sending

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


def run_bot(settings: Settings, place: Place, *, developer: bool = False, standby: bool = False) -> None:
    """Run a bot until it is told to stop. Raises BotError, with one line, if something that it needs is missing.

    A standby waits until no other bot runs on the database, and goes back to waiting when another one takes over.
    """
    token = settings.telegram_token or token_of(place.bot_name, place.tokens, place.keys)
    key = load_pseudonym_key(place.keys)
    phrases = load_phrases(PHRASES_FILE, settings.languages, settings.default_language)
    rules = rules_of(settings, developer=developer, phrases=phrases)
    with (
        stop_signals() as signals,
        open_database(settings.mongodb_uri, place.database, place.database_folder) as database,
    ):
        database.make_indexes()
        studies = StudyStore(database)
        if not settings.contact:
            log.warning("CONTACT is not set: texts that name a contact say 'the team that invited you'.")
        check_study(studies.current(rules))
        telegram = TelegramBot(
            token,
            place.outgoing,
            url=settings.telegram_api_url,
            proxy=settings.telegram_proxy,
            certificates=settings.telegram_ca,
            file_ids=FileIdStore(database, bot_number(token)),
        )
        greet(telegram)

        def run_while_leased(lease: Lease) -> None:
            parts = put_together(
                settings, rules, telegram, database, PseudonymStore(database, key), studies, lease, place.keys
            )
            daemon = Daemon(parts)
            signals.stop = daemon.ask_to_stop
            log.info("The bot is running on the database %s.", place.database)
            daemon.run()

        hold(database, signals, run_while_leased, standby=standby)
        log.info("The bot has stopped.")


def hold(database: Database, signals: Signals, run: Callable[[Lease], None], *, standby: bool) -> None:
    """Run as long as we have the lease. Who lost it ends with LeaseLost; a standby waits for it again."""
    while True:
        try:
            with leased(database, SystemClock().now, standby=standby) as lease:
                return run(lease)
        except LeaseLost as lost:
            if not standby:
                raise
            signals.stop = None
            log.warning("%s", lost)


def put_together(
    settings: Settings,
    rules: Rules,
    telegram: TelegramBot,
    database: Database,
    pseudonyms: PseudonymStore,
    studies: StudyStore,
    lease: Lease,
    keys: Path,
) -> Engine:
    """Connect the parts of the service with the world. `keys` is where the hash of the admins' password lies."""
    clock = SystemClock()
    health, watch = Health(clock, version()), Watch()
    counting = CountingTelegram(telegram)
    fenced = FencedTelegram(counting, lease.holds, health, watch)
    participants = ParticipantStore(database, rules.default_language)
    agenda = Agenda(clock.now)
    limiter = Limiter(settings.messages_per_second, time.monotonic)
    delivery = Delivery(fenced, pseudonyms, limiter, agenda, clock)
    typist = Typist(fenced, pseudonyms, agenda, clock)
    # Pressed buttons are answered beside the message loop: a slow answer must not hold up anybody else's message.
    presses = Background(4, "presses")

    def wake(participant: Participant) -> None:
        delivery.wake(participant)
        typist.wake(participant)

    def answer_press(press: AnswerPress) -> None:
        presses.submit(lambda: fenced.answer_press(press.query_id, press.text))

    def erase(who: Pseudonym) -> None:
        # The identity first: should we die in between, what is left can be led back to nobody, and is erased at
        # the next look.
        pseudonyms.forget(who)
        participants.erase(who)
        log.info("A participant has been erased at their own wish.")

    conversation = Conversation(participants, studies, rules, clock, wake, answer_press, erase, pseudonyms.enter)
    rate = settings.messages_per_second
    loops = open_desk(database, conversation, delivery, counting, lambda: health.vitals(agenda), rate, keys)
    return Engine(
        MessageLoop(fenced, pseudonyms, conversation, agenda),
        Scheduler(participants, conversation, agenda, clock),
        delivery,
        typist,
        conversation,
        agenda,
        revive=database.revive,
        lease=lease,
        interrupt=lambda: os.kill(os.getpid(), signal.SIGTERM),
        health=health,
        write_health=lambda vitals: write_vitals(database, vitals),
        watch=watch,
        loops=loops,
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


def version() -> str:
    """Return a short name for the code as it lies on the disk: equal for equal files."""
    files = sorted((paths.ROOT / "src").rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


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
