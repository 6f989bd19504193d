"""Types of fields that go out, with what a reader of the schema must know beside the Python type."""

from datetime import datetime
from typing import Annotated

import msgspec


class Stored:
    """The name of a file in the storage; it goes out as an address on the public origin (``api.responses``)."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stored) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def stored(name: str) -> Stored | None:
    """The file of a column, which is empty when there is none."""
    return Stored(name) if name else None


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time; ``date-time`` in the schema."""
