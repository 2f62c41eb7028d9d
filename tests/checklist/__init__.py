# SPDX-License-Identifier: GPL-3.0-or-later
"""What a first-class Telegram daemon must do, line by line, over HTTP against the local Bot API.

The tests run the real main.py as a process. The number in a test's name is that of the line; lines.py says for each
of the 42 lines which tests show it, also those outside of this folder.
"""
