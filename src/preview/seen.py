# SPDX-License-Identifier: GPL-3.0-or-later
"""What the author's panel shows, as JSON: where a person stands, in admins' words, and the study with its faults."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from src.dialogues.check import Problem
from src.engine.sequence import next_dialogue
from src.engine.state import GivenAnswer, Participant
from src.engine.study import Study
from src.engine.whereabouts import STATUS_WORDS, here, queue, what_comes

Json = dict[str, Any]

MOST_FINISHED = 30


def person_seen(participant: Participant, finished: Sequence[Mapping[str, Any]], now: datetime, study: Study) -> Json:
    """Return where a participant stands; `finished` are the documents of what is over, oldest first."""
    run = participant.run
    following = next_dialogue(participant, study)
    return {
        "known": True,
        "dialogue": run.dialogue if run else None,
        "message": run.at if run else None,
        "here": html.unescape(here(participant, now, study)),
        "queue": html.unescape(queue(participant, now)) if participant.outbox else "",
        "next": html.unescape(what_comes(participant, now, study)),
        "next_dialogue": following.id if following else None,
        "status": STATUS_WORDS[participant.status] + ("" if participant.reachable else ", cannot be reached"),
        "language": participant.language,
        "answers": [_answer(each) for each in (run.answers if run else ())],
        "saved": _saved(participant),
        "done": list(participant.done),
        "finished": [_finished(each) for each in reversed(finished[-MOST_FINISHED:])],
    }


def _answer(given: GivenAnswer) -> Json:
    return {"message": given.message, "name": given.name, "value": given.value}


def _saved(participant: Participant) -> list[tuple[str, str]]:
    """Return what dialogues have changed of a participant, by the names of the database."""
    own = {
        "language": participant.language,
        "freq": participant.freq,
        "horari_relats": participant.part_of_day,
        "timeshift_in_seconds": str(participant.timeshift),
        "points": f"{participant.points:g}",
    }
    return list((own | dict(participant.fields)).items())


def _finished(run: Mapping[str, Any]) -> Json:
    answers = [str(each.get("value")) for each in run.get("given") or () if isinstance(each, Mapping)]
    return {"dialogue": str(run.get("gameId")), "ended": run.get("ended") is True, "answers": answers}


def study_seen(study: Study, problems: Sequence[Problem]) -> Json:
    """Return the dialogues, those of the sequence first and in its order, and what is wrong with the files."""
    order = [name for name in study.sequence if name in study.dialogues]
    others = sorted(name for name in study.dialogues if name not in order)
    return {
        "languages": list(study.rules.languages),
        "sequence": order,
        "others": others,
        "problems": [problem_seen(each) for each in problems],
    }


def problem_seen(problem: Problem) -> Json:
    """Return one problem; `line` is all of it in one line."""
    return {
        "severity": problem.severity.value,
        "file": problem.file,
        "message": problem.message,
        "language": problem.language,
        "what": problem.what,
        "mend": problem.mend,
    }
