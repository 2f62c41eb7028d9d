# SPDX-License-Identifier: GPL-3.0-or-later
"""The one dialogue that all bots hold in the benchmarks. Standard library only: the peers have other packages."""

from __future__ import annotations

BUTTONS = 12
"""So many questions, each with two buttons; then one message without."""

ANSWERS = {"yes": "Yes, I think so", "no": "No, not really"}
LAST = "That was all. Thank you for telling us; you will hear of us again."


def question(number: int) -> str:
    """Return the text of a question, as long as those of a real dialogue."""
    return (
        f"<b>Question {number + 1} of {BUTTONS}</b>\n\nSomebody in your neighbourhood has not been seen for some days. "
        "Would you go and ask whether they need anything?"
    )


def name_of(number: int) -> str:
    """Return the name under which the answer to a question is stored."""
    return f"q{number:02}"
