# SPDX-License-Identifier: GPL-3.0-or-later
"""A database of the seed project, and how it becomes ours: every document in the form that we write ourselves.

`values` reads single values, `runs` dialogues, `players` whose is whose in them, `texts` what people wrote, `people` a
participant's document, `identities` who is who, `study` the dialogues; `passing` goes through the database, one
conditional write for each document, so that it may break off anywhere and be done again. What comes out of it is not
changed by a second time.

Nothing that a participant has answered goes. A value that nobody can make sense of is kept beside, in `as_left`.
"""
