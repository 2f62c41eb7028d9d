# SPDX-License-Identifier: GPL-3.0-or-later
"""What people change by hand: the study, participants. Scripts are thin doors to this room."""
