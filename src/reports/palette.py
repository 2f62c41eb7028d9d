# SPDX-License-Identifier: GPL-3.0-or-later
"""The colours of all mails and pictures, told apart also by colour-blind people: those of Okabe and Ito
(https://jfly.uni-koeln.de/color/).
"""

from __future__ import annotations

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#606060"
SERIES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, GREY)
INK, PALE = "#222222", "#E9EEF2"
HEAT = "cividis"
"""Matplotlib's map from dark blue to yellow, made for colour-blind people."""

OF_LOSS = {"answered": BLUE, "waiting": SKY, "paused": YELLOW, "blocked": ORANGE, "left": RED}


def colour(number: int) -> str:
    """Return the colour of the n-th series; after eight they begin again."""
    return SERIES[number % len(SERIES)]
