"""Jobs for a real worker to run; loaded by servers only, as a job needs settings."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from coursewright import jobs
from coursewright.foundation import sql


@task()
def wait_for_word(directory: str) -> None:
    """Says that it has begun, waits until it is told to go on, and says that it is done."""
    place = Path(directory)
    (place / "begun").touch()
    while not (place / "go").exists():
        time.sleep(0.02)
    (place / "done").touch()


@task()
def break_down() -> None:
    """Fails, as a job with a fault does."""
    raise ArithmeticError("a fault")


@task()
def lose_the_database(directory: str) -> None:
    """Loses its connection the first time, and says that it is done the next."""
    place = Path(directory)
    if not (place / "begun").exists():
        (place / "begun").touch()
        connection.connection.close()
        sql.number("SELECT 1", {})
    (place / "done").touch()


def work_and_stop(moment: str) -> None:
    """Works, and is told to stop ``before`` or ``after`` it has taken a job."""
    claim = DBTaskResult.claim

    def told(result: DBTaskResult, *args: Any) -> None:
        if moment == "before":
            os.kill(os.getpid(), signal.SIGTERM)
        claim(result, *args)
        if moment == "after":
            os.kill(os.getpid(), signal.SIGTERM)

    with mock.patch.object(DBTaskResult, "claim", told):
        jobs.work()


def rest_and_stop() -> None:
    """Works where there is nothing to do, and is told to stop when it rests."""

    def told(seconds: float) -> None:
        sys.stdout.write("it rests")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds)

    with mock.patch.object(jobs, "time", mock.Mock(sleep=told)):
        jobs.work()
