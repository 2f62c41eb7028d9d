# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: disable-error-code="import-not-found,unused-ignore,misc,no-any-return"
"""The dialogue as a minimal python-telegram-bot bot, with concurrent updates: its default does one at a time."""

from __future__ import annotations

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, Defaults

from tests.benchmarks.peers.common import TOKEN, URL, WAIT, Answers
from tests.benchmarks.questions import ANSWERS, BUTTONS, LAST, question

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data=value) for value, label in ANSWERS.items()]]
)


async def open_answers(application: Any) -> None:
    """Connect to the database in the loop that will use it."""
    application.bot_data["answers"] = Answers()


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Ask the first question."""
    chat = update.effective_chat.id
    first = await context.bot_data["answers"].begin(chat)
    await context.bot.send_message(chat, question(first), reply_markup=KEYBOARD)


async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Store the answer and the position, stop the progress bar, remove the buttons, ask the next question."""
    query = update.callback_query
    position = await context.bot_data["answers"].keep(query.from_user.id, query.data)
    await query.answer()
    if position is None:
        return
    await query.edit_message_reply_markup(None)
    if position < BUTTONS:
        await context.bot.send_message(query.from_user.id, question(position), reply_markup=KEYBOARD)
    else:
        await context.bot.send_message(query.from_user.id, LAST)


def main() -> None:
    """Poll until SIGTERM. Waiting for a free connection is no error here: the defaults give up after a second."""
    builder = Application.builder().token(TOKEN).base_url(f"{URL}/bot").defaults(Defaults(parse_mode="HTML"))
    builder = builder.concurrent_updates(True).pool_timeout(60.0).read_timeout(60.0).connect_timeout(60.0)
    application = builder.post_init(open_answers).build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(press, pattern="|".join(ANSWERS)))
    application.run_polling(timeout=WAIT)


if __name__ == "__main__":
    main()
