"""The worker that runs jobs. It can be imported once Django is set up."""

import logging
import sys
import time
from types import FrameType

from django.core.management import call_command
from django.db import Error, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands import db_worker

from coursewright.api import throttling

logger = logging.getLogger("coursewright.jobs")

POLL = 4.0
"""Seconds between two looks for jobs; on SQLite each look holds the writers up for a moment."""
DAY = 86_400
TIDYING = (
    ("cleartokens",),
    ("clearsessions",),
    ("prune_db_task_results", "--queue-name=*", "--min-age-days=30"),
)
"""Commands of the libraries."""


class Worker(db_worker.Worker):
    """Runs the jobs there are, and ends at once only while it rests.

    The library's worker ends wherever it is when no job runs: in the middle of a statement, or between claiming a job
    and running it, which nobody would do then.
    """

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0.1,  # between tries while SQLite is locked
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.resting = False
        self.asked = 0
        """The day, counted from 1970, on which it last asked whether it is to tidy up."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if not self.running:
            super().shutdown(signum, frame)  # told twice: it gives the job up
        self.running = False
        if self.resting:
            sys.exit(0)

    def tidy(self) -> None:
        """Removes tokens and sessions that are over and what is kept of old jobs, once a day among all workers."""
        today = int(time.time()) // DAY
        if today == self.asked:
            return
        is_first = throttling.is_first("tidy", DAY)
        self.asked = today
        if is_first:
            for command in TIDYING:
                if self.running:
                    call_command(*command, verbosity=0)

    def rest(self) -> None:
        self.resting = True
        if self.running:
            time.sleep(POLL)
        self.resting = False


def work() -> None:
    """Runs jobs until SIGTERM or SIGINT, which lets the job at hand finish. A database that is away is waited for."""
    worker = Worker()
    worker.configure_signals()
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)  # it warns that it stops when it is told to
    while worker.running:
        try:
            worker.run()
            worker.rest()
            worker.tidy()
        except Error as error:
            logger.warning("the database does not answer: %s", error)
            connection.close()
            worker.rest()
