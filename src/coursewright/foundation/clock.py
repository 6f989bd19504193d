"""The one place that reads the time for courses, progress, comments and events."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """The present instant, aware, in UTC.

    With ``COURSEWRIGHT_CLOCK_FILE`` (tests only) it is the instant that this file holds, read at every call.
    Tokens, sessions and JWT expiry use real time and never call this.
    """
    if settings.CLOCK_FILE:
        return datetime.fromisoformat(Path(settings.CLOCK_FILE).read_text().strip()).astimezone(UTC)
    return datetime.now(UTC)
