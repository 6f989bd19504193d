"""Two servers that share a Redis count the calls of a person, and of an address, together."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.test_stop import wait_until
from tests.servers import PATIENCE, MakeServer, Server, free_port

LIMITS = "anonymous=3/day,user=2/day"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty Redis."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server here (Debian: apt install redis-server)")
    port, log = free_port(), tmp_path / "redis.log"
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with log.open("w") as output, subprocess.Popen(words, stdout=output, stderr=output) as process:
        wait_until(lambda: process.poll() is not None or "Ready to accept connections" in log.read_text())
        assert process.poll() is None, log.read_text()
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def machines(make_server: MakeServer, redis: str) -> list[Server]:
    """Two running servers on one database."""
    first = make_server(CACHE_URL=redis, RATE_LIMITS=LIMITS, JWT_SECRET="signs tokens on both of the machines")
    second = make_server(**first.settings)
    return [machine.start("--no-jobs") for machine in (first, second)]


def statuses(machines: list[Server], path: str, **headers: str) -> list[int]:
    """What the servers answer when they are called in turn, three times each."""
    return [httpx.get(f"{machine.origin}{path}", headers=headers).status_code for machine in machines * 3]


def test_calls_are_counted_together(machines: list[Server]) -> None:
    machines[0].command("user", "add", "ann")
    token = machines[0].command("token", "ann")
    assert statuses(machines, "/api/v2/category/") == [200, 200, 200, 429, 429, 429]
    mine = {"Authorization": f"Bearer {token}"}
    assert statuses(machines, "/api/v2/user/me/", **mine) == [200, 200, 429, 429, 429, 429]


def test_without_it_nobody_is_limited(make_server: MakeServer) -> None:
    away = f"redis://127.0.0.1:{free_port()}/0"
    machine = make_server(CACHE_URL=away, RATE_LIMITS=LIMITS).start("--no-jobs")
    assert statuses([machine], "/api/v2/category/") + statuses([machine], "/api/v2/category/") == [200] * 6
    assert machine.stop() == 0
    assert ["cache: Error" in line for line in machine.errors.splitlines()] == [True] * 6
