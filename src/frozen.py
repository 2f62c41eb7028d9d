# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of frozen dataclasses with some fields changed: the engine makes some thirty of them for each message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    # To the checker of types it is the standard library's, which it knows by heart: names and kinds of the fields.
    from dataclasses import replace as replace
else:
    Kind = TypeVar("Kind")

    def replace(instance: Kind, /, **changes: Any) -> Kind:
        """Return a copy with these fields changed; like `dataclasses.replace`, which takes six times as long because it
        calls the constructor with every field. So it is for classes without `__post_init__` and without slots.

        Raises TypeError for a field that the class does not have.
        """
        fields = instance.__dict__
        if not changes.keys() <= fields.keys():
            raise TypeError(f"{type(instance).__name__} has no {', '.join(sorted(changes.keys() - fields.keys()))}")
        copy = object.__new__(type(instance))
        copy.__dict__.update(fields)
        copy.__dict__.update(changes)
        return copy
