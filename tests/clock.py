"""The server's clock, stopped by a file."""

from datetime import datetime
from pathlib import Path


class Clock:
    """The server's clock, stopped: set it to walk through days."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, time: datetime) -> None:
        self.path.write_text(time.isoformat())
