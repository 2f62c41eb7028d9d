# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of things: load, decide, save, send, retry. Talks to the world through `ports.py` alone."""
