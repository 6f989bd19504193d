"""``coursewright worker``."""

import signal
import subprocess
from pathlib import Path

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
