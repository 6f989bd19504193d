"""Takes down the statements of requests: ``python -m benchmarks.record``, in the environment of an installation.

Requests come on standard input, pickled; for each, the statements that the server ran come out, pickled. They are
recorded as Django hands them to the driver's cursor, before it rewrites their marks for SQLite.
"""

import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.statements import Statement
from benchmarks.wire import Request


class Recorder:
    """What ``connection.execute_wrapper`` takes."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        from coursewright.api.counting import TRANSACTIONS

        if not sql.startswith(TRANSACTIONS):
            connection = context["connection"]
            statement = _for_sqlite(sql, params) if connection.vendor == "sqlite" else sql
            self.statements.append(Statement(statement, params, connection.in_atomic_block))
        return execute(sql, params, many, context)


def _for_sqlite(sql: str, parameters: Any) -> str:
    """The statement with SQLite's marks, as Django's cursor writes it."""
    if parameters is None:
        return sql
    if isinstance(parameters, Mapping):
        return sql % {name: f":{name}" for name in parameters}
    return sql % tuple("?" for _ in parameters)


def record(requests: Sequence[Request]) -> list[list[Statement]]:
    """The statements of each request, at its second turn: what only the first one does is left out."""
    from django.db import connection
    from django.test import Client

    client, found = Client(), []
    for request in [*requests, *requests]:
        recorder = Recorder()
        with connection.execute_wrapper(recorder):
            response = client.generic(
                request.method,
                request.path,
                request.content(),
                "application/json",
                headers={"Host": "127.0.0.1", **request.headers()},
            )
        if not 200 <= response.status_code < 300:
            raise SystemExit(f"{request.method} {request.path} was answered {response.status_code}")
        found.append(recorder.statements)
    return found[len(requests) :]


if __name__ == "__main__":
    from coursewright.installation import configure

    configure()
    wanted = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the benchmark that started this process
    sys.stdout.buffer.write(pickle.dumps(record(wanted)))
