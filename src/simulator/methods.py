# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the Bot API's methods. Only getUpdates is missing: it waits, see polling.py."""

from collections.abc import Callable
from typing import Any

from src.simulator import editing, sending
from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.files import MOST_BYTES_FOR_DOWNLOAD
from src.simulator.refusals import bad_request
from src.simulator.telegram import Telegram

Method = Callable[[Telegram, Call], Any]


def get_me(telegram: Telegram, _call: Call) -> Json:
    """Tell who the bot is."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return telegram.bot_user() | abilities


def get_chat(telegram: Telegram, call: Call) -> Json:
    """Tell about a chat."""
    person = sending.known(telegram, call)
    return person.as_chat() | {"accent_color_id": person.id % 7, "max_reaction_count": 11}


def leave_chat(telegram: Telegram, call: Call) -> bool:
    """Refuse: nobody can leave a private chat."""
    sending.known(telegram, call)
    raise bad_request("chat member status can't be changed in private chats")


def get_file(telegram: Telegram, call: Call) -> Json:
    """Tell where a file can be fetched."""
    stored = telegram.files.find(call.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MOST_BYTES_FOR_DOWNLOAD:
        raise bad_request("file is too big")
    return stored.as_file() | {"file_path": stored.path}


def set_webhook(telegram: Telegram, call: Call) -> bool:
    """Remember that updates should go elsewhere; nothing is sent there, but getUpdates is refused."""
    telegram.webhook = call.text("url")
    _drop_if_asked(telegram, call)
    return True


def delete_webhook(telegram: Telegram, call: Call) -> bool:
    """Go back to getUpdates."""
    telegram.webhook = ""
    _drop_if_asked(telegram, call)
    return True


def get_webhook_info(telegram: Telegram, _call: Call) -> Json:
    """Tell about the webhook and how many updates wait."""
    body: Json = {"url": telegram.webhook, "has_custom_certificate": False}
    body["pending_update_count"] = len(telegram.updates)
    allowed = telegram.updates.allowed
    return body | ({"allowed_updates": list(allowed)} if allowed else {})


def set_my_commands(telegram: Telegram, call: Call) -> bool:
    """Set the command menu of one scope and language."""
    telegram.profile.set_commands(call)
    telegram.changed("commands", 0)
    return True


def delete_my_commands(telegram: Telegram, call: Call) -> bool:
    """Remove the command menu of one scope and language."""
    telegram.profile.delete_commands(call)
    telegram.changed("commands", 0)
    return True


def get_my_commands(telegram: Telegram, call: Call) -> list[Json]:
    """Tell the command menu of one scope and language."""
    return telegram.profile.commands(call)


def say_goodbye(_telegram: Telegram, _call: Call) -> bool:
    """Accept logOut and close, which change nothing here."""
    return True


def _drop_if_asked(telegram: Telegram, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        telegram.updates.drop_all()
    telegram.changed("settings", 0)


def _setter(name: str) -> Method:
    def set_text(telegram: Telegram, call: Call) -> bool:
        telegram.profile.set_text(name, call)
        telegram.changed("settings", 0)
        return True

    return set_text


def _getter(name: str) -> Method:
    def get_text(telegram: Telegram, call: Call) -> Json:
        text = telegram.profile.text(name, call.text("language_code"))
        return {name: text or (telegram.bot_user()["first_name"] if name == "name" else "")}

    return get_text


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": editing.answer_callback_query,
    "getFile": get_file,
    "getChat": get_chat,
    "leaveChat": leave_chat,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "logOut": say_goodbye,
    "close": say_goodbye,
}
