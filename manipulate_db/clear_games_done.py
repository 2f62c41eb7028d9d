#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forget which dialogues participants have done, so that they get all of them again. Their answers stay."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from _choosing import add_choice, change_chosen
from _start import run

from src.engine.by_hand import forget_done


def main(arguments: Namespace) -> None:
    """Forget the done dialogues of the chosen participants."""
    change_chosen(arguments, forget_done, "Forget the done dialogues")


def parser() -> ArgumentParser:
    """Return what may stand on the command line."""
    options = ArgumentParser(description=__doc__)
    add_choice(options)
    return options


if __name__ == "__main__":
    run(main, parser())
