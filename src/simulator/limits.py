# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts and captions of a request: parsed, measured and refused as Telegram does it."""

from src.simulator.calls import Call
from src.simulator.entities import Formatted, entity_from_json, in_order, stripped, with_links
from src.simulator.refusals import bad_request
from src.simulator.telegram_html import parse_html

MOST_BYTES_BEFORE_PARSING = 32_768
MOST_CHARACTERS_OF_TEXT = 4096
MOST_CHARACTERS_OF_CAPTION = 1024


def text_of(call: Call) -> Formatted:
    """Return the text of a request after parsing; raise Refusal if it is empty, too long or wrong."""
    source = call.text("text")
    if not source:
        raise bad_request("message text is empty")
    text = formatted(call, source, "entities")
    if not text.plain:
        raise bad_request("text must be non-empty")
    if len(text.plain) > MOST_CHARACTERS_OF_TEXT:
        raise bad_request("message is too long")
    return text


def caption_of(call: Call) -> Formatted:
    """Return the caption of a request after parsing, maybe empty; raise Refusal if it is wrong."""
    caption = formatted(call, call.text("caption"), "caption_entities")
    if len(caption.plain) > MOST_CHARACTERS_OF_CAPTION:
        raise bad_request("message caption is too long")
    return caption


def formatted(call: Call, source: str, entities: str) -> Formatted:
    """Parse `source` as the request says: by `parse_mode`, by the parameter `entities`, or as plain text."""
    if len(source.encode()) > MOST_BYTES_BEFORE_PARSING:
        raise bad_request("text is too long")
    mode = call.text("parse_mode").strip().lower()
    if mode not in ("", "none", "html"):
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        return with_links(stripped(parse_html(source)))
    return with_links(stripped(_with_given_entities(call, source, entities)))


def _with_given_entities(call: Call, source: str, name: str) -> Formatted:
    given = call.json(name) or []
    try:
        return Formatted(source, in_order(entity_from_json(body) for body in given))
    except (KeyError, TypeError, ValueError) as error:
        raise bad_request("can't parse message entity: wrong field") from error
