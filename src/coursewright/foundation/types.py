"""Types of fields that go out, with what a reader of the schema must know beside the Python type."""

from datetime import datetime
from typing import Annotated

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time; ``date-time`` in the schema."""
