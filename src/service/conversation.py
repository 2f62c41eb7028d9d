# SPDX-License-Identifier: GPL-3.0-or-later
"""One turn, in the order that loses nothing: load, decide, one write, and only then wake the delivery."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from src.engine.effects import AnswerPress, ForDesk
from src.engine.events import Event, FromPartner, FromTelegram
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.engine.turn import failed_turn, take_turn
from src.errors import DatabaseAway, NotKept
from src.frozen import replace
from src.identities import Pseudonym, TelegramId
from src.service.failures import described
from src.service.ports import Clock, Forgotten, Participants, Saving, Studies
from src.service.taken import Taken

log = logging.getLogger(__name__)

WRITES_BETWEEN_LOOKS = 50
"""So often somebody's document is looked at: has enough come together in it to be filed?"""

MOST_ATTEMPTS = 50
"""Somebody else was faster so many times in a row: that is no coincidence but a fault."""


@dataclass(frozen=True)
class Happened:
    """Events of one participant, in order; `language` and `person` are for somebody new.

    `known` is how they are in the database, as far as we know: then they need not be loaded. Only for events that
    change something: whether it was still true shows when it is written.
    """

    who: Pseudonym
    events: tuple[Event, ...]
    language: str | None = None
    person: TelegramId | None = None
    known: Participant | None = None

    def revisions(self) -> set[str]:
        """Return the revisions of dialogues that the events name: what a partner begins, both play alike."""
        return {event.news.revision for event in self.events if isinstance(event, FromPartner) and event.news.revision}


class Conversation:
    """Carries out turns.

    `wake(participant)` is called after a save that left something to be sent or planned; `erase(pseudonym)` takes every
    trace of somebody away; `enter` notes who somebody new is; `file_away` moves what is over out of their document;
    `forgotten` knows what was heard of people who have been erased since: Telegram may bring it again;
    `desk` carries out what admins ask for.
    """

    def __init__(
        self,
        participants: Participants,
        studies: Studies,
        rules: Rules,
        clock: Clock,
        wake: Callable[[Participant], None],
        answer_press: Callable[[AnswerPress], None],
        erase: Callable[[Pseudonym], None],
        enter: Callable[[Mapping[TelegramId, Pseudonym]], None],
        file_away: Callable[[Pseudonym], None],
        forgotten: Forgotten,
        desk: Callable[[Happened, Sequence[ForDesk]], None] = lambda _happened, _effects: None,
    ) -> None:
        self.participants = participants
        self.studies = studies
        self.rules = rules
        self.clock = clock
        self.wake = wake
        self.answer_press = answer_press
        self.erase = erase
        self.enter = enter
        self.file_away = file_away
        self.forgotten = forgotten
        self.desk = desk

    def handle(self, happened: Iterable[Happened]) -> frozenset[Pseudonym]:
        """Carry out the events of several participants; when this returns all of it is in the database, except for
        those who are returned: their documents the database refuses for good.

        Whoever was changed by somebody else meanwhile starts again from fresh state. Raises DatabaseAway: then each
        participant's events are wholly saved or not at all.
        """
        waiting = {each.who: each for each in happened}
        refused: set[Pseudonym] = set()
        lost: set[Pseudonym] = set()
        for _ in range(MOST_ATTEMPTS):
            if not waiting:
                return frozenset(lost)
            overtaken, not_kept = self._attempt(waiting, refused)
            # The first refusal may be due to what we remembered of somebody: it is tried once more from fresh state.
            lost |= not_kept & refused
            refused |= not_kept
            again = (overtaken | not_kept) - lost
            waiting = {who: replace(each, known=None) for who, each in waiting.items() if who in again}
        raise DatabaseAway(
            f"A participant's document changed {MOST_ATTEMPTS} times while it was being written; trying again."
        )

    def follow(self, rules: Rules) -> None:
        """Follow other rules from the next turn on."""
        self.rules = rules

    def look_for_news(self) -> None:
        """See whether the study has changed, also while nobody says anything. Raises DatabaseAway."""
        self.studies.current(self.rules)

    def _attempt(
        self, waiting: Mapping[Pseudonym, Happened], refused: Set[Pseudonym]
    ) -> tuple[frozenset[Pseudonym], frozenset[Pseudonym]]:
        """Try it once; return who has to begin anew, and whom the database refuses.

        `refused` are those whom it has refused before: what is lost for them is told, and their presses are answered.
        """
        known = {who: each.known for who, each in waiting.items() if each.known is not None}
        unknown = waiting.keys() - known.keys()
        loaded = known | (self.participants.load(unknown) if unknown else {})
        revisions = {run.revision for each in loaded.values() for run in each.runs()}
        revisions |= {revision for each in waiting.values() for revision in each.revisions()}
        study = self.studies.current(self.rules, revisions)
        now = self.clock.now()
        taken = [self._take(each, loaded.get(who), now, study) for who, each in waiting.items()]
        changed = [each for each in taken if each.changes]
        self._enter_newcomers(changed, waiting)
        overtaken, not_kept = self._save([each.saving() for each in changed], refused)
        for each in taken:
            if each.before.id not in overtaken | not_kept:
                self._carry_out(each)
                if each.for_desk:
                    self.desk(waiting[each.before.id], each.for_desk)
            elif each.before.id in not_kept & refused:
                self._answer_presses(each)
        return overtaken, not_kept

    def _enter_newcomers(self, changed: Sequence[Taken], waiting: Mapping[Pseudonym, Happened]) -> None:
        """Note who new people are; of somebody who stays unknown, as after an erasure, nothing is noted."""
        new = {waiting[each.before.id].person: each.before.id for each in changed if each.before.version == 0}
        people = {person: who for person, who in new.items() if person is not None}
        if people:
            self.enter(people)

    def _save(
        self, savings: Sequence[Saving], refused: Set[Pseudonym]
    ) -> tuple[frozenset[Pseudonym], frozenset[Pseudonym]]:
        """Write; return who has to begin anew, and whom the database refuses: that must stop nobody else."""
        if not savings:
            return frozenset(), frozenset()
        try:
            return self.participants.save(savings), frozenset()
        except NotKept as refusal:
            if not refusal.who.isdisjoint(refused):
                log.error("%s What was said or sent just now is lost for them.", refusal)
            for who in refusal.who:
                self.file_away(who)
            return refusal.overtaken, refusal.who

    def _take(self, happened: Happened, found: Participant | None, now: datetime, study: Study) -> Taken:
        start = found or newcomer(happened.who, happened.language, study.rules)
        taken = Taken(start, start)
        for event in happened.events:
            if found is None and isinstance(event, FromTelegram) and event.update in self.forgotten:
                continue
            try:
                taken.add(take_turn(taken.after, event, now, study))
            except Exception as error:  # noqa: BLE001
                # One participant's trouble must not stop the others; the operators are told.
                log.error("%s: %s could not be handled: %s", happened.who, type(event).__name__, described(error))
                if isinstance(event, FromTelegram):
                    taken.add(failed_turn(taken.after, event, now, study))
                else:
                    taken.give_up(event, now)
        return taken

    def _answer_presses(self, taken: Taken) -> None:
        for press in taken.presses:
            self.answer_press(press)

    def _carry_out(self, taken: Taken) -> None:
        for notice in taken.notices:
            log.warning("%s: %s", taken.before.id, notice.text)
        self._answer_presses(taken)
        if taken.changes and (taken.before.version + 1) % WRITES_BETWEEN_LOOKS == 0:
            self.file_away(taken.before.id)
        if taken.erase:
            self.forgotten.add(taken.after.recent_updates)
            self.erase(taken.before.id)
        elif taken.after.next_at is not None and taken.changes:
            self.wake(taken.after)


def newcomer(who: Pseudonym, telegram_language: str | None, rules: Rules) -> Participant:
    """Return a person nobody has heard of before, in the language of their Telegram app where the study has it."""
    spoken = (telegram_language or "").split("-")[0].lower()
    language = spoken if spoken in rules.languages else rules.default_language
    hours = rules.default_rhythm_hours
    return Participant(who, language, freq=f"{hours:g}", rhythm=hours * 3600)
