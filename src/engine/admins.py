# SPDX-License-Identifier: GPL-3.0-or-later
"""Admins' commands as far as the engine goes: who may, what was meant, how it is used. What touches other people or
the database is a wish, carried out by the service.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime

from src.engine.admin_commands import ADMIN_COMMANDS, AdminCommand, lines_of, split_word
from src.engine.effects import AdminAct, AdminWish, AnswerPress, EditText, Effect, Send, TryPassword, Turn
from src.engine.events import ButtonPressed, Cleared, TextTyped, Told
from src.engine.state import Participant
from src.engine.study import Study
from src.engine.talk import close
from src.engine.wishes import instead
from src.engine.wording import say
from src.frozen import replace

PASSWORD = re.compile(r"\s*/admin(?:@\w+)?\s+(.*)", re.DOTALL | re.IGNORECASE)
REDACTED = "/admin"
TYPES = "admin:"
"""A button of ours whose value begins so types the rest of it."""


def without_password(text: str) -> str:
    """Return the text, or only the command's word where a password may stand behind it."""
    return REDACTED if PASSWORD.fullmatch(text) else text


def typed(participant: Participant, event: TextTyped, now: datetime, study: Study) -> Turn | None:
    """Carry out a text that is an admin's command, or somebody's try to become one; None: it is neither."""
    if participant.admin:
        turn = commanded(participant, event.text, None, now, study)
        if turn is not None:
            return turn
    password = PASSWORD.fullmatch(event.text)
    if password and password[1].strip():
        is_new = participant.version == 0
        return Turn(participant, (TryPassword(password[1].strip(), event.update, event.message_id, is_new),))
    return None


def pressed(participant: Participant, event: ButtonPressed, now: datetime, study: Study) -> Turn | None:
    """Carry out a button that types a command for an admin; None: it is another one, or they are none."""
    if not participant.admin or not event.value.startswith(TYPES):
        return None
    turn = commanded(participant, event.value.removeprefix(TYPES), event.message_id, now, study)
    effects: tuple[Effect, ...] = turn.effects if turn else ()
    return Turn(turn.participant if turn else participant, (AnswerPress(event.query_id), *effects))


def commanded(participant: Participant, text: str, message_id: int | None, now: datetime, study: Study) -> Turn | None:
    """Carry out a command, or say how it is used; None: it is no word for admins, or may hold a password."""
    said = split_word(text)
    lines = lines_of(said[0]) if said else ()
    if said is None or not lines:
        return None
    for command in lines:
        arguments = command.read(said[1])
        if arguments is not None:
            own = HERE.get(command.does)
            if own is not None:
                return own(participant, arguments, now, study)
            return Turn(participant, (AdminWish(command.does, arguments, message_id),))
    if PASSWORD.fullmatch(text):
        return None
    return Turn(participant, (Send(usage_of(lines)),))


def usage_of(lines: tuple[AdminCommand, ...]) -> str:
    """Return how a command is used, as HTML."""
    listed = "\n".join(f"{html.escape(each.usage)} – {each.meaning}" for each in lines)
    return f"It is used like this:\n{listed}"


def end(participant: Participant, arguments: Mapping[str, str], now: datetime, study: Study) -> Turn:
    """Let the person be no admin any more."""
    ended = AdminAct("/admin off", {"ended": 1})
    return Turn(replace(participant, admin=False), (Send("You are no admin any more."), ended))


def help_text(participant: Participant, arguments: Mapping[str, str], now: datetime, study: Study) -> Turn:
    """Show the table, and below it what everybody can write."""
    listed = "\n".join(f"{html.escape(each.usage)} – {each.meaning}" for each in ADMIN_COMMANDS)
    return Turn(participant, (Send(f"<b>For admins</b>\n{listed}"), say("help", participant, study.rules)))


def play(participant: Participant, arguments: Mapping[str, str], now: datetime, study: Study) -> Turn:
    """Begin a dialogue for the admin, in the place of one that is running."""
    game = arguments["game"]
    found = study.dialogues.get(game)
    if found is None:
        return Turn(participant, (Send(unknown_dialogue(game, study)),))
    if found.is_for_two:
        return Turn(
            participant, (Send(f"{html.escape(game)} is for two players. Write /jugar {html.escape(game)} ID."),)
        )
    turn = instead(participant, game, now, study)
    told = Send(f"{html.escape(game)} begins.")
    return Turn(turn.participant, (told, *turn.effects, AdminAct("/jugar", {"game": game})))


def unknown_dialogue(game: str, study: Study) -> str:
    """Say that there is no such dialogue, and which one may have been meant; HTML."""
    near = difflib.get_close_matches(game, study.dialogues, n=3, cutoff=0.4) or sorted(study.dialogues)[:20]
    return f"There is no dialogue {html.escape(game)}. There are: {html.escape(', '.join(near))}."


HERE: Mapping[str, Callable[[Participant, Mapping[str, str], datetime, Study], Turn]] = {
    "admin_off": end,
    "help": help_text,
    "play": play,
}
"""Commands that concern nobody but the admin."""


def told(participant: Participant, event: Told, now: datetime, study: Study) -> Turn:
    """Send what there is to be said; a message that is to be changed once more is changed to its newest form alone."""
    if participant.version == 0:
        return Turn(participant)
    changed = {each.message_id for each in event.what if isinstance(each, EditText)}
    rest = tuple(
        each for each in participant.outbox if not (isinstance(each.what, EditText) and each.what.message_id in changed)
    )
    return Turn(replace(participant, outbox=rest), event.what)


def cleared(participant: Participant, event: Cleared, now: datetime, study: Study) -> Turn:
    """End the running dialogue; what was answered in it is kept."""
    return close(participant, now, study) if participant.run is not None else Turn(participant)
