# SPDX-License-Identifier: GPL-3.0-or-later
"""Two small bots for the comparison, written as their libraries' own examples are."""
