"""Django's backend for PostgreSQL, whose statements are kept ready where nothing pools connections in between.

A prepared statement is about half the work for the server, which reads and plans it once. But it belongs to one process
of the server, and a PgBouncer in transaction mode may take another one for each transaction.

PostgreSQL keeps the plan of a prepared statement only if it seems no worse than those made for each call. Where it does
not know a limit it plans for a tenth of all rows, which always seems worse once there are many; so limits are written
out.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL

USES = 5
"""After how many times a statement is prepared."""
LIMIT = re.compile(r"\b(?:LIMIT|OFFSET) %\((\w+)\)s")


@lru_cache(maxsize=1000)
def _limits(query: str) -> frozenset[str]:
    """The names of the parameters that are limits."""
    return frozenset(LIMIT.findall(query))


def with_limits(query: str, parameters: Mapping[str, Any]) -> str:
    """The query with its limits written out."""
    for name in _limits(query):
        query = query.replace(f"%({name})s", str(int(parameters[name])))
    return query


class DatabaseWrapper(PostgreSQL):
    """Prepares statements where the process that was named when connecting is the one that answers.

    A pooler names one of its own.
    """

    _kept: Any = None

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.autocommit = True
        answering = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        if connection.info.backend_pid == answering:
            connection.prepare_threshold = USES
        return connection

    def moment(self, time: datetime) -> datetime:
        """An aware time as the driver takes it."""
        return time

    def statement(self, query: str, parameters: Mapping[str, Any]) -> Any:
        """Runs one statement; a cursor with what it found, until the next one.

        The cursor is kept with its connection: each new one learns anew how values are written and read, which is a
        quarter of a small statement's cost.
        """
        if self._kept is None or self._kept.connection is not self.connection:
            self._kept = self.create_cursor()
        self._kept.execute(with_limits(query, parameters), parameters)
        return self._kept
