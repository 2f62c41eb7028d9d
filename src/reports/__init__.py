# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read: counts of the study, the mails and pictures made from them. Nothing here changes the study."""
