"""Requests take turns on SQLite (decision 0014), and nobody waits for what does not need the database."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from coursewright.foundation.sqlite.turn import TURN
from coursewright.turns import LARGE, Turns
from tests.cli.test_stop import wait_until
from tests.client import Remote
from tests.servers import Databases, MakeServer

COURSE = "/api/v2/course/1/"
CALLS = [
    ({"PATH_INFO": COURSE}, True),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": ""}, True),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "2", "CONTENT_TYPE": "application/json"}, True),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": str(LARGE)}, True),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": str(LARGE + 1)}, False),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "x"}, False),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "-1"}, False),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "9" * 30}, False),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "2", "CONTENT_TYPE": "multipart/form-data; boundary=x"}, False),
    ({"PATH_INFO": COURSE, "CONTENT_LENGTH": "2", "HTTP_EXPECT": "100-continue"}, False),
    ({"PATH_INFO": COURSE, "HTTP_TRANSFER_ENCODING": "chunked"}, False),
    ({"PATH_INFO": "/api/v2/media/upload/chunk/", "CONTENT_LENGTH": "2"}, False),
    ({"PATH_INFO": "/sign-in/", "CONTENT_LENGTH": "2"}, False),
    ({"PATH_INFO": "/"}, False),
]


@pytest.mark.parametrize(("environ", "waits"), CALLS)
def test_who_waits_for_a_turn(environ: dict[str, str], waits: bool) -> None:
    body = b"x" * LARGE
    seen: list[Any] = []

    def application(environ: dict[str, Any], _: Any) -> list[bytes]:
        seen.extend([TURN.mine, environ["wsgi.input"].read()])
        return [b"answer"]

    answer = Turns(application)({**environ, "wsgi.input": BytesIO(body)}, lambda *_: print)
    kept = body[: int(environ["CONTENT_LENGTH"])] if waits and environ.get("CONTENT_LENGTH") else body
    assert (list(answer), seen, TURN.mine) == ([b"answer"], [waits, kept], False)


def test_a_turn_ends_with_an_error() -> None:
    def application(*_: Any) -> list[bytes]:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        Turns(application)({"PATH_INFO": COURSE}, lambda *_: print)
    assert not TURN.mine


def test_a_turn_is_lent_and_comes_back() -> None:
    with ThreadPoolExecutor(1) as other:
        with TURN:
            with TURN.lent():
                assert other.submit(_takes_it).result(20)
                assert not TURN.mine
            assert TURN.mine
        with TURN.lent():
            assert not TURN.mine


def _takes_it() -> bool:
    with TURN:
        return TURN.mine


@pytest.fixture
def ann(make_server: MakeServer, databases: Databases) -> tuple[Remote, Path]:
    """A person of a server on SQLite, and the file of the queue of writers."""
    if databases.url:
        pytest.skip("requests take turns on SQLite; this run is on PostgreSQL")
    server = make_server().start("--no-jobs")
    server.command("user", "add", "ann")
    return server.remote("ann"), server.directory / "write.lock"


def _waiting_for(file: Path) -> bool:
    """Whether someone waits for a lock of the file."""
    lines = Path("/proc/locks").read_text().splitlines()
    return any("-> FLOCK" in line and f":{file.stat().st_ino} " in line for line in lines)


def test_reads_go_on_while_a_writer_waits(ann: tuple[Remote, Path]) -> None:
    api, queue = ann
    course = api.post("course/", {"name": "Course", "type": "self-paced"}).body["id"]
    with queue.open("ab") as file, ThreadPoolExecutor(1) as pool:
        fcntl.flock(file, fcntl.LOCK_EX)  # as another process that writes
        writing = pool.submit(api.post, f"course/{course}/section/", {"name": "Section"})
        wait_until(lambda: _waiting_for(queue))
        assert [api.get("course/").status for _ in range(5)] == [200] * 5
        assert not writing.done()
        fcntl.flock(file, fcntl.LOCK_UN)
        assert writing.result(20).status == 201
