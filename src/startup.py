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
from functools import partial
from pathlib import Path

from src import paths
from src.admin_parts import open_desk
from src.conversation_elements import PHRASES
from src.engine.effects import AnswerPress
from src.engine.state import Participant
from src.engine.study import Rules
from src.hash_unhash import load_pseudonym_key
from src.phrases import PHRASES_FILE, load_phrases
from src.readiness import check_study, greet, patiently
from src.secrets_store import token_of
from src.service.agenda import Agenda
from src.service.background import Background
from src.service.conversation import Conversation
from src.service.daemon import Daemon
from src.service.delivery import Delivery
from src.service.fence import FencedTelegram, LeaseLost
from src.service.health import Health
from src.service.limiter import Limiter
from src.service.message_loop import MessageLoop
from src.service.notes import Notes
from src.service.own_data import WithOwnData
from src.service.parts import Engine
from src.service.ports import Clock
from src.service.recent import RecentParticipants
from src.service.scheduler import Scheduler
from src.service.stopping import Signals, stop_signals
from src.service.traffic import CountingTelegram
from src.service.typist import Typist
from src.service.watch import Watch
from src.settings import Settings
from src.store.database import Database, open_database
from src.store.erasing import erase_participant
from src.store.file_ids import FileIdStore
from src.store.forgotten_updates import ForgottenUpdates
from src.store.health import write_vitals
from src.store.histories import file_away
from src.store.lease import Lease, leased
from src.store.menu_note import MenuNote
from src.store.own_data import everything_of
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.study import StudyStore
from src.telegram_bot import TelegramBot, bot_number, calc_delay_sending
from src.telegram_menu import show_menu

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a bot keeps what it owns, and which of its names count. The demo has a place of its own."""

    database: str = "experiment_db"
    database_folder: Path = paths.DATABASE
    keys: Path = paths.KEYS
    tokens: Path = paths.TOKENS
    bot_name: str = "my_bot"
    outgoing: Path = paths.OUTGOING
    phrases: Path = PHRASES_FILE


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
        reminder_hours=settings.reminder_hours,
        pause_scale=settings.pause_scale,
        rhythm_scale=settings.rhythm_scale,
        categories=settings.categories,
        placeholders={"emergency": settings.emergency_numbers, "contact": settings.contact},
        phrases=phrases,
        developer=developer,
    )


def run_bot(
    settings: Settings,
    place: Place,
    *,
    developer: bool = False,
    standby: bool = False,
    clock: Clock | None = None,
    running: Callable[[Engine], None] = lambda _parts: None,
) -> None:
    """Run a bot until it is told to stop. Raises BotError, with one line, if something that it needs is missing.

    A standby waits until no other bot runs on the database, and goes back to waiting when another one takes over.
    `clock` is the machine's unless the study is to run at another time; `running` is told the parts of the
    bot just before it begins.
    """
    token = settings.telegram_token or token_of(place.bot_name, place.tokens, place.keys)
    key = load_pseudonym_key(place.keys)
    phrases = load_phrases(place.phrases, settings.languages, settings.default_language)
    rules = rules_of(settings, developer=developer, phrases=phrases)
    with (
        stop_signals() as signals,
        open_database(settings.mongodb_uri, place.database, place.database_folder) as database,
    ):
        patiently(database, database.make_indexes)
        studies = StudyStore(database)
        if not settings.contact:
            log.warning("CONTACT is not set: texts that name a contact say 'the team that invited you'.")
        check_study(patiently(database, lambda: studies.current(rules)))
        telegram = TelegramBot(
            token,
            place.outgoing,
            url=settings.telegram_api_url,
            proxy=settings.telegram_proxy,
            certificates=settings.telegram_ca,
            file_ids=FileIdStore(database, bot_number(token)),
        )
        greet(telegram)
        show_menu(telegram, rules, MenuNote(database, bot_number(token)))

        def run_while_leased(lease: Lease) -> None:
            pseudonyms = PseudonymStore(database, key)
            parts = patiently(
                database,
                lambda: put_together(
                    settings, rules, telegram, database, pseudonyms, studies, lease, place.keys, clock or SystemClock()
                ),
            )
            running(parts)
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
    clock: Clock,
) -> Engine:
    """Connect the parts of the service with the world. `keys` is where the hash of the admins' password lies."""
    health, watch = Health(clock, version()), Watch()
    counting = CountingTelegram(telegram)
    fenced = FencedTelegram(counting, lease.holds, health, watch)
    participants = RecentParticipants(ParticipantStore(database, rules.default_language))
    notes = Notes()
    agenda = Agenda(clock.now)
    limiter = Limiter(settings.messages_per_second, time.monotonic)
    made = WithOwnData(fenced, lambda who: everything_of(database, who), rules)
    delivery = Delivery(made, pseudonyms, limiter, agenda, clock, notes)
    typist = Typist(fenced, pseudonyms, agenda, clock)
    # Pressed buttons are answered beside the message loop: a slow answer must not hold up anybody else's message.
    presses, filing = Background(4, "presses"), Background(1, "filing")

    def wake(participant: Participant) -> None:
        delivery.wake(participant)
        typist.wake(participant)

    def answer_press(press: AnswerPress) -> None:
        presses.submit(lambda: fenced.answer_press(press.query_id, press.text))

    conversation = Conversation(
        participants,
        studies,
        rules,
        clock,
        wake,
        answer_press,
        partial(erase_participant, database, pseudonyms, participants),
        pseudonyms.enter,
        lambda who: filing.submit(lambda: file_away(database, who)),
        ForgottenUpdates(database),
    )
    rate = settings.messages_per_second
    loops = open_desk(database, conversation, delivery, counting, lambda: health.vitals(agenda), rate, keys)
    return Engine(
        MessageLoop(fenced, pseudonyms, conversation, agenda, notes),
        Scheduler(participants, conversation, agenda, clock, notes),
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


def version() -> str:
    """Return a short name for the code as it lies on the disk: equal for equal files."""
    files = sorted((paths.ROOT / "src").rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
