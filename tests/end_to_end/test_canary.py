# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary: somebody whose every word, name and id is a token goes through everything, crashes included. Afterwards
no token stands where it should not, and after /forgetme none stands anywhere.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.identities import Pseudonym
from src.simulator import faults
from src.simulator.calls import Call
from src.simulator.faults import Fault
from src.simulator.people_side import OTHER_KINDS
from src.store.server_notes import Files, find
from tests.checklist.stage import Stage, stage_of
from tests.end_to_end import canary
from tests.end_to_end.canary import PERSON, Words
from tests.end_to_end.project import TOKEN, copy_of_project, wait_until

NOTHING_ASKED = "no question is open right now"
BUTTONS_ONLY = "I can only understand the buttons"
HITCH = "Something isn’t working on our side"
SENDING = ("sendMessage",)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Run a talkative bot whose study has a dialogue that fails."""
    for name in ("template", "run"):
        (tmp_path / name).mkdir()
    template = copy_of_project(tmp_path / "template")
    canary.put_study_into(template.root / "data")
    template.upload_study()
    canary.talkative_with_faults(template)
    with stage_of(template, tmp_path / "run") as running:
        yield running


class Canary:
    """The person with the tokens, and what they do."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.telegram = stage.telegram
        self.words = Words()
        self.name, self.user_name = self.words.to_drop("name"), self.words.to_drop("username")
        self.telegram.add_person(self.name, "en", PERSON, user_name=self.user_name)
        self.offset = 0
        self.is_held = False
        self.telegram.set_faults(self.held)

    def held(self, call: Call) -> Fault | None:
        """Refuse, while `is_held`, every question for updates that would confirm more than is confirmed now."""
        if call.method != "getUpdates":
            return None
        if self.is_held and call.number("offset") > self.offset:
            return faults.server_error()
        self.offset = max(self.offset, call.number("offset"))
        return None

    def write(self, text: str, then: str, times: int = 0) -> None:
        """Write something and wait for one more message of the bot with this text, or for so many in all."""
        before = sum(then in said for said in self.stage.texts(PERSON))
        self.telegram.write(PERSON, text)
        self.stage.wait_for(PERSON, then, times or before + 1)

    def press(self, value: str, text: str) -> None:
        """Press a button of the newest message with this text."""
        self.stage.press(PERSON, value, text)

    def says(self, text: str) -> None:
        """Wait until the bot has said this."""
        self.stage.wait_for(PERSON, text)

    def is_asked(self) -> None:
        """Wait until the bot knows that its question has arrived: a crash before that makes it ask again."""

        def question() -> object:
            running = self.stage.document(PERSON)["current_game"] or {}
            return next(iter(running.get("edit_msg_ident", {}).values()), None)

        wait_until(lambda: question() is not None, "the question is not noted")

    def crash(self) -> None:
        """Kill the bot, whatever it is doing, and start it again."""
        self.stage.bot.kill()
        self.stage.start_again()

    def consent(self) -> None:
        """Go through the welcome to its end; the bot is killed in the middle of it."""
        welcomed = sum("Friends, family" in said for said in self.stage.texts(PERSON))
        self.press("en", "Which language sha")
        self.stage.wait_for(PERSON, "Friends, family", welcomed + 1)
        self.write(self.words.to_drop("unconsented"), BUTTONS_ONLY)
        for text in ("Friends, family", "How it works"):
            self.press("go", text)
        self.crash()
        for value, text in (("go", "Your data"), ("go", "You decide"), ("ok", "Please note")):
            self.press(value, text)
        self.press("yes", "Would you like to take part")


def test_tokens_stand_where_they_may_and_after_forgetme_nowhere(stage: Stage) -> None:
    person = Canary(stage)
    comes_and_agrees(person)
    answers_while_the_engine_fails(person)
    answers_while_the_database_dies(person)
    changes_settings_with_wrong_input(person)
    sends_all_kinds_of_things(person)
    meets_faults_of_telegram(person)
    pauses_blocks_and_comes_back(person)
    reads_their_own_data(person)
    first = leaves_and_comes_back(person)
    nothing_is_told(person, first)
    the_search_bites(person, first)
    is_erased_for_good(person, first)
    writes_again_as_somebody_new(person, first)


def comes_and_agrees(person: Canary) -> None:
    person.write(person.words.to_drop("early"), "Which language sha")
    person.consent()
    person.says("Which word?")


def answers_while_the_engine_fails(person: Canary) -> None:
    person.write(f"{canary.STUMBLES} {person.words.to_keep('stumble')}", HITCH)
    word = person.words.to_keep("formula")
    person.write(word, "That makes {number}.")
    person.says(f"You said {word}.")
    person.crash()


def answers_while_the_database_dies(person: Canary) -> None:
    person.press("yes", "I’d like to ask you a few questions")
    for value, text in (
        ("woman", "Which gender"),
        ("25-34", "How old"),
        ("no", "Do you have experience"),
        ("no", "Do you support"),
        ("no", "Are you part"),
        ("no", "Do you work"),
    ):
        person.press(value, text)
    person.says("In which town")
    person.write(person.words.to_keep("long") * 10, "That was too long")
    kill_database(person.stage)
    area = person.words.to_keep("area")
    person.write(area, f"I’ve noted: {area}")
    person.press("yes", f"I’ve noted: {area}")
    person.says("And the last one")
    person.write(person.words.to_keep("nonumber"), "I need a number")
    person.write("3", "Noted: 3")
    person.says("That’s it")


def kill_database(stage: Stage) -> None:
    """Take the database's server down as a power cut does; the bot starts it again."""
    server = find(Files(stage.project.root / "data" / "db"))
    assert server is not None
    os.kill(server.process.pid, signal.SIGKILL)


def changes_settings_with_wrong_input(person: Canary) -> None:
    person.write(person.words.to_keep("unasked"), NOTHING_ASKED)
    person.write("/world", "Does your clock show")
    person.press("yes", "Does your clock show")
    person.says("What time is it now")
    person.write(person.words.to_keep("notime"), "I couldn’t read that time")
    person.is_asked()
    person.telegram.write(PERSON, "18:30")
    person.crash()
    person.says("So it’s 18:30")
    person.write("/freq", "How often")
    person.press("48", "How often")
    person.says("that will be our rhythm")


def sends_all_kinds_of_things(person: Canary) -> None:
    """Stickers, voice and the rest; captions, files and contacts with names; edited, forwarded, in a group."""
    written = person.telegram.write(PERSON, person.words.to_keep("edited"))
    person.telegram.edit(PERSON, written.message_id, person.words.to_drop("after_editing"))
    for kind in OTHER_KINDS:
        person.telegram.send_other(PERSON, kind)
    new = person.words.to_drop
    for content in (
        {"text": new("forwarded"), "forward_date": 1, "forward_sender_name": new("author")},
        {"photo": [{"file_id": new("photo"), "file_unique_id": "a", "width": 9, "height": 9}], "caption": new("seen")},
        {"document": {"file_id": "d", "file_unique_id": "d", "file_name": new("filename")}, "caption": new("letter")},
        {"contact": {"phone_number": new("phone"), "first_name": new("friend"), "user_id": 7_555_000_111}},
        {"venue": {"title": new("venue"), "address": new("address"), "location": {"latitude": 1, "longitude": 2}}},
        {"text": new("odd"), "entities": "none", "from": {"id": new("no_number"), "first_name": new("nobody")}},
        {"text": new("group"), "chat": {"id": -100_777, "type": "group", "title": new("title")}},
    ):
        person.telegram.push_update("message", message_of(person) | content)
    odd_presses(person)
    person.write(person.words.to_keep("behind_all"), NOTHING_ASKED)
    person.stage.confirmed()


def message_of(person: Canary) -> dict[str, Any]:
    """Return what every message of the person has."""
    user = {"id": PERSON, "is_bot": False, "first_name": person.name, "username": person.user_name}
    return {"message_id": 900_000, "date": 1, "from": user, "chat": {"id": PERSON, "type": "private"} | user}


def odd_presses(person: Canary) -> None:
    """Press what has been pressed long ago, and what was never there."""
    old = next(message for message in person.telegram.chat(PERSON) if "Which gender" in message.plain)
    for message_id in (old.message_id, 10**9):
        message = message_of(person) | {"message_id": message_id}
        person.telegram.press_oddly(PERSON, {"message": message, "data": person.words.to_drop("pressed")})


def meets_faults_of_telegram(person: Canary) -> None:
    """Answers that fail, and that quote what was sent, as gates in front of Telegram do."""
    said = person.words.to_keep("quoted")
    quote = f'Bad Request: "{said}" by "{person.name}" cannot be sent to {PERSON}'
    page = f"<h1>POST /bot{TOKEN}/sendMessage?chat_id={PERSON}&text={said}</h1>".encode()
    tag = f'Bad Request: can\'t parse entities: Unsupported start tag "{said}" at byte offset 0'
    order = person.telegram.faults.add
    order(faults.refused(400, quote), ("editMessageReplyMarkup", "answerCallbackQuery", "sendChatAction"), (), 6)
    for fault in (faults.odd_answer(page), faults.refused(400, tag), faults.server_error()):
        ordered = order(fault, SENDING, (PERSON,), 1)
        person.write(said, NOTHING_ASKED)
        assert ordered.happened == 1
    order(faults.odd_answer(page), ("getUpdates",), (), 1)
    refused = order(faults.refused(400, quote), SENDING, (PERSON,), 1)
    person.telegram.write(PERSON, said)
    wait_until(lambda: refused.happened == 1, "nothing was sent")
    lost = order(faults.answer_lost(), SENDING, (PERSON,), 1)
    person.write("/lang", "Which language sha")
    wait_until(lambda: lost.happened == 1, "no answer was lost")
    person.press("en", "Which language sha")
    person.says("From now on I’ll speak English")


def pauses_blocks_and_comes_back(person: Canary) -> None:
    person.write("/sociodem", "I’d like to ask you a few questions", 2)
    person.press("yes", "I’d like to ask you a few questions")
    person.press("woman", "Which gender")
    person.write("pause", "let’s take a break")
    person.says("When you’d like to go on")
    person.write(person.words.to_keep("paused"), "We’re taking a break, and I won’t")
    person.crash()
    person.write("resume", "Hello again!")
    person.telegram.block(PERSON)
    person.stage.confirmed()
    person.crash()
    person.telegram.unblock(PERSON)
    person.write("/start", "Hello again!")
    person.press("25-34", "How old")
    person.stage.wait_for(PERSON, "Do you have experience", 2)


def reads_their_own_data(person: Canary) -> None:
    before = sum(message.document == "my_data.html" for message in person.telegram.chat(PERSON))
    person.telegram.write(PERSON, "/mydata")
    person.telegram.wait_for(
        PERSON, lambda chat: sum(each.document == "my_data.html" for each in chat) == before + 1, 20.0
    )


def leaves_and_comes_back(person: Canary) -> Pseudonym:
    """Leave, write something that nobody keeps, come back with a new consent; return the pseudonym."""
    person.write("/unsubscribe", "Would you like to leave")
    person.press("yes", "Would you like to leave")
    person.says("You’ve left the study")
    wait_until(lambda: person.stage.document(PERSON)["status"] == 3, "the person has not left")
    person.telegram.write(PERSON, person.words.to_drop("left"))
    person.telegram.send_other(PERSON, "sticker")
    person.stage.confirmed()
    person.write("/start", "Which language sha")
    person.consent()
    person.stage.wait_for(PERSON, "Thank you for making this possible", 2)
    person.write(person.words.to_keep("back"), NOTHING_ASKED)
    return person.stage.pseudonym(PERSON)


def nothing_is_told(person: Canary, who: Pseudonym) -> None:
    """The id stands in `hashes`, what was typed in the person's own documents, names nowhere, nothing in the logs."""
    with person.stage.database() as database:
        assert canary.told_at_wrong_places(person.words, database, who) == []
        own = canary.places_of([*person.words.kept, str(PERSON)], database)
    found = frozenset().union(*(place.found for place in own))
    assert found == {*person.words.kept, str(PERSON)}, "a text that was to be kept is lost"
    nothing_in_files(person)


def nothing_in_files(person: Canary) -> None:
    tokens = [*person.words.all, str(PERSON), *canary.secrets_of_the_bot()]
    assert canary.tokens_in_files(tokens, person.stage.project) == {}
    output = person.stage.output()
    for told in ("KeyError at", "could not be computed", "DEBUG", "Telegram refuses", "does not accept the HTML"):
        assert told in output, f"the log does not say {told!r}: that path was not taken"


def the_search_bites(person: Canary, who: Pseudonym) -> None:
    """Plant tokens where none may be: each is found."""
    planted = person.stage.project.root / "log" / "planted.log"
    planted.write_text(f"somebody with the id {PERSON} wrote {person.words.kept[0].upper()}\n", "utf-8")
    tokens = [*person.words.all, str(PERSON)]
    found = canary.tokens_in_files(tokens, person.stage.project)
    assert found == {"planted.log": {str(PERSON), person.words.kept[0]}}
    planted.unlink()
    with person.stage.database() as database:
        database.database["planted"].insert_one({"_id": 1, "deep": [{person.words.kept[1]: {"id": PERSON}}]})
        database.clients.insert_one({"_id": "planted", "text": person.words.kept[2], "name": person.words.not_kept[0]})
        wrong = canary.told_at_wrong_places(person.words, database, who)
        database.clients.delete_one({"_id": "planted"})
        database.database["planted"].drop()
        assert canary.told_at_wrong_places(person.words, database, who) == []
    name = database.database.name
    assert sorted(wrong) == sorted(
        [
            f"{name}.planted: {person.words.kept[1]}",
            f"{name}.planted: {PERSON}",
            f"{name}.clients: {person.words.kept[2]}",
            f"{name}.clients: {person.words.not_kept[0]}",
        ]
    )


def is_erased_for_good(person: Canary, who: Pseudonym) -> None:
    """Ask for it and confirm it twice. The press that confirms, and what was written just before it, come again after
    a crash; old buttons are pressed, the bot is blocked and unblocked: nothing of the person comes back.
    """
    person.write("/forgetme", "Would you like everything")
    person.press("erase", "Would you like everything")
    person.says("Are you really sure")
    person.stage.confirmed()
    person.stage.bot.kill()
    person.telegram.write(PERSON, person.words.to_keep("goodbye"))
    person.press("erase", "Are you really sure")
    person.is_held = True
    person.stage.start_again()
    person.says("All right. With this message, everything")
    wait_until(lambda: is_nowhere(person, who), "the person has not been erased")
    assert person.telegram.pending_updates() > 0
    person.stage.bot.kill()
    person.is_held = False
    person.stage.start_again()
    person.stage.confirmed()
    assert is_nowhere(person, who)
    written = next(message for message in person.telegram.chat(PERSON) if not message.from_bot)
    odd_presses(person)
    person.telegram.edit(PERSON, written.message_id, person.words.to_drop("edited_late"))
    person.telegram.block(PERSON)
    person.telegram.unblock(PERSON)
    person.stage.confirmed()
    person.crash()
    person.stage.confirmed()
    assert is_nowhere(person, who)
    nothing_in_files(person)


def is_nowhere(person: Canary, who: Pseudonym) -> bool:
    """Tell whether neither a token nor the pseudonym stands in any collection."""
    with person.stage.database() as database:
        told = canary.told_at_wrong_places(person.words, database, None)
        return not told and not canary.places_of([who], database)


def writes_again_as_somebody_new(person: Canary, who: Pseudonym) -> None:
    """The next text is that of somebody whom nobody has ever heard of."""
    person.write(person.words.to_drop("again"), "Which language sha")
    new = person.stage.pseudonym(PERSON)
    assert new != who
    with person.stage.database() as database:
        assert canary.told_at_wrong_places(person.words, database, new) == []
        assert canary.places_of([who, *person.words.all], database) == []
    document = person.stage.document(PERSON)
    assert (document["status"], document["games_done"], document["game_history"]) == (0, [], [])
    nothing_in_files(person)
