"""Ids in paths (rules.md 1.7)."""

from coursewright.foundation.sql import MAX_ID


class IdConverter:
    """Matches anything, so that a path with ``undefined`` for an id is a thing that does not exist, not a path that does not.

    What no row can have is read as 0, an id that is never given.
    """

    regex = "[^/]+"

    def to_python(self, value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 20):
            return 0
        found = int(value)
        return found if found <= MAX_ID else 0

    def to_url(self, value: int) -> str:
        return str(value)
