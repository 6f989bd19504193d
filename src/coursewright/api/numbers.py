"""Whole numbers, as JSON, forms and queries write them (rules.md 1.4)."""

import re
from typing import Any

from coursewright.foundation.sql import MAX_ID

# Longer ones fit nowhere, and reading them takes long.
WHOLE = re.compile(r"[+-]?[0-9]{1,1000}")


def whole(value: Any) -> int | None:
    """The whole number that a value is or that a text writes; None: it is none. Booleans are none."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if WHOLE.fullmatch(text) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if type(value) is int else None


def id_of(value: Any) -> int | None:
    """The same for an id: one that no row can have is as good as unknown, and is read as 0."""
    found = whole(value)
    return found if found is None or 0 < found <= MAX_ID else 0
