# SPDX-License-Identifier: GPL-3.0-or-later
"""The database: the only room that knows MongoDB, and the names that the seed project gave to things."""
