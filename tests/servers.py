"""Real servers: ``coursewright serve`` in processes of their own, on data of their own, over real HTTP.

Nothing here touches the database of the tests in this process. A fresh server's database is a copy of one that was
migrated once, as migrating takes seconds.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.client import Remote
from tests.clock import Clock
from tests.factories import NOW

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-m", "coursewright"]
PATIENCE = 60


class Done(NamedTuple):
    """A command that has ended."""

    status: int
    output: str
    errors: str


def environment(**settings: str) -> dict[str, str]:
    """This process's environment with no settings of the server but these; an empty one is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COURSEWRIGHT_", "DJANGO_"))}
    given = {f"COURSEWRIGHT_{name}": value for name, value in settings.items() if value}
    return {**kept, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONWARNINGS": "", **given}


def run(*words: str, place: Path | None = None, **settings: str) -> Done:
    """Runs ``coursewright`` with these words and settings in a directory, to its end."""
    done = subprocess.run(
        [*PROGRAM, *words],
        cwd=place,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One ``coursewright serve`` and its data. It runs once ``start`` is called."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.clock = Clock(directory / "clock")
        self.clock.set(NOW)
        self.settings = {
            "DATA_DIR": str(directory),
            "TESTING": "1",
            "CLOCK_FILE": str(self.clock.path),
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None
        self.callers: list[Remote] = []

    def launch(self, *options: str) -> subprocess.Popen[str]:
        """Starts the process, and does not wait for it."""
        with (self.directory / "output").open("w") as output, (self.directory / "errors").open("w") as errors:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(self.port), *options],
                env=environment(**self.settings),
                stdout=output,
                stderr=errors,
                text=True,
            )
        return self.process

    def start(self, *options: str) -> "Server":
        """Starts the process, and waits until it has said that it is up."""
        process = self.launch(*options)
        limit = time.monotonic() + PATIENCE
        while "Coursewright is at" not in self.output:
            if process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"the server did not start: {self.errors}")
            time.sleep(0.05)
        return self

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stops the process, and answers its exit code."""
        assert self.process is not None
        self.hang_up()
        self.process.send_signal(by)
        return self.process.wait(PATIENCE)

    @property
    def output(self) -> str:
        return (self.directory / "output").read_text()

    @property
    def errors(self) -> str:
        return (self.directory / "errors").read_text()

    def run(self, *words: str) -> Done:
        """Runs ``coursewright`` on the same data."""
        return run(*words, **self.settings)

    def command(self, *words: str) -> str:
        """What a command that must succeed prints, without the end of the line."""
        done = self.run(*words)
        assert done.status == 0, done.errors
        return done.output.rstrip("\n")

    def script(self, text: str) -> str:
        """What a Python script prints that runs with Django on the same data."""
        beginning = "import django; django.setup()\n"
        return subprocess.run(
            [sys.executable, "-c", beginning + text],
            env={**environment(**self.settings), "DJANGO_SETTINGS_MODULE": "coursewright.settings"},
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout

    def remote(self, username: str | None = None) -> Remote:
        """The API of this server as a person calls it, or anonymously."""
        self.callers.append(Remote(self.origin, self.command("token", username) if username else None))
        return self.callers[-1]

    def hang_up(self) -> None:
        """Closes the connections of those who called."""
        for caller in self.callers:
            caller.http.close()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.origin}{path}", timeout=PATIENCE)


class Databases:
    """Databases on the test PostgreSQL, dropped at the end; on SQLite there are none, but files."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.names: list[str] = []

    def create(self, template: str = "") -> str:
        """The URL of a new database, a copy of ``template`` (a URL); empty on SQLite."""
        if not self.url:
            return ""
        name = f"coursewright_{uuid4().hex}"
        source = f" TEMPLATE {urlsplit(template).path.strip('/')}" if template else ""
        self.execute(f"CREATE DATABASE {name}{source}")
        self.names.append(name)
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop(self, url: str) -> None:
        """Drops a database, whoever uses it."""
        name = urlsplit(url).path.strip("/")
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def clear(self) -> None:
        for name in self.names:
            self.drop(f"/{name}")


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    databases = Databases(os.environ.get("TEST_POSTGRESQL_URL", ""))
    yield databases
    databases.clear()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Server:
    """A server that is migrated and never runs: others are copies of it."""
    server = Server(tmp_path_factory.mktemp("prepared"), DATABASE_URL=databases.create())
    assert server.command("migrate") == "The database is ready."
    return server


MakeServer = Callable[..., Server]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, prepared: Server, databases: Databases) -> Iterator[Server]:
    """A running server that all tests of this process share: give what you make in it names of its own."""
    server = copied(prepared, tmp_path_factory.mktemp("server"), databases)
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def make_server(tmp_path: Path, prepared: Server, databases: Databases) -> Iterator[MakeServer]:
    """Makes servers with a database and settings of their own. They do not run yet, and are gone after the test."""
    made: list[Server] = []

    def make(*, empty: bool = False, **settings: str) -> Server:
        directory = tmp_path / f"server{len(made)}"
        if empty:
            directory.mkdir()
            server = Server(directory, **{"DATABASE_URL": databases.create(), **settings})
        else:
            server = copied(prepared, directory, databases, **settings)
        made.append(server)
        return server

    yield make
    for server in made:
        server.hang_up()
        if server.process:
            with suppress(ProcessLookupError):
                server.process.kill()
            server.process.wait(PATIENCE)


def copied(prepared: Server, directory: Path, databases: Databases, **settings: str) -> Server:
    """A server whose database is a copy of the prepared one's."""
    shutil.copytree(prepared.directory, directory, dirs_exist_ok=True)
    url = databases.create(prepared.settings["DATABASE_URL"])
    return Server(directory, **{"DATABASE_URL": url, **settings})
