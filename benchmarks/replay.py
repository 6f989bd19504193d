"""The floor of the database: the same statements in a bare loop on a bare connection of the driver.

``python -m benchmarks.replay SECONDS START``. A Replay comes on standard input, pickled; out comes the CPU of this
process for one request, in milliseconds. START: from where values that must be new are counted.

The loop runs in a second thread: the locks in SQLite and Python cost less as long as a process has but one, which no
server has.
"""

import pickle
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, groupby
from typing import Any

import psycopg

from benchmarks.statements import Replay

WARM_UP = 10
"""Rounds before the measurement; psycopg prepares a statement at its fifth."""
LEAST = 5


Execute = Callable[[str, Any], Any]


def _sqlite(path: str, init_command: str) -> Execute:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.executescript(init_command)

    def execute(sql: str, parameters: Any) -> None:
        connection.execute(sql, parameters or ()).fetchall()

    return execute


def _postgresql(url: str) -> Execute:
    connection = psycopg.connect(url, autocommit=True)

    def execute(sql: str, parameters: Any) -> None:
        cursor = connection.execute(sql.encode(), parameters)
        if cursor.description:
            cursor.fetchall()

    return execute


def script(replay: Replay) -> list[tuple[str, Any]]:
    """All statements in their order, those of a transaction between its beginning and its end."""
    begin = "BEGIN" if "://" in replay.database else "BEGIN IMMEDIATE"
    found: list[tuple[str, Any]] = []
    for request in replay.requests:
        for atomic, group in groupby(request, key=lambda statement: statement.atomic):
            statements = [(statement.sql, statement.parameters) for statement in group]
            found += [(begin, None), *statements, ("COMMIT", None)] if atomic else statements
    return found


def run(replay: Replay, seconds: float, start: int) -> float:
    """CPU of this process for one request, in milliseconds."""
    postgresql = "://" in replay.database
    execute = _postgresql(replay.database) if postgresql else _sqlite(replay.database, replay.init_command)
    steps = script(replay)
    fresh, numbers = replay.fresh, count(start)
    turns, begun, used = 0, 0.0, 0.0
    while turns < WARM_UP + LEAST or time.perf_counter() - begun < seconds:
        if turns == WARM_UP:
            begun, used = time.perf_counter(), time.process_time()
        for sql, parameters in steps:
            if fresh and parameters and fresh in parameters:
                parameters = {**parameters, fresh: next(numbers)}
            execute(sql, parameters)
        turns += 1
    return (time.process_time() - used) * 1000 / (turns - WARM_UP) / len(replay.requests)


if __name__ == "__main__":
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the benchmark that started this process
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(run, given, float(sys.argv[1]), int(sys.argv[2])).result()
    sys.stdout.write(str(found))
