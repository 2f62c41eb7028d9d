# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody whose every word is a token, and the ways that they go with the bot, crashes and faults included."""

from __future__ import annotations

import os
import signal
from typing import Any
from urllib.request import urlopen

from src.identities import Pseudonym
from src.simulator import faults
from src.simulator.calls import Call
from src.simulator.faults import Fault
from src.simulator.people_side import OTHER_KINDS
from src.store.server_notes import Files, find
from tests.checklist.stage import Stage
from tests.end_to_end import canary
from tests.end_to_end.canary import PERSON, Words
from tests.end_to_end.project import TOKEN, wait_until

NOTHING_ASKED = "no question is open right now"
BUTTONS_ONLY = "I can only understand the buttons"
HITCH = "Something isn’t working on our side"
SENDING = ("sendMessage",)


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
    """Ask for the file with everything that is stored: it has every text that is kept, and none that is not."""
    person.telegram.write(PERSON, "/mydata")
    sent = person.telegram.wait_for_message(PERSON, lambda each: each.document == "my_data.html", 20.0)
    with urlopen(f"{person.telegram.url}/people/files/{sent.file_id}") as answer:
        page = answer.read().decode("utf-8")
    assert canary.tokens_in(page, person.words.all) == set(person.words.kept)
    assert str(PERSON) in page


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
