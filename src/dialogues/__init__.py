# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a dialogue file: model, parser, checker, formulas. Pure."""
