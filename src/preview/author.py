# SPDX-License-Identifier: GPL-3.0-or-later
"""What an author asks for and does, beside a bot that runs in the same process with invented people."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from src.dialogues.check import Problem, has_errors
from src.engine.by_hand import Change
from src.engine.state import Participant
from src.engine.study import Rules, Study
from src.engine.trying_out import from_the_beginning, hurried, onwards, shown_again, to_dialogue, to_language
from src.errors import BotError
from src.identities import Pseudonym, TelegramId
from src.preview.drafts import Draft, Drafts
from src.preview.seen import Json, person_seen, study_seen
from src.service.conversation import Conversation
from src.store.database import Database
from src.store.histories import runs_of
from src.store.participants import ParticipantStore
from src.store.pseudonyms import PseudonymStore
from src.store.roster import Traits, ids_with
from src.store.study import StudyStore
from src.upkeep.participants import Outcome, carry_out
from src.upkeep.study import upload_checked

PAGE = Path(__file__).parent / "page"
FASTER = 0.05
"""Times every pause and every wait, when the author wants it faster."""


class Author:
    """Answers the panel. Used by many threads; all but `look` waits for its turn. `tell` brings news to the pages."""

    def __init__(
        self,
        database: Database,
        key: bytes,
        drafts: Drafts,
        rules: Rules,
        now: Callable[[], datetime],
        name: str,
        *,
        is_open: bool,
    ) -> None:
        self._database = database
        self._drafts = drafts
        self._pseudonyms = PseudonymStore(database, key)
        self._participants = ParticipantStore(database, rules.default_language)
        self._studies = StudyStore(database)
        self._natural = rules
        self._rules = rules
        self._now = now
        self._about = {"name": name, "open": is_open}
        self._problems: Sequence[Problem] = ()
        self._lock = threading.RLock()
        self._conversation: Conversation | None = None
        self.tell: Callable[[Json], None] = lambda _news: None

    @property
    def answers(self) -> Mapping[str, Callable[[Json], Json]]:
        """Return what can be asked, by name: each takes JSON and returns JSON, and raises BotError."""
        return {
            "look": self.look,
            "study": lambda _asked: self.study(),
            "jump": lambda asked: self._change(asked, self._jump(str(asked.get("dialogue")))),
            "restart": lambda asked: self._change(asked, from_the_beginning),
            "next": lambda asked: self._change(asked, onwards),
            "language": lambda asked: self._change(asked, self._speak(str(asked.get("language")))),
            "faster": lambda asked: self.faster(on=asked.get("on") is True),
        }

    def meet(self, conversation: Conversation) -> None:
        """Know the conversation of the bot that is about to run."""
        self._conversation = conversation
        # What the files have just become is played at once: a store of the bot's own would ask once a second.
        conversation.studies = self._studies
        conversation.follow(self._rules)

    def look(self, asked: Json) -> Json:
        """Return where the person of this number stands."""
        who = self._who(asked)
        participant = self._participants.load([who]).get(who)
        if participant is None:
            return {"known": False}
        return person_seen(participant, runs_of(self._database, who), self._now(), self._study(participant))

    def study(self) -> Json:
        """Return the study as it is played now, and what is wrong with its files."""
        seen = study_seen(self._studies.current(self._rules), self._problems)
        return seen | self._about | {"faster": self._rules is not self._natural}

    def faster(self, *, on: bool) -> Json:
        """Shorten all pauses and waits, or make them natural again; whoever waits now waits no longer."""
        with self._lock:
            scales = {"pause_scale": FASTER, "rhythm_scale": FASTER}
            shorter = {name: getattr(self._natural, name) * times for name, times in scales.items()}
            self._rules = replace(self._natural, **shorter) if on else self._natural
            if self._conversation is not None:
                self._conversation.follow(self._rules)
            if on:
                self._carry_out(ids_with(self._database, Traits()), hurried)
        self.tell(self.study())
        return {}

    def refresh(self) -> Draft:
        """Check the files, bring what is good into the study, and show whoever is in a changed dialogue the new one."""
        with self._lock:
            draft = self._drafts.look()
            self._problems = draft.problems
            uploaded = upload_checked(draft.files, self._studies, self._now(), replace_all=True)
            self._studies.upload_sequence(draft.sequence, self._now())
            for name in uploaded.changed:
                self._carry_out(ids_with(self._database, Traits(dialogue=name)), shown_again)
        self.tell(self.study() | {"changed": [*uploaded.changed, *uploaded.added]})
        return draft

    def begin(self, *, strict: bool) -> None:
        """Bring the study into the database before the bot begins. With `strict`, an error in a file is a BotError."""
        draft = self._drafts.look()
        if strict and has_errors(draft.problems):
            raise BotError("\n".join(str(each) for each in draft.problems if has_errors([each])))
        self.refresh()

    def _change(self, asked: Json, change: Change) -> Json:
        with self._lock:
            self._carry_out([self._who(asked)], change)
        return self.look(asked)

    def _carry_out(self, people: Sequence[Pseudonym], change: Change) -> None:
        """Change participants as operators' scripts do, and let the running bot know at once."""
        if self._conversation is None or not people:
            return
        store, outcome = self._conversation.participants, Outcome()
        carry_out(self._database, people, change, self._now, self._studies_with, outcome, store)
        for participant in store.load(outcome.changed).values():
            self._conversation.wake(participant)

    def _jump(self, name: str) -> Change:
        dialogue = self._studies.current(self._rules).dialogues.get(name)
        if dialogue is None:
            raise BotError(f"There is no dialogue {name!r} that can be played.")
        if dialogue.is_for_two:
            raise BotError(f"{name} is a dialogue for two players; one person alone cannot begin it.")
        return to_dialogue(name)

    def _speak(self, language: str) -> Change:
        if language not in self._rules.languages:
            raise BotError(f"{language!r} is no language of this study.")
        return to_language(language)

    def _who(self, asked: Json) -> Pseudonym:
        """Return the pseudonym of the person whose number the page names."""
        person = asked.get("person")
        if not isinstance(person, int):
            raise BotError('The field "person" must be a number.')
        return self._pseudonyms.of([TelegramId(person)])[TelegramId(person)]

    def _study(self, participant: Participant) -> Study:
        return self._studies_with([run.revision for run in participant.runs()])

    def _studies_with(self, revisions: Collection[str]) -> Study:
        return self._studies.current(self._rules, revisions)
