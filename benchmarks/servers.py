"""What is measured: databases with data in them, and servers in processes of their own."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg

from benchmarks import cpu
from tests.postgresql import PostgreSQL

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds that a server may take to start or to stop."""
LIMITS = "sign_in=999999999/minute,anonymous=999999999/minute,user=999999999/minute"
"""Calls are counted, and none is refused."""


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with no settings of the server but these, and with the sources beside us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSEWRIGHT_", "DJANGO_"))}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        **{f"COURSEWRIGHT_{name}": value for name, value in settings.items()},
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """A data directory with its database, filled by ``coursewright benchdata``."""

    def __init__(self, directory: Path, postgresql: PostgreSQL | None) -> None:
        self.directory, self.postgresql = directory, postgresql
        settings = {"DATA_DIR": str(directory), "RATE_LIMITS": LIMITS}
        if postgresql:
            settings["DATABASE_URL"] = _database(postgresql.url, directory.name)
        self.database_url = settings.get("DATABASE_URL", "")
        self.environment = environment(**settings)

    def command(self, *words: str) -> str:
        """What ``coursewright`` with these words prints; progress goes where ours goes."""
        done = subprocess.run(
            [sys.executable, "-m", "coursewright", *words],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def fill(self, *, courses: int, members: int, comments: int) -> dict[str, Any]:
        """Makes the tables and the data; what ``benchdata`` says of them."""
        self.command("migrate")
        words = [f"--courses={courses}", f"--members={members}", f"--comments={comments}"]
        found: dict[str, Any] = json.loads(self.command("benchdata", *words).splitlines()[-1])
        return found

    def token(self, username: str) -> str:
        return self.command("token", username)


def _database(url: str, name: str) -> str:
    """The URL of a new database of this PostgreSQL."""
    name = name.replace("-", "_")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlsplit(url)._replace(path=f"/{name}").geturl()


class Server(NamedTuple):
    """A server that answers, and how long its start took until it did."""

    origin: str
    pid: int
    start_seconds: float

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc


@contextmanager
def running(words: Sequence[str], environment: dict[str, str], port: int, path: str) -> Iterator[Server]:
    """Runs a server until the end of the block. It counts as started when it answers at ``path``, whatever it says."""
    with tempfile.TemporaryFile("w+") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            while not _answers(port, path):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                    log.seek(0)
                    raise SystemExit(f"{' '.join(words)} did not start:\n{log.read()}")
                time.sleep(0.005)
            yield Server(f"http://127.0.0.1:{port}", process.pid, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def coursewright(installation: Installation) -> Iterator[Server]:
    """``coursewright serve`` with one web worker and its worker for jobs."""
    port = free_port()
    words = [sys.executable, "-m", "coursewright", "serve", "--workers", "1", "--port", str(port)]
    with running(words, installation.environment, port, "/healthz") as server:
        yield server


@contextmanager
def application(target: str, environment: dict[str, str], posts: int) -> Iterator[Server]:
    """Another WSGI application in the same server. ``posts``: how many of its threads take requests."""
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.host", target, str(port), str(posts)]
    with running(words, environment, port, "/") as server:
        yield server


class Start(NamedTuple):
    """Seconds to the first answer, and MB of memory once the server idles."""

    seconds: float
    memory_mb: float


def started(server: Server) -> Start:
    """How a server started that nobody has called yet."""
    return Start(server.start_seconds, _idle_memory(server))


def starts(installation: Installation, times: int) -> list[Start]:
    """Starts the server so many times."""
    found = []
    for _ in range(times):
        with coursewright(installation) as server:
            found.append(started(server))
    return found


def _idle_memory(server: Server) -> float:
    """The memory when it has come to rest: what was started beside the web worker is up too."""
    before, now = 0.0, cpu.memory(server.pid)
    while abs(now - before) > 0.01 * now:
        time.sleep(1)
        before, now = now, cpu.memory(server.pid)
    return now
