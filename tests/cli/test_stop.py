"""How ``coursewright serve`` ends."""

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.servers import MakeServer, Server

PATIENCE = 30


def wait_until(come: Callable[[], object]) -> None:
    limit = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.02)


def children(server: Server) -> list[psutil.Process]:
    """The worker for jobs, then the web worker."""
    assert server.process is not None
    return sorted(psutil.Process(server.process.pid).children(recursive=True), key=lambda child: int(child.pid))


def are_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert alive == []


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_clean(by: signal.Signals, make_server: MakeServer) -> None:
    server = make_server().start()
    processes = children(server)
    assert len(processes) == 2
    assert server.stop(by) == 0
    are_gone(processes)
    assert (server.output, server.errors) == (f"Coursewright is at {server.origin}\n", "")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_the_database_is_being_prepared(by: signal.Signals, make_server: MakeServer) -> None:
    server = make_server(empty=True)
    server.launch()
    wait_until(lambda: children(server))
    processes = children(server)
    assert server.stop(by) == 0
    are_gone(processes)
    assert (server.output, server.errors) == ("", "")


@contextmanager
def writers_held(server: Server) -> Iterator[None]:
    """Nobody can write to the server's database meanwhile."""
    if url := server.settings["DATABASE_URL"]:
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE coursewright_event IN ACCESS EXCLUSIVE MODE")
            yield
    else:
        path = server.directory / "coursewright.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield


def test_a_request_that_has_begun_is_answered(make_server: MakeServer) -> None:
    server = make_server().start()
    server.command("user", "add", "ann")
    ann = server.remote("ann")
    with ThreadPoolExecutor(1) as background:
        with writers_held(server):
            request = background.submit(ann.post, "course/", {"name": "Maths", "type": "self-paced"})
            time.sleep(1)
            assert server.process is not None
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert (server.process.poll(), request.done()) == (None, False)
        assert request.result(PATIENCE).status == 201
    assert server.process.wait(PATIENCE) == 0
    assert server.errors == ""


def enqueue(server: Server, place: Path) -> None:
    server.script(f"from tests.cli.jobs import wait_for_word; wait_for_word.enqueue({str(place)!r})")


def test_a_job_that_has_begun_is_finished(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server().start()
    enqueue(server, tmp_path)
    wait_until((tmp_path / "begun").exists)
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert server.process.poll() is None
    (tmp_path / "go").touch()
    assert server.process.wait(PATIENCE) == 0
    assert (tmp_path / "done").exists()


@pytest.mark.parametrize("place", [0, 1])
def test_a_child_that_dies_ends_it_all(place: int, make_server: MakeServer) -> None:
    server = make_server().start()
    processes = children(server)
    processes[place].kill()
    assert server.process is not None
    assert server.process.wait(PATIENCE) == 1
    are_gone(processes)
    assert "Traceback" not in server.errors
    assert "nexpected" in server.errors


def test_children_do_not_outlive_it(make_server: MakeServer) -> None:
    server = make_server().start("--workers", "2")
    processes = children(server)
    assert len(processes) == 3
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    are_gone(processes)
