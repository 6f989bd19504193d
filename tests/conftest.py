"""Fixtures that every test may ask for."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.environment import DATA_DIR
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test may use the database; what it writes is rolled back."""


class Clock:
    """The server's clock, stopped: set it to walk through days."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, time: datetime) -> None:
        self.path.write_text(time.isoformat())


@pytest.fixture(autouse=True)
def clock() -> Clock:
    """Now is NOW, until the test sets another time."""
    clock = Clock(DATA_DIR / "clock")
    clock.set(NOW)
    settings.CLOCK_FILE = str(clock.path)
    return clock
