"""The two floors beside each operation: the server's (the same bytes from memory) and the database's."""

import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from itertools import islice
from pathlib import Path

from benchmarks.operations import Operation
from benchmarks.servers import ROOT, Installation, Server, application, environment
from benchmarks.statements import Replay, Statement
from benchmarks.wire import Answer, Request
from coursewright.environment import database

FRESH = 10_000_000
"""Values that must be new are counted from multiples of this."""
OF_THE_SERVER = ("date", "server", "connection", "transfer-encoding")
"""Headers that the server writes, not the application."""


@contextmanager
def floor(answers: Mapping[str, Answer], directory: Path) -> Iterator[Server]:
    """A server that gives each operation's answer, captured from the real one, at ``/NAME``."""
    kept = {
        f"/{name}": (
            f"{answer.status} {HTTPStatus(answer.status).phrase}",
            [(key, value) for key, value in answer.headers if key.lower() not in OF_THE_SERVER],
            answer.content,
        )
        for name, answer in answers.items()
    }
    file = directory / "answers"
    file.write_bytes(pickle.dumps({"/": ("204 No Content", [], b""), **kept}))
    target, settings = "benchmarks.floor_app:application", environment() | {"BENCHMARK_ANSWERS": str(file)}
    with application(target, settings, posts=1) as server:  # with one it costs least
        yield server


def floor_requests(operation: Operation) -> list[Request]:
    """The same requests, at the floor."""
    return [request._replace(path=f"/{operation.name}") for request in operation.requests]


def recorded(installation: Installation, operations: Sequence[Operation]) -> list[list[list[Statement]]]:
    """For each operation, the statements of each request of its sample."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.record"],
        input=pickle.dumps([request for operation in operations for request in operation.sample]),
        env=installation.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: Iterator[list[Statement]] = iter(pickle.loads(done.stdout))  # noqa: S301 - from a process of ours
    return [list(islice(found, len(operation.sample))) for operation in operations]


def database_floor(
    installation: Installation,
    operation: Operation,
    statements: Sequence[Sequence[Statement]],
    seconds: float,
    turn: int,
) -> float:
    """CPU of the bare loop for one request, in milliseconds. ``turn``: which measurement of this operation it is."""
    options = database(installation.directory)["OPTIONS"] if not installation.database_url else {}
    file = str(installation.directory / "coursewright.sqlite3")
    replay = Replay(statements, installation.database_url or file, options.get("init_command", ""), operation.fresh)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.replay", str(seconds), str(FRESH * (turn + 1))],
        input=pickle.dumps(replay),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout)
