"""What the worker for jobs removes once a day."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from oauth2_provider.models import AccessToken

from coursewright import jobs
from coursewright.accounts.actions import issue_token
from coursewright.accounts.models import User
from coursewright.api import throttling
from tests.factories import make_user


@pytest.fixture
def ann() -> User:
    return make_user("ann")


def leave_behind(ann: User) -> None:
    """A token, a session and a job of yesterday and of tomorrow each, and jobs that ended long and not so long ago."""
    now = timezone.now()
    for days in (-1, 1):
        issue_token(ann, days=days, application="tests")
        Session.objects.create(session_key=f"key {days}", session_data="", expire_date=now + timedelta(days=days))
    job = {"args_kwargs": {"args": [], "kwargs": {}}, "task_path": "x.y", "backend_name": "default"}
    for days in (31, 29):
        DBTaskResult.objects.create(**job, status="SUCCESSFUL", finished_at=now - timedelta(days=days))
    DBTaskResult.objects.create(**job, status="READY")


def left() -> tuple[int, int, int]:
    return AccessToken.objects.count(), Session.objects.count(), DBTaskResult.objects.count()


def test_what_is_over_is_removed(ann: User) -> None:
    leave_behind(ann)
    jobs.Worker().tidy()
    assert left() == (1, 1, 2)


def test_once_a_day_among_all_workers(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 20_000 * jobs.DAY
    for module in (jobs, throttling):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: seconds))
    one, other = jobs.Worker(), jobs.Worker()
    one.tidy()
    leave_behind(ann)
    seconds += jobs.DAY - 1
    one.tidy()
    other.tidy()
    assert left() == (2, 2, 3)
    seconds += 1
    other.tidy()
    assert left() == (1, 1, 2)


def test_not_while_it_stops(ann: User) -> None:
    leave_behind(ann)
    worker = jobs.Worker()
    worker.running = False
    worker.tidy()
    assert left() == (2, 2, 3)
