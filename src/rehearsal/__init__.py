# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole study is rehearsed: the real engine, scheduler and delivery on a clock that jumps, with synthetic people."""
