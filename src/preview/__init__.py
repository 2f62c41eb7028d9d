# SPDX-License-Identifier: GPL-3.0-or-later
"""What authors see beside the chat page of a demo: where an invented person stands, and their files, checked at once.

Nothing here is part of a bot: the demo brings it along, and looks into a bot that runs in the same process.
"""
