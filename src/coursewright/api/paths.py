"""Ids in paths (rules.md 1.7)."""

import re

from coursewright.foundation.sql import MAX_ID

ID = re.compile(r"[1-9][0-9]{0,18}")


class IdConverter:
    """Matches anything, so that a path with ``undefined`` for an id names a thing that does not exist.

    What no row can have is read as 0, an id that is never given.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> int:
        found = int(value) if ID.fullmatch(value) else 0
        return found if found <= MAX_ID else 0

    def to_url(self, value: int) -> str:
        return str(value)
