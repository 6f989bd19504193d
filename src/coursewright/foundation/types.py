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


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time; ``date-time`` in the schema."""
