# SPDX-License-Identifier: GPL-3.0-or-later
"""One fake per port, and a small world that puts them together. State goes through its database form at every turn."""
