# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands about dialogues for two: how people are paired, and playing one oneself with somebody."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from src.engine.admins import unknown_dialogue
from src.engine.effects import Send
from src.engine.events import InvitePartner
from src.engine.pair_words import cannot_pair, cannot_play
from src.engine.state import Participant
from src.errors import BotError
from src.service.admin_ports import People, WaitingList
from src.service.admin_replies import Asked, Reply, value_of
from src.service.conversation import Conversation, Happened
from src.service.ports import Participants


@dataclass
class PairCommands:
    """The commands about dialogues for two, by the names of the engine's table. The loop `Pairing` pairs people."""

    conversation: Conversation
    people: People
    waiting: WaitingList
    commands: Mapping[str, Callable[[Asked], Reply]] = field(init=False)

    def __post_init__(self) -> None:
        self.commands = {"set": self.set_pairing, "play_with": self.play_with}

    def set_pairing(self, asked: Asked) -> Reply:
        """Keep a setting of a dialogue for two."""
        game, name = asked.arguments["game"], asked.arguments["name"]
        dialogue = asked.study.dialogues.get(game)
        if dialogue is None:
            return Reply((Send(unknown_dialogue(game, asked.study)),))
        if not dialogue.is_for_two:
            return Reply((Send(f"{html.escape(game)} is for one player: nobody is paired for it."),))
        value = value_of(name, asked.arguments["value"])
        settings = self.people.set_pairing(game, name, value)
        listed = ", ".join(f"{each} {html.escape(str(kept))}" for each, kept in sorted(settings.items()))
        why_not = cannot_pair(game, settings, asked.study)
        people = self.waiting.people(game)
        text = f"{html.escape(game)}: {listed}. It holds from now on. {people} participants wait for it. {why_not}"
        return Reply((Send(text.strip()),), {"game": game, name: value, "waiting": people})

    def play_with(self, asked: Asked) -> Reply:
        """Have somebody asked whether they would like to play a dialogue for two with the admin."""
        game, participants = asked.arguments["game"], self.conversation.participants
        partner = participant_of(asked, self.people, participants)
        own = participants.load([asked.who])[asked.who]
        why_not = cannot_play(game, own, partner, self.conversation.clock.now(), asked.study)
        if why_not:
            return Reply((Send(f"0 participants are asked: {why_not}"),))
        self.conversation.handle([Happened(asked.who, (InvitePartner(game, partner.id),))])
        text = (
            f"1 participant is asked to play {html.escape(game)} with you. It begins when they say yes, within a day."
        )
        return Reply((Send(text),), {"game": game, "participant": partner.id, "asked": 1})


def participant_of(asked: Asked, people: People, participants: Participants) -> Participant:
    """Return the participant whose pseudonym begins as was written. Raises BotError."""
    prefix = asked.arguments["id"]
    found = people.starting_with(prefix)
    if len(found) > 1:
        raise BotError(f"more than one participant begins with {prefix}; write more of the pseudonym.")
    loaded = participants.load(found)
    if not loaded:
        raise BotError(f"there is no participant whose pseudonym begins with {prefix}.")
    return next(iter(loaded.values()))
