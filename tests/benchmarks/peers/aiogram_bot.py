# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: disable-error-code="import-not-found,unused-ignore,misc,untyped-decorator"
"""The dialogue as a minimal aiogram bot. Every update is a task of its own, which is aiogram's default."""

from __future__ import annotations

import asyncio

from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.benchmarks.peers.common import TOKEN, URL, WAIT, Answers
from tests.benchmarks.questions import ANSWERS, BUTTONS, LAST, question

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=value) for value, label in ANSWERS.items()]]
)
dispatcher = Dispatcher()


@dispatcher.message(CommandStart())
async def start(message: Message, answers: Answers) -> None:
    """Ask the first question."""
    await message.answer(question(await answers.begin(message.chat.id)), reply_markup=KEYBOARD)


@dispatcher.callback_query(F.data.in_(ANSWERS))
async def press(query: CallbackQuery, answers: Answers) -> None:
    """Store the answer and the position, stop the progress bar, remove the buttons, ask the next question."""
    position = await answers.keep(query.from_user.id, query.data)
    await query.answer()
    if position is None:
        return
    await query.message.edit_reply_markup(reply_markup=None)
    if position < BUTTONS:
        await query.message.answer(question(position), reply_markup=KEYBOARD)
    else:
        await query.message.answer(LAST)


async def main() -> None:
    """Poll until SIGTERM."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(URL))
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    await dispatcher.start_polling(bot, polling_timeout=WAIT, answers=Answers())


if __name__ == "__main__":
    asyncio.run(main())
