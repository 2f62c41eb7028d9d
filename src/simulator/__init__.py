# SPDX-License-Identifier: GPL-3.0-or-later
"""A local Bot API: Telegram's HTTP interface for bots, on this machine alone, with a chat page.

`bot_api.LocalBotApi` is the face for Python. `python3 -m src.simulator` is the same as a process.
The facts it imitates (texts, limits, lifetimes) are those of Telegram's Bot API server.
"""
