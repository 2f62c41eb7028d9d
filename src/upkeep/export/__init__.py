# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers for analysts: gathered from the database once, masked where asked for, and written as tables."""
