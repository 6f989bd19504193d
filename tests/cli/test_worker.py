"""``coursewright worker``."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.lost import at_work, make_due, states
from tests.cli.test_stop import enqueue, wait_until
from tests.servers import PATIENCE, PROGRAM, MakeServer, environment


def test_it_runs_jobs_and_stops_when_told(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    enqueue(server, tmp_path)
    (tmp_path / "go").touch()
    with subprocess.Popen(
        [*PROGRAM, "worker"], env=environment(**server.settings), stderr=subprocess.PIPE, text=True
    ) as worker:
        wait_until((tmp_path / "done").exists)
        worker.send_signal(signal.SIGTERM)
        _, errors = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, errors) == (0, "")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_told_to_stop_while_it_takes_a_job(moment: str, make_server: MakeServer, tmp_path: Path) -> None:
    """The job is not lost: who has taken it runs it."""
    server = make_server()
    enqueue(server, tmp_path)
    (tmp_path / "go").touch()
    server.script(f"from tests.cli.jobs import work_and_stop; work_and_stop({moment!r})")
    assert (tmp_path / "done").exists()


def test_told_to_stop_while_it_rests(make_server: MakeServer) -> None:
    assert make_server().script("from tests.cli.jobs import rest_and_stop; rest_and_stop()") == "it rests"


def test_told_twice_it_gives_the_job_up(make_server: MakeServer, tmp_path: Path) -> None:
    """It is offered again, and another worker does it."""
    server = make_server()
    enqueue(server, tmp_path)
    with at_work(server) as worker:
        wait_until((tmp_path / "begun").exists)
        worker.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(0.5)
        worker.send_signal(signal.SIGTERM)
        worker.wait(PATIENCE)
    assert not (tmp_path / "done").exists()
    assert states(server) == [["READY", 1]]
    make_due(server)
    (tmp_path / "go").touch()
    with at_work(server):
        wait_until((tmp_path / "done").exists)
