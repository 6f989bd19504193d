"""Servers whose jobs were lost, and time that goes by for them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers import PATIENCE, PROGRAM, Server, environment

STATES = """
import json
from django_tasks_db.models import DBTaskResult
print(json.dumps([[job.status, len(job.worker_ids)] for job in DBTaskResult.objects.order_by("enqueued_at")]))
"""
DUE = """
from django_tasks_db.models import DBTaskResult
DBTaskResult.objects.filter(status="READY").update(run_after="2000-01-01T00:00:00Z")
"""
PASS = """
from datetime import timedelta
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from coursewright.api.models import RateCount
from coursewright.notifications.models import Notification
passed = timedelta(minutes={minutes})
DBTaskResult.objects.filter(started_at__isnull=False).update(started_at=F("started_at") - passed)
Notification.objects.filter(claimed_until__isnull=False).update(claimed_until=F("claimed_until") - passed)
RateCount.objects.all().delete()
"""
LOOKED = """
from coursewright.api.models import RateCount
print(RateCount.objects.filter(key="lost jobs").count())
"""


@contextmanager
def at_work(server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, which is killed in the end."""
    with subprocess.Popen([*PROGRAM, "worker"], env=environment(**server.settings)) as worker:
        try:
            yield worker
        finally:
            worker.kill()
            worker.wait(PATIENCE)


def states(server: Server) -> list[list[object]]:
    """The state of each job, and how many workers took it."""
    found: list[list[object]] = json.loads(server.script(STATES))
    return found


def make_due(server: Server) -> None:
    """As if the time had come for every job that waits for one."""
    server.script(DUE)


def pass_by(server: Server, minutes: int) -> None:
    """As if so many minutes had gone by since jobs were begun, mails claimed, and workers looked for lost jobs."""
    server.script(PASS.format(minutes=minutes))


def has_looked(server: Server) -> bool:
    """Whether a worker has looked for lost jobs since time went by."""
    return server.script(LOOKED) == "1\n"
