# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out what admins ask for, beside the conversation, and answers in their chat with what was done."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from src.engine.admins import unknown_dialogue
from src.engine.broadcasts import Broadcast, faults_of, read_broadcast
from src.engine.effects import AdminAct, AdminWish, EditText, ForDesk, RemoveButtons, Send, Sendable, TryPassword
from src.engine.events import Cleared, Told
from src.engine.splitting import parts_of
from src.engine.state import Participant, Status
from src.engine.study import Study
from src.engine.whereabouts import STATUS_WORDS, whereabouts
from src.errors import BotError
from src.identities import Pseudonym
from src.service.admin_ports import Audit, Job, Jobs, JobState, People, Recipients
from src.service.admin_texts import button, cancel, choices, preview, progress, status_text
from src.service.conversation import Conversation, Happened
from src.service.doorkeeper import Doorkeeper
from src.service.failures import described
from src.service.health import Vitals

log = logging.getLogger(__name__)

JOBS_SHOWN = 10
BATCH = 100
MOST_PERCENT = 100


@dataclass(frozen=True)
class Reply:
    """What an admin reads, and what the audit log keeps; None: nothing was done that it should keep."""

    what: tuple[Sendable, ...]
    result: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Asked:
    """Who asks for what; `study` is the newest."""

    who: Pseudonym
    arguments: Mapping[str, str]
    message_id: int | None
    study: Study


@dataclass
class AdminDesk:
    """The commands, by the names of the engine's table. One thread uses it, and another one the doorkeeper."""

    conversation: Conversation
    jobs: Jobs
    recipients: Recipients
    people: People
    doorkeeper: Doorkeeper
    audit: Audit
    vitals: Callable[[], Vitals]
    per_second: float
    submit: Callable[[Callable[[], None]], None]
    submit_password: Callable[[Callable[[], None]], None]
    commands: Mapping[str, Callable[[Asked], Reply]] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {
            "global": self.offer_dialogue,
            "broadcast": self.offer_text,
            "jobs": self.list_jobs,
            "job_send": self.send_job,
            "job_try": self.try_job,
            "job_cancel": self.cancel_job,
            "status": self.status,
            "whereabouts": self.whereabouts,
            "clear": self.ask_to_clear,
            "clear_all": self.clear_all,
            "clear_one": self.clear_one,
            "set": self.set_pairing,
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

    def offer_dialogue(self, asked: Asked) -> Reply:
        """Show whom a dialogue would reach."""
        game = asked.arguments["game"]
        found = asked.study.dialogues.get(game)
        if found is None:
            return Reply((Send(unknown_dialogue(game, asked.study)),))
        if found.is_for_two:
            return Reply((Send(f"{html.escape(game)} is for two players, and cannot be sent to everybody."),))
        return self.show(self.jobs.new(asked.who, game, {}, self.conversation.clock.now()))

    def offer_text(self, asked: Asked) -> Reply:
        """Check a text and show whom it would reach."""
        rules = asked.study.rules
        broadcast: Broadcast = read_broadcast(asked.arguments["text"], rules.languages, rules.default_language)
        if broadcast.problems:
            faults = "\n".join(f"• {html.escape(each)}" for each in broadcast.problems)
            return Reply((Send(f"Nothing is sent; please mend the text:\n{faults}"),))
        return self.show(self.jobs.new(asked.who, "", broadcast.texts, self.conversation.clock.now()))

    def show(self, job: Job) -> Reply:
        """Show a mass send, with buttons."""
        text = preview(job, self.recipients.groups(job.game), self.per_second)
        return Reply((Send(text, buttons=choices(job)),), {"number": job.id, "shown": 1})

    def list_jobs(self, asked: Asked) -> Reply:  # noqa: ARG002  # all commands are called alike
        """Show the newest mass sends; those under way can be cancelled."""
        found = self.jobs.newest(JOBS_SHOWN)
        if not found:
            return Reply((Send("There have been no mass sends."),))
        open_ones = [each for each in found if each.state in (JobState.RUNNING, JobState.SHOWN)]
        rows = tuple((button(f"Cancel number {each.id}", f"/jobs cancel {each.id}"),) for each in open_ones)
        return Reply((Send("\n".join(map(progress, found)), buttons=rows),))

    def job_of(self, asked: Asked) -> Job:
        """Return the mass send that is asked about. Raises BotError."""
        job = self.jobs.get(int(asked.arguments["job"]))
        if job is None:
            raise BotError(f"there is no mass send number {asked.arguments['job']}. /jobs shows those there are.")
        return job

    def send_job(self, asked: Asked) -> Reply:
        """Start a mass send; it goes on by itself. Its message shows the progress from now on."""
        job = self.job_of(asked)
        now = self.conversation.clock.now()
        moved = job.state is JobState.SHOWN and self.jobs.move(
            job, JobState.RUNNING, started_at=now, message_id=asked.message_id
        )
        if not moved:
            return Reply((Send(f"Nothing was done. {progress(self.job_of(asked))}"),))
        started = replace(job, state=JobState.RUNNING)
        if asked.message_id is None:
            return Reply((Send(f"{progress(started)} /jobs shows how far it is."),), {"number": job.id, "started": 1})
        return Reply((EditText(asked.message_id, progress(started), cancel(job)),), {"number": job.id, "started": 1})

    def try_job(self, asked: Asked) -> Reply:
        """Send to the admin what everybody would get, in each language. A dialogue is for /jugar."""
        job = self.job_of(asked)
        if job.game:
            game = html.escape(job.game)
            return Reply((Send(f"Write /jugar {game} to have the dialogue yourself."),))
        texts = dict.fromkeys(job.texts.values())
        return Reply(tuple(Send(text) for text in texts), {"number": job.id, "tried": len(texts)})

    def cancel_job(self, asked: Asked) -> Reply:
        """Cancel a mass send, also one that has not been started."""
        job = self.job_of(asked)
        gone = (RemoveButtons(asked.message_id),) if asked.message_id is not None else ()
        if job.state is JobState.SHOWN and self.jobs.move(job, JobState.CANCELLED):
            return Reply((*gone, Send(f"Number {job.id} is cancelled; nobody got it.")), {"number": job.id})
        if job.state is JobState.RUNNING and self.jobs.move(job, JobState.CANCELLING):
            return Reply((Send(f"Number {job.id} is being cancelled."),), {"number": job.id})
        return Reply((Send(f"Nothing was done. {progress(self.job_of(asked))}"),))

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

    def one(self, asked: Asked) -> Participant:
        """Return the participant whose pseudonym begins as was written. Raises BotError."""
        prefix = asked.arguments["id"]
        found = self.people.starting_with(prefix)
        if len(found) > 1:
            raise BotError(f"more than one participant begins with {prefix}; write more of the pseudonym.")
        loaded = self.conversation.participants.load(found)
        if not loaded:
            raise BotError(f"there is no participant whose pseudonym begins with {prefix}.")
        return next(iter(loaded.values()))

    def whereabouts(self, asked: Asked) -> Reply:
        """Say where one participant is."""
        participant = self.one(asked)
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
        participant = self.one(asked)
        if participant.run is None:
            return Reply((Send(f"{participant.id} is in no dialogue; nothing was changed."),))
        self.conversation.handle([Happened(participant.id, (Cleared(),))])
        text = f"1 running dialogue was ended: {html.escape(participant.run.dialogue)} of {participant.id}."
        return Reply((Send(text),), {"participant": participant.id, "ended": 1})

    def set_pairing(self, asked: Asked) -> Reply:
        """Keep a setting of a dialogue for two."""
        game, name = asked.arguments["game"], asked.arguments["name"]
        if game not in asked.study.dialogues:
            return Reply((Send(unknown_dialogue(game, asked.study)),))
        value = value_of(name, asked.arguments["value"])
        settings = self.people.set_pairing(game, name, value)
        listed = ", ".join(f"{each} {html.escape(str(kept))}" for each, kept in sorted(settings.items()))
        return Reply((Send(f"{html.escape(game)}: {listed}. It holds from now on."),), {"game": game, name: value})

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
        text, participant = asked.arguments["text"].strip(), self.one(asked)
        faults = faults_of(text)
        if faults:
            listed = "\n".join(f"• {html.escape(each)}" for each in faults)
            return Reply((Send(f"Nothing is sent; please mend the text:\n{listed}"),))
        if participant.status in (Status.START, Status.OUT) or not participant.reachable:
            why = STATUS_WORDS[participant.status] if participant.reachable else "cannot be reached"
            return Reply((Send(f"Nothing is sent: {participant.id} {why}."),))
        self.say(participant.id, (Send(text),))
        return Reply((Send(f"1 message is on its way to {participant.id}."),), {"participant": participant.id})


def audited(wish: AdminWish) -> str:
    """Return what was asked for, without any text."""
    said = [value for name, value in wish.arguments.items() if name != "text"]
    return " ".join([wish.does, *said])


def in_parts(what: Sendable) -> tuple[Sendable, ...]:
    """Return a message in parts that Telegram takes; buttons stand below the last one."""
    if not isinstance(what, Send):
        return (what,)
    *before, last = parts_of(what.text)
    return (*(Send(part) for part in before), replace(what, text=last))


def value_of(name: str, written: str) -> int | bool:
    """Read the value of a setting. Raises BotError."""
    if name == "daytime":
        words = {
            "true": True,
            "yes": True,
            "on": True,
            "1": True,
            "false": False,
            "no": False,
            "off": False,
            "0": False,
        }
        if written.lower() not in words:
            raise BotError(f"daytime is true or false, not {written}.")
        return words[written.lower()]
    if not written.isdecimal() or len(written) > 9:
        raise BotError(f"{name} is a whole number, not {written}.")
    number = int(written)
    if name == "pct" and number > MOST_PERCENT:
        raise BotError(f"pct is a number from 0 to {MOST_PERCENT}, not {written}.")
    if name == "interval" and number == 0:
        raise BotError("interval is a number of seconds from 1 on.")
    return number
