#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forget the dialogue that participants are in the middle of. Its buttons vanish from their chats, what waits to be
sent of it is dropped, and what they have answered is kept in the history. An active participant gets the next dialogue.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _choosing import add_choice, change_chosen
from _start import run

from src.engine.by_hand import forget_running


def main(arguments: Namespace) -> None:
    """Forget the running dialogues of the chosen participants."""
    change_chosen(arguments, forget_running, "Forget the running dialogue")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_choice(options)
    return options


if __name__ == "__main__":
    run(main, parser())
