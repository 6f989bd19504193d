"""The worker that runs jobs. It can be imported once Django is set up."""

import logging
import sys
import time
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from coursewright.api import throttling

logger = logging.getLogger("coursewright.jobs")

POLL = 4.0
"""Seconds between two looks for jobs; on SQLite each look holds the writers up for a moment."""
WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long a job that did not end well waits for its next try; after as many it has failed for good."""
LONGEST = timedelta(minutes=30)
"""Who runs a job for longer is taken for dead; jobs take minutes (decision 0017)."""
DAY = 86_400
LOOK = 300
"""Seconds between two looks, among all workers, for jobs that were lost."""
TIDYING = (
    ("cleartokens",),
    ("clearsessions",),
    ("prune_db_task_results", "--queue-name=*", "--min-age-days=30"),
)
"""Commands of the libraries."""


Job = DBTaskResult[..., Any]


class Lost(Exception):
    """The worker that ran a job is gone."""


def offer_again(job: Job, error: BaseException) -> None:
    """Offers a job that did not end well once more, after a wait; after its last try it has failed."""
    tries = len(job.worker_ids)  # each worker that takes a job adds its name
    logger.error("%s: try %d of %d did not end well", job.task_path, tries, len(WAITS) + 1, exc_info=error)
    if tries > len(WAITS):
        job.set_failed(error)
        return
    job.status = TaskResultStatus.READY
    job.run_after = timezone.now() + WAITS[tries - 1]
    job.save(update_fields=["status", "run_after"])


class Worker(db_worker.Worker):
    """Runs the jobs there are, and ends at once only while it rests.

    The library's worker ends wherever it is when no job runs: in the middle of a statement, or between claiming a job
    and running it. And what fails there, or is given up, has failed for good.
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
        self.asked: dict[str, int] = {}
        """The window of time, counted from 1970, in which it last asked whether something is its turn."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if not self.running:
            super().shutdown(signum, frame)  # told twice: it gives the job up
        self.running = False
        if self.resting:
            sys.exit(0)

    def run_task(self, db_task_result: Job) -> None:
        """Runs a job, and offers it again when it does not end well."""
        try:
            given = db_task_result.args_kwargs
            db_task_result.set_successful(db_task_result.task.call(*given["args"], **given["kwargs"]))
        except BaseException as error:  # also the SystemExit of a worker told twice, which ends after this job anyway
            offer_again(db_task_result, error)
        self.find_lost()  # here too: one with much to do never rests

    def is_its_turn(self, what: str, seconds: int) -> bool:
        """Whether it is to do what one of all workers does in each window of time; it asks once in each."""
        window = int(time.time()) // seconds
        if not self.running or self.asked.get(what) == window:
            return False
        is_first = throttling.is_first(what, seconds)
        self.asked[what] = window
        return is_first

    def find_lost(self) -> None:
        """Offers jobs again whose workers are gone: killed, or without the database when they ended."""
        if not self.is_its_turn("lost jobs", LOOK):
            return
        with transaction.atomic():
            found = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LONGEST)
            for job in found.select_for_update(skip_locked=True):
                offer_again(job, Lost("Its worker is gone."))

    def tidy(self) -> None:
        """Removes tokens and sessions that are over and what is kept of old jobs, once a day among all workers."""
        if self.is_its_turn("tidy", DAY):
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
            worker.find_lost()
            worker.tidy()
        except Error as error:
            logger.warning("the database does not answer: %s", error)
            connection.close()
            worker.rest()
