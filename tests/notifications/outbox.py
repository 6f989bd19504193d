"""Jobs and the mails they send."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from coursewright import jobs


def run_jobs() -> None:
    """Runs every job that is due, as ``db_worker --batch`` does; the test's transaction stays open meanwhile."""
    with patch.object(db_worker, "close_old_connections"):
        jobs.Worker().run()


def make_due() -> None:
    """As if the time had come for every job that waits for one."""
    DBTaskResult.objects.filter(status="READY").update(run_after="2000-01-01T00:00:00Z")


def subjects() -> list[tuple[str, str]]:
    """To whom the mails went, and their subjects; the outbox is empty after that."""
    found = sorted((message.to[0], str(message.subject)) for message in mail.outbox)
    mail.outbox.clear()
    return found


def results() -> dict[str, int]:
    """How many jobs ended well, ended badly, and wait."""
    found: dict[str, int] = {}
    for status in DBTaskResult.objects.values_list("status", flat=True):
        found[status] = found.get(status, 0) + 1
    return found


class Away(BaseEmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


@contextmanager
def mail_server_is_away() -> Iterator[None]:
    with override_settings(EMAIL_BACKEND="tests.notifications.outbox.Away"):
        yield
