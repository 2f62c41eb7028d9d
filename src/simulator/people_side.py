# SPDX-License-Identifier: GPL-3.0-or-later
"""What persons do in their app: write, press, send other things, block. Each becomes an update of the bot."""

from dataclasses import replace

from src.simulator.entities import Formatted, Json, with_links
from src.simulator.messages import ChatMessage, Person
from src.simulator.refusals import NotPossible
from src.simulator.telegram import Telegram

LONGEST_TEXT = 4096
LONGEST_NAME = 64

_FILE: Json = {"file_id": "AgADother", "file_unique_id": "other", "file_size": 1000}
_PICTURE = _FILE | {"width": 512, "height": 512}
OTHER_KINDS: dict[str, Json] = {
    "sticker": {"sticker": _PICTURE | {"type": "regular", "is_animated": False, "is_video": False}},
    "voice": {"voice": _FILE | {"duration": 3, "mime_type": "audio/ogg"}},
    "audio": {"audio": _FILE | {"duration": 30}},
    "video": {"video": _PICTURE | {"duration": 5}},
    "video_note": {"video_note": _FILE | {"duration": 5, "length": 240}},
    "animation": {"animation": _PICTURE | {"duration": 2}, "document": _FILE},
    "photo": {"photo": [_PICTURE]},
    "document": {"document": _FILE | {"file_name": "letter.pdf"}},
    "location": {"location": {"latitude": 41.39, "longitude": 2.16}},
    "contact": {"contact": {"phone_number": "+100", "first_name": "Somebody"}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Tea?",
            "options": [{"text": "yes", "voter_count": 0}, {"text": "no", "voter_count": 0}],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
        }
    },
    "story": {"story": {"id": 1, "chat": {"id": 1, "type": "private", "first_name": "Somebody"}}},
    "auto_delete": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
}


def add_person(
    telegram: Telegram,
    name: str,
    language_code: str,
    person_id: int | None,
    started: bool = False,
    user_name: str = "",
) -> Person:
    """Let somebody new have the app; raise NotPossible if the name is no name or the id is taken."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NotPossible(f"A person needs a name of 1 to {LONGEST_NAME} characters.")
    chosen = telegram.next_person_id if person_id is None else person_id
    if chosen in telegram.people or chosen < 1:
        raise NotPossible("This id is taken, or is none.")
    person = Person(chosen, name, language_code.strip(), started, user_name=user_name)
    telegram.put_person(person)
    return person


def write(telegram: Telegram, person_id: int, text: str) -> ChatMessage:
    """Send a text to the bot; raise NotPossible if it is blank or too long or the bot is blocked."""
    person = _able(telegram, person_id)
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise NotPossible(f"A message needs a text of 1 to {LONGEST_TEXT} characters.")
    entities = with_links(Formatted(text)).entities
    message = ChatMessage(0, False, telegram.now(), text=text, plain=text, entities=entities)
    return _send(telegram, person, message)


def send_other(telegram: Telegram, person_id: int, kind: str) -> ChatMessage:
    """Send a sticker, a voice message or the like; raise NotPossible if the kind is unknown."""
    person = _able(telegram, person_id)
    if kind not in OTHER_KINDS:
        raise NotPossible(f"Nobody can send a {kind!r}. Known are: {', '.join(OTHER_KINDS)}.")
    return _send(telegram, person, ChatMessage(0, False, telegram.now(), kind, content=OTHER_KINDS[kind]))


def edit(telegram: Telegram, person_id: int, message_id: int, text: str) -> ChatMessage:
    """Change a text that the person sent earlier; the bot gets `edited_message`."""
    _able(telegram, person_id)
    old = telegram.chats[person_id].get(message_id)
    if old is None or old.from_bot or old.kind != "text":
        raise NotPossible("A person can edit their own texts only.")
    entities = with_links(Formatted(text)).entities
    new = replace(old, text=text, plain=text, entities=entities, edited=telegram.now())
    telegram.replace_message(person_id, new)
    telegram.push("edited_message", telegram.object_of(person_id, new))
    return new


def press(telegram: Telegram, person_id: int, message_id: int, data: str) -> str:
    """Press an inline button and return the id of the query; raise NotPossible if it is not there now."""
    person = _able(telegram, person_id)
    message = telegram.chats[person_id].get(message_id)
    if message is None or not message.has_button(data):
        raise NotPossible(f"The message {message_id} has no such button now.")
    query = telegram.presses.ask(person_id, message_id, data)
    payload = {
        "id": query.query_id,
        "from": person.as_user(),
        "message": telegram.object_of(person_id, message),
        "chat_instance": str(person_id * 7919),
        "data": data,
    }
    telegram.push("callback_query", payload)
    return query.query_id


def press_oddly(telegram: Telegram, person_id: int, body: Json) -> str:
    """Tell of a press on a message that may be old, gone or of somebody else; return the id of the query."""
    person = _able(telegram, person_id)
    query = telegram.presses.ask(person_id, 0, str(body.get("data", "")))
    telegram.push("callback_query", {"id": query.query_id, "from": person.as_user(), "chat_instance": "1"} | body)
    return query.query_id


def set_blocked(telegram: Telegram, person_id: int, blocked: bool) -> Person:
    """Block or unblock the bot; nothing happens if it is so already or if they never met."""
    person = telegram.person(person_id)
    if person.blocked == blocked:
        return person
    changed = replace(person, blocked=blocked)
    telegram.put_person(changed)
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    if person.started:
        telegram.push("my_chat_member", _membership(telegram, changed, before, after))
    return changed


def deactivate(telegram: Telegram, person_id: int) -> Person:
    """Let the person give up their account; messages to them are refused from now on."""
    person = replace(telegram.person(person_id), deactivated=True)
    telegram.put_person(person)
    return person


def _able(telegram: Telegram, person_id: int) -> Person:
    """Return the person, if they can do something in the chat with the bot."""
    person = telegram.person(person_id)
    if person.deactivated:
        raise NotPossible("This person has no account any more.")
    if person.blocked:
        raise NotPossible("This person has blocked the bot. Unblock it first.")
    return person


def _send(telegram: Telegram, person: Person, message: ChatMessage) -> ChatMessage:
    if not person.started:
        telegram.put_person(replace(person, started=True))
    sent = telegram.new_message(person.id, message)
    telegram.push("message", telegram.object_of(person.id, sent))
    return sent


def _membership(telegram: Telegram, person: Person, before: str, after: str) -> Json:
    bot = telegram.bot_user()
    states: Json = {"kicked": {"until_date": 0}, "member": {}}
    return {
        "chat": person.as_chat(),
        "from": person.as_user(),
        "date": telegram.now(),
        "old_chat_member": {"user": bot, "status": before} | states[before],
        "new_chat_member": {"user": bot, "status": after} | states[after],
    }
