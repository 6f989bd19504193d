"""Fixtures that every test may ask for."""

import pytest
from django.conf import settings

from tests.clock import Clock
from tests.environment import DATA_DIR
from tests.factories import NOW
from tests.servers import databases, make_server, prepared, server

__all__ = ["Clock", "databases", "make_server", "prepared", "server"]


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test may use the database; what it writes is rolled back."""


@pytest.fixture(autouse=True)
def clock() -> Clock:
    """Now is NOW, until the test sets another time."""
    clock = Clock(DATA_DIR / "clock")
    clock.set(NOW)
    settings.CLOCK_FILE = str(clock.path)
    return clock
