# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about mass sends: shown first, then tried, sent or cancelled."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from src.engine.admins import unknown_dialogue
from src.engine.broadcasts import Broadcast, read_broadcast
from src.engine.effects import EditText, RemoveButtons, Send
from src.errors import BotError
from src.service.admin_ports import Job, Jobs, JobState, Recipients
from src.service.admin_replies import Asked, Reply
from src.service.admin_texts import button, cancel, choices, preview, progress
from src.service.ports import Clock

JOBS_SHOWN = 10


@dataclass
class JobCommands:
    """The commands about mass sends, by the names of the engine's table. The loop `MassSends` carries them out."""

    jobs: Jobs
    recipients: Recipients
    clock: Clock
    per_second: float
    commands: Mapping[str, Callable[[Asked], Reply]] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {
            "global": self.offer_dialogue,
            "broadcast": self.offer_text,
            "jobs": self.list_jobs,
            "job_send": self.send_job,
            "job_try": self.try_job,
            "job_cancel": self.cancel_job,
        }

    def offer_dialogue(self, asked: Asked) -> Reply:
        """Show whom a dialogue would reach."""
        game = asked.arguments["game"]
        found = asked.study.dialogues.get(game)
        if found is None:
            return Reply((Send(unknown_dialogue(game, asked.study)),))
        if found.is_for_two:
            return Reply((Send(f"{html.escape(game)} is for two players, and cannot be sent to everybody."),))
        return self.show(self.jobs.new(asked.who, game, {}, self.clock.now()))

    def offer_text(self, asked: Asked) -> Reply:
        """Check a text and show whom it would reach."""
        rules = asked.study.rules
        broadcast: Broadcast = read_broadcast(asked.arguments["text"], rules.languages, rules.default_language)
        if broadcast.problems:
            faults = "\n".join(f"• {html.escape(each)}" for each in broadcast.problems)
            return Reply((Send(f"Nothing is sent; please mend the text:\n{faults}"),))
        return self.show(self.jobs.new(asked.who, "", broadcast.texts, self.clock.now()))

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
        now = self.clock.now()
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
