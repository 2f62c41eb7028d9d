# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first-class Telegram daemon must do, in 42 lines, and the tests that show it for each.

Those of this folder run the real main.py as a process, over HTTP against the local Bot API; the others show what takes
a smaller stage. `open` is for what is not shown, with the reason; test_lines.py holds the table to the truth.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line: what it asks for, and the tests: files under tests/, each with the beginning of a test's name."""

    what: str
    shown_by: tuple[tuple[str, str], ...] = ()
    open: str = ""


POLLING = "checklist/test_10_polling.py"
STARTING = "checklist/test_13_starting_and_stopping.py"
PACE = "checklist/test_15_pace.py"
SENDING = "checklist/test_17_sending.py"
PRESSES = "checklist/test_21_presses.py"
LONG = "checklist/test_26_long_texts_and_files.py"
KINDS = "checklist/test_33_every_kind_of_message.py"
ENDURANCE = "checklist/test_41_endurance.py"
KILLED = "end_to_end/test_killed_often.py"
WHOLE = "end_to_end/test_whole_sequence.py"
AWAY = "end_to_end/test_database_away.py"
HEALTH = "end_to_end/test_health.py"
STARTS = "end_to_end/test_starting.py"
MENU = "service/test_menu.py"
DATA = "end_to_end/test_own_data.py"
ADAPTER = "test_telegram_bot.py"
FRAME = "service/test_frame.py"

LINES = {
    1: Line("nothing lost on kill -9", ((KILLED, "test_no_answer_is_lost"), (WHOLE, "test_the_same_holds"))),
    2: Line("no double effect", ((POLLING, "test_02"), (KILLED, "test_no_answer_is_lost"))),
    3: Line("update ids that jump downwards", ((POLLING, "test_03"),)),
    4: Line("order in each chat", ((POLLING, "test_04"), (WHOLE, "test_fifty_people"))),
    5: Line("no chat holds up another", ((SENDING, "test_05"), (WHOLE, "test_while_the_pause_of_one"))),
    6: Line("unknown and malformed updates", ((KINDS, "test_06"), ("test_telegram_updates.py", "test_a_malformed"))),
    7: Line("every start says which updates it wants", ((STARTING, "test_07"),)),
    8: Line("the webhook and the backlog at a start", ((STARTING, "test_08"),)),
    9: Line("a start without Telegram, or with a wrong token", ((STARTING, "test_09"), (STARTS, "test_the_bot_waits"))),
    10: Line("polling that fails", ((POLLING, "test_10"), (FRAME, "test_half_a_minute"))),
    11: Line("429", ((POLLING, "test_11"),)),
    12: Line("two pollers", (("checklist/test_12_two_pollers.py", "test_12"), (FRAME, "test_two_pollers"))),
    13: Line("stopping, also under load, and a second signal", ((STARTING, "test_13"), (KILLED, "test_no_answer"))),
    14: Line("the long poll", ((POLLING, "test_14"),)),
    15: Line("limits", ((PACE, "test_15"), ("service/test_limiter.py", "test_"))),
    16: Line("who waits for an answer goes first", ((PACE, "test_16"),)),
    17: Line("sendings whose outcome is not known", ((SENDING, "test_17"),)),
    18: Line("sendings that fail for a while", ((SENDING, "test_18"),)),
    19: Line("who cannot be written to", ((SENDING, "test_19"),)),
    20: Line("who blocks the bot, and comes back", ((SENDING, "test_20"),)),
    21: Line("every press is answered once", ((PRESSES, "test_21"),)),
    22: Line("old buttons", ((PRESSES, "test_22"),)),
    23: Line("double taps", ((PRESSES, "test_23"),)),
    24: Line("messages that cannot be changed", ((PRESSES, "test_24"),)),
    25: Line("Telegram's limits of keyboards", ((PRESSES, "test_25"), (WHOLE, "test_fifty_people"))),
    26: Line("long texts and captions", ((LONG, "test_26"), (ADAPTER, "test_what_is_too_long"))),
    27: Line("what people write, shown", ((SENDING, "test_27"), ("engine/test_typed_anything.py", "test_"))),
    28: Line("files go up once", ((LONG, "test_28"), ("store/test_uploaded_once.py", "test_"))),
    29: Line("files that Telegram refuses", ((SENDING, "test_29"), (ADAPTER, "test_a_picture_that_telegram_does_not"))),
    30: Line("typing is shown", ((SENDING, "test_30"),)),
    31: Line(
        "the menu of commands", ((MENU, "test_each_language"), (MENU, "test_it_is_told_once"), (DATA, "test_the_menu"))
    ),
    32: Line("every form of a command", ((KINDS, "test_32"),)),
    33: Line("every kind of message", ((KINDS, "test_33"),)),
    34: Line("old updates", ((STARTING, "test_34"),)),
    35: Line("a flood from one chat", ((PACE, "test_35"),)),
    36: Line("groups, channels and other bots", ((KINDS, "test_36"),)),
    37: Line("the token is nowhere", ((ENDURANCE, "test_37"), ("test_logs.py", "test_no_secret"))),
    38: Line("what became due while the bot was down", ((STARTING, "test_38"),)),
    39: Line("health, and a loop that hangs", ((HEALTH, "test_a_bot_that_runs"), (HEALTH, "test_a_loop_that_hangs"))),
    40: Line("other addresses, a proxy, certificates", ((STARTING, "test_40"),)),
    41: Line("endurance, and a database that is away", ((ENDURANCE, "test_41"), (AWAY, "test_while_the_database"))),
    42: Line("no warnings, no asynchronous library", ((ENDURANCE, "test_42"),)),
}
