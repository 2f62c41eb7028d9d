# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks: our bot beside two others, at Telegram's limit, and with many people enrolled. Type: make bench."""
