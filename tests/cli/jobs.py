"""Jobs for a real worker to run; loaded by servers only, as a job needs settings."""

import time
from pathlib import Path

from django_tasks import task


@task()
def wait_for_word(directory: str) -> None:
    """Says that it has begun, waits until it is told to go on, and says that it is done."""
    place = Path(directory)
    (place / "begun").touch()
    while not (place / "go").exists():
        time.sleep(0.02)
    (place / "done").touch()
