# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first-class Telegram daemon must do, line by line, over HTTP against the local Bot API.

The tests run the real main.py as a process. The number in a test's name is that of the line; "e2e" is
tests/end_to_end, "port" tests/service/test_telegram_port.py.

| line | what | where |
|---|---|---|
| 1 | nothing lost on kill -9 | e2e test_whole_sequence, killed in the middle |
| 2 | nothing twice | e2e test_whole_sequence; test_10_polling |
| 3 | update ids that jump downwards | test_10_polling |
| 4 | order in each chat | test_10_polling; e2e test_whole_sequence |
| 5 | no chat holds up another | test_17_sending; e2e test_whole_sequence, pause of one person |
| 6 | unknown and malformed updates | test_33_every_kind_of_message |
| 7, 8 | what a start says, and the backlog | test_13_starting_and_stopping (commands: line 31) |
| 9 | a start without Telegram, or with a wrong token | test_13_starting_and_stopping; e2e test_starting |
| 10 | polling that fails | test_10_polling; tests/service/test_frame.py for half a minute |
| 11 | 429 | test_10_polling |
| 12 | two pollers | with health, a test of its own |
| 13 | stopping | test_13_starting_and_stopping; e2e test_starting |
| 14 | the long poll | test_10_polling |
| 15, 16 | limits, and who goes first | test_15_pace |
| 17, 18 | what Telegram does not take at once | test_17_sending |
| 19, 20 | who cannot be reached | test_17_sending |
| 21 to 25 | presses and keyboards | test_21_presses |
| 26 | long texts | with the splitting of texts |
| 27 | what people write, shown | test_17_sending; tests/engine/test_typed_anything.py |
| 28, 29 | files | 28 with the file ids; 29 in test_17_sending |
| 30 | typing | test_17_sending |
| 31 | the menu of commands | with the menu |
| 32, 33, 36 | any message from anybody | test_33_every_kind_of_message |
| 34 | old updates | test_13_starting_and_stopping |
| 35 | a flood from one chat | test_15_pace |
| 37 | the token is nowhere | conftest.py after every test; test_41_endurance; port; tests/test_logs.py |
| 38 | what became due meanwhile | test_13_starting_and_stopping |
| 39 | health | with health, a test of its own |
| 40 | other addresses, proxy, certificates | every test here; test_13_starting_and_stopping |
| 41 | endurance, storage away | test_41_endurance; tests/store/test_crash.py |
| 42 | no warnings, no asynchronous library | test_41_endurance |
"""
