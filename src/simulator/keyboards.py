# SPDX-License-Identifier: GPL-3.0-or-later
"""Inline keyboards as the Bot API accepts and refuses them."""

import json
from typing import Any

from src.simulator.calls import Call
from src.simulator.entities import Json
from src.simulator.refusals import bad_request

Keyboard = tuple[tuple[Json, ...], ...]

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_BYTES_OF_DATA = 64
MOST_BYTES_OF_MARKUP = 10_000

_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
_OTHER_ACTIONS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def keyboard_of(call: Call) -> Keyboard:
    """Return the inline keyboard of a request, empty if there is none; raise Refusal if it is wrong.

    Keyboards of the other kind, which lie below the input field, are accepted and forgotten.
    """
    markup = call.json("reply_markup")
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return ()
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    _check_size(keyboard)
    return keyboard


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _wrong_button("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _wrong_button('Field "text" must be of type String')
    if not text.strip():
        raise _wrong_button("Button text must be non-empty")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    elif not button.get("url") and not any(action in button for action in _OTHER_ACTIONS):
        raise _wrong_button("Text buttons are unallowed in the inline keyboard")
    return button


def _check_data(data: Any) -> None:
    if not isinstance(data, str):
        raise _wrong_button('Field "callback_data" must be of type String')
    if not 1 <= len(data.encode()) <= MOST_BYTES_OF_DATA:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_size(keyboard: Keyboard) -> None:
    too_many = sum(len(row) for row in keyboard) > MOST_BUTTONS
    too_wide = any(len(row) > MOST_IN_A_ROW for row in keyboard)
    size = len(json.dumps(keyboard, ensure_ascii=False).encode())
    if too_many or too_wide or size > MOST_BYTES_OF_MARKUP:
        raise bad_request("reply markup is too long")


def _wrong_button(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
