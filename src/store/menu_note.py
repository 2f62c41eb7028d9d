# SPDX-License-Identifier: GPL-3.0-or-later
"""What a bot told Telegram about itself last, in the collection `bot`, so that it is only told again when changed."""

from __future__ import annotations

from dataclasses import dataclass

from src.store.database import Database
from src.store.reading import mapping_of, text_of, texts_of


@dataclass(frozen=True)
class MenuNote:
    """The note of the bot with this number. Raises DatabaseAway."""

    database: Database
    bot: str

    def read(self) -> tuple[str, tuple[str, ...]]:
        """Return the digest of what was told, and the languages it was told in."""
        with self.database.answering():
            found = mapping_of(self.database.bot.find_one({"_id": f"menu {self.bot}"}))
        return text_of(found.get("digest"), ""), texts_of(found.get("languages"))

    def write(self, digest: str, languages: tuple[str, ...]) -> None:
        """Note what has been told."""
        note = {"digest": digest, "languages": list(languages)}
        with self.database.answering():
            self.database.bot.update_one({"_id": f"menu {self.bot}"}, {"$set": note}, upsert=True)
