"""Types of fields that go out, with what a reader of the schema must know beside the Python type."""

from datetime import datetime
from typing import Annotated

import msgspec
from django.core.files.storage import default_storage


class Address(str):
    """A whole address, or a path on this server, before which ``api.responses`` puts the public origin."""

    __slots__ = ()


def stored(name: str) -> Address | None:
    """Where a stored file is, by its name; None for an empty one: there is none."""
    return Address(default_storage.url(name)) if name else None


def doc(description: str) -> msgspec.Meta:
    """What the schema says of a field: ``Annotated[int, doc("Whole percent.")]``. The outermost one counts."""
    return msgspec.Meta(description=description)


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time; ``date-time`` in the schema."""
CreatedAt = Annotated[Instant, doc("When it was made, UTC.")]
Html = Annotated[str, doc("Its text as HTML, of which what is harmless was kept. May be empty.")]
