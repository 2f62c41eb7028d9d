# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules: what a participant sees and what is remembered. Pure: time and chance come in as arguments."""
