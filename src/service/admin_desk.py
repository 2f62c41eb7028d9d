# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out what admins ask for, beside the conversation, and answers in their chat with what was done."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from src.engine.broadcasts import faults_of
from src.engine.effects import AdminAct, AdminWish, ForDesk, RemoveButtons, Send, Sendable, TryPassword
from src.engine.events import Cleared, Told
from src.engine.state import Status
from src.engine.study import Study
from src.engine.whereabouts import STATUS_WORDS, whereabouts
from src.errors import BotError
from src.identities import Pseudonym
from src.service.admin_jobs import JOBS_SHOWN, JobCommands
from src.service.admin_pairs import PairCommands, participant_of
from src.service.admin_ports import Audit, Jobs, People, Recipients
from src.service.admin_replies import Asked, Reply, audited, in_parts
from src.service.admin_texts import button, status_text
from src.service.conversation import Conversation, Happened
from src.service.doorkeeper import Doorkeeper
from src.service.failures import described
from src.service.health import Vitals

log = logging.getLogger(__name__)

BATCH = 100


@dataclass
class AdminDesk:
    """The commands, by the names of the engine's table. One thread uses it, and another one the doorkeeper."""

    conversation: Conversation
    job_commands: JobCommands
    pair_commands: PairCommands
    jobs: Jobs
    recipients: Recipients
    people: People
    doorkeeper: Doorkeeper
    audit: Audit
    vitals: Callable[[], Vitals]
    submit: Callable[[Callable[[], None]], None]
    submit_password: Callable[[Callable[[], None]], None]
    commands: Mapping[str, Callable[[Asked], Reply]] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {
            **self.job_commands.commands,
            **self.pair_commands.commands,
            "status": self.status,
            "whereabouts": self.whereabouts,
            "clear": self.ask_to_clear,
            "clear_all": self.clear_all,
            "clear_one": self.clear_one,
            "reload_games": self.look_at_games,
            "reload_users": self.look_at_people,
            "save": self.save,
            "message": self.message,
        }

    def take(self, happened: Happened, effects: Sequence[ForDesk]) -> None:
        """Have what a turn asked for carried out soon; returns at once."""
        for each in effects:
            if isinstance(each, TryPassword):
                self.submit_password(lambda tried=each: self.doorkeeper.judge(happened, tried))  # type: ignore[misc]
            elif isinstance(each, AdminAct):
                self.submit(lambda act=each: self.keep(happened.who, act.what, act.result))  # type: ignore[misc]
            else:
                self.submit(lambda wish=each: self.carry_out(happened.who, wish))  # type: ignore[misc]

    def carry_out(self, who: Pseudonym, wish: AdminWish) -> None:
        """Carry out a wish, answer, and keep in the audit log what was done."""
        try:
            asked = Asked(who, wish.arguments, wish.message_id, self.study())
            reply = self.commands[wish.does](asked)
        except BotError as trouble:
            log.warning("%s could not be carried out: %s", wish.does, trouble)
            reply = Reply((Send(f"That did not work: {html.escape(str(trouble))}"),), {"failed": 1})
        except Exception as error:  # noqa: BLE001  # the admin must not be left without an answer
            log.error("%s failed: %s", wish.does, described(error))
            reply = Reply((Send("That failed; the log of the bot says where."),), {"failed": 1})
        self.say(who, reply.what)
        if reply.result is not None:
            self.keep(who, audited(wish), reply.result)

    def keep(self, who: Pseudonym, what: str, result: Mapping[str, object]) -> None:
        """Write to the audit log."""
        self.audit(who, what, result, self.conversation.clock.now())

    def say(self, who: Pseudonym, what: Sequence[Sendable]) -> None:
        """Bring messages into somebody's outbox; long ones in parts."""
        parts = [part for each in what for part in in_parts(each)]
        self.conversation.handle([Happened(who, (Told(tuple(parts)),))])

    def study(self) -> Study:
        """Return the newest study."""
        return self.conversation.studies.current(self.conversation.rules)

    def status(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Say how everything is."""
        now = self.conversation.clock.now()
        text = status_text(
            self.recipients.groups(),
            self.people.waiting(now),
            self.people.traffic(now),
            self.vitals(),
            self.jobs.newest(JOBS_SHOWN),
            now,
        )
        return Reply((Send(text),), {"shown": 1})

    def whereabouts(self, asked: Asked) -> Reply:
        """Say where one participant is."""
        participant = participant_of(asked, self.people, self.conversation.participants)
        lines = whereabouts(participant, self.conversation.clock.now(), asked.study)
        return Reply((Send("\n".join(lines)),), {"participant": participant.id})

    def ask_to_clear(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Say how many dialogues would end."""
        running = sum(each.people for each in self.recipients.groups() if each.busy)
        if not running:
            return Reply((Send("No dialogue is running."),))
        text = f"{running} dialogues are running. Ended ones keep their answers, and come anew when it is their turn."
        return Reply((Send(text, buttons=((button(f"End all {running}", "/clear all"),),)),))

    def clear_all(self, asked: Asked) -> Reply:
        """End all running dialogues, a batch at a time."""
        ended, after = 0, ""
        while people := self.people.in_dialogues(after, BATCH):
            self.conversation.handle([Happened(who, (Cleared(),)) for who in people])
            ended, after = ended + len(people), people[-1]
        gone = (RemoveButtons(asked.message_id),) if asked.message_id is not None else ()
        return Reply((*gone, Send(f"{ended} running dialogues were ended.")), {"ended": ended})

    def clear_one(self, asked: Asked) -> Reply:
        """End the running dialogue of one participant."""
        participant = participant_of(asked, self.people, self.conversation.participants)
        if participant.run is None:
            return Reply((Send(f"{participant.id} is in no dialogue; nothing was changed."),))
        self.conversation.handle([Happened(participant.id, (Cleared(),))])
        text = f"1 running dialogue was ended: {html.escape(participant.run.dialogue)} of {participant.id}."
        return Reply((Send(text),), {"participant": participant.id, "ended": 1})

    def look_at_games(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Look at the study again; it is never stale."""
        self.conversation.look_for_news()
        study = self.study()
        missing = [name for name in study.sequence if name not in study.dialogues]
        lost = f" Missing, and passed over: {html.escape(', '.join(missing))}." if missing else " None is missing."
        text = (
            f"{len(study.dialogues)} dialogues; the sequence has {len(study.sequence)}.{lost} "
            "What is uploaded counts at once; nothing had to be loaded again."
        )
        return Reply((Send(text),), {"dialogues": len(study.dialogues), "missing": len(missing)})

    def look_at_people(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Count the participants again; their documents are read at each turn."""
        groups = self.recipients.groups()
        total = sum(each.people for each in groups)
        numbers = {s: sum(each.people for each in groups if each.status is s) for s in Status}
        listed = ", ".join(f"{STATUS_WORDS[s]} {count}" for s, count in numbers.items())
        text = f"{total} participants: {listed}. They are read from the database at each turn; nothing is stale."
        return Reply((Send(text),), {"participants": total})

    def save(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Make sure that the database writes; nothing waits in memory to be saved."""
        if not self.people.healthy():
            raise BotError("the database does not write. Look at its log and its disk.")
        return Reply(
            (Send("The database reads and writes; 0 changes wait: each turn is saved at once."),), {"saved": 1}
        )

    def message(self, asked: Asked) -> Reply:
        """Send a text to one participant."""
        text = asked.arguments["text"].strip()
        participant = participant_of(asked, self.people, self.conversation.participants)
        faults = faults_of(text)
        if faults:
            listed = "\n".join(f"• {html.escape(each)}" for each in faults)
            return Reply((Send(f"Nothing is sent; please mend the text:\n{listed}"),))
        if participant.status in (Status.START, Status.OUT) or not participant.reachable:
            why = STATUS_WORDS[participant.status] if participant.reachable else "cannot be reached"
            return Reply((Send(f"Nothing is sent: {participant.id} {why}."),))
        self.say(participant.id, (Send(text),))
        return Reply((Send(f"1 message is on its way to {participant.id}."),), {"participant": participant.id})
