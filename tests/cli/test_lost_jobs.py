"""Jobs that did not end well: each is done in the end, by another worker or at another time."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from coursewright import jobs
from coursewright.api import throttling
from tests.cli.jobs import break_down
from tests.cli.lost import at_work, has_looked, make_due, pass_by, states
from tests.cli.test_stop import enqueue, wait_until
from tests.notifications.outbox import make_due as make_due_here
from tests.notifications.outbox import run_jobs
from tests.servers import MakeServer

TRIES = 5


def test_a_worker_that_is_killed(make_server: MakeServer, tmp_path: Path) -> None:
    """For half an hour the job may be running elsewhere; then another worker finds it, and does it a little later."""
    server = make_server()
    enqueue(server, tmp_path)
    with at_work(server):
        wait_until((tmp_path / "begun").exists)
    (tmp_path / "go").touch()
    pass_by(server, 29)
    with at_work(server):
        wait_until(lambda: has_looked(server))
    assert states(server) == [["RUNNING", 1]]
    pass_by(server, 1)
    with at_work(server):
        wait_until(lambda: states(server) == [["READY", 1]])
        make_due(server)
        wait_until((tmp_path / "done").exists)
        wait_until(lambda: states(server) == [["SUCCESSFUL", 2]])


def test_a_database_that_is_lost_meanwhile(make_server: MakeServer, tmp_path: Path) -> None:
    """Nobody could write that the job failed: it is found like that of a worker that was killed."""
    server = make_server()
    server.script(f"from tests.cli.jobs import lose_the_database; lose_the_database.enqueue({str(tmp_path)!r})")
    with at_work(server):
        wait_until((tmp_path / "begun").exists)
        wait_until(lambda: has_looked(server))
    assert states(server) == [["RUNNING", 1]]
    pass_by(server, 30)
    with at_work(server):
        wait_until(lambda: states(server) == [["READY", 1]])
        make_due(server)
        wait_until((tmp_path / "done").exists)


def test_a_job_that_fails_is_tried_again_after_ever_longer_waits(caplog: pytest.LogCaptureFixture) -> None:
    break_down.enqueue()
    waits = []
    for _ in range(TRIES - 1):
        make_due_here()
        run_jobs()
        waits.append(wait())
    assert waits == ["0:05:00", "1:00:00", "6:00:00", "1 day, 0:00:00"]
    make_due_here()
    run_jobs()
    make_due_here()
    run_jobs()
    job = DBTaskResult.objects.get()
    assert (job.status, len(job.worker_ids), job.exception_class_path) == ("FAILED", TRIES, "builtins.ArithmeticError")
    assert 'raise ArithmeticError("a fault")' in job.traceback
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"tests.cli.jobs.break_down: try {number} of {TRIES} did not end well" for number in range(1, TRIES + 1)
    ]
    assert 'raise ArithmeticError("a fault")' in caplog.text


def wait() -> str:
    """How long the one job waits from now on, to the minute."""
    left = DBTaskResult.objects.get(status="READY").run_after - timezone.now()
    return str(timedelta(minutes=round(left / timedelta(minutes=1))))


def make_running(minutes: int, tries: int) -> str:
    """A job that the last of several workers took so many minutes ago."""
    return str(
        DBTaskResult.objects.create(
            status="RUNNING",
            started_at=timezone.now() - timedelta(minutes=minutes),
            worker_ids=["gone"] * tries,
            args_kwargs={"args": [], "kwargs": {}},
            task_path="tests.cli.jobs.break_down",
            backend_name="default",
        ).pk
    )


def test_what_is_lost_again_and_again_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    """Else a job that kills its worker would do so for ever."""
    last, other, young = make_running(31, TRIES), make_running(31, TRIES - 1), make_running(29, 1)
    jobs.Worker().find_lost()
    found = {str(job.pk): (job.status, len(job.worker_ids)) for job in DBTaskResult.objects.all()}
    assert found == {last: ("FAILED", TRIES), other: ("READY", TRIES - 1), young: ("RUNNING", 1)}
    assert wait() == "1 day, 0:00:00"
    assert sorted(record.getMessage() for record in caplog.records) == [
        f"tests.cli.jobs.break_down: try {number} of {TRIES} did not end well" for number in (TRIES - 1, TRIES)
    ]


def test_one_worker_looks_each_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 6_000_000 * jobs.LOOK
    for module in (jobs, throttling):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: seconds))
    one, other = jobs.Worker(), jobs.Worker()
    one.find_lost()
    make_running(31, 1)
    seconds += jobs.LOOK - 1
    one.find_lost()
    other.find_lost()
    assert DBTaskResult.objects.get().status == "RUNNING"
    seconds += 1
    other.find_lost()
    assert DBTaskResult.objects.get().status == "READY"


def test_a_worker_that_stops_leaves_its_turn_to_others() -> None:
    make_running(31, 1)
    stopping = jobs.Worker()
    stopping.running = False
    stopping.find_lost()
    assert DBTaskResult.objects.get().status == "RUNNING"
    jobs.Worker().find_lost()
    assert DBTaskResult.objects.get().status == "READY"


def test_a_worker_with_much_to_do_looks_too() -> None:
    """It never rests."""
    lost = make_running(31, 1)
    break_down.enqueue()
    jobs.Worker().run_task(DBTaskResult.objects.ready().get())
    assert DBTaskResult.objects.get(pk=lost).status == "READY"
