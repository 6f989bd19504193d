"""Django's backend for SQLite, with a queue of writers (docs/decisions/0010-one-queue-of-writers.md).

SQLite lets one connection write at a time and the others try again after ever longer sleeps, so who comes later may go
first. Here each who writes waits for a lock of the file ``write.lock`` beside the database, where the kernel wakes
those who wait about in the order in which they came: threads and processes alike. SQLite's own locks still decide.
"""

import fcntl
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

WRITES = ("INSERT", "UPDATE", "DELETE")
MANY = 20
"""Parameters of a statement from which on it is made anew for each call."""


class Cursor(SQLiteCursorWrapper):
    """A statement that writes outside a transaction waits for its turn too: it would find the database locked else."""

    queue: FileIO | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        if self.queue is None or self.connection.in_transaction or not query.lstrip().startswith(WRITES):
            return super().execute(query, params)
        fcntl.flock(self.queue, fcntl.LOCK_EX)
        try:
            return super().execute(query, params)
        finally:
            fcntl.flock(self.queue, fcntl.LOCK_UN)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Written as SQLite reads it, once for each text; not for long lists, of which no two may be alike."""
        if param_names is None or len(param_names) > MANY:
            converted: str = super().convert_query(query, param_names=param_names)
            return converted
        return _converted(query, tuple(param_names))


@lru_cache(maxsize=1000)
def _converted(query: str, names: tuple[str, ...]) -> str:
    return query % {name: f":{name}" for name in names}


class DatabaseWrapper(SQLite):
    """A transaction that begins waits for its turn, and gives it on when it ends, however it ends."""

    queue: FileIO | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        connection = super().get_new_connection(conn_params)
        if not self.is_in_memory_db():
            self.queue = Path(conn_params["database"]).with_name("write.lock").open("ab", buffering=0)
        return connection

    def create_cursor(self, name: Any = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.queue = self.queue
        return cursor

    def statement_cursor(self) -> Any:
        """A cursor for statements that are read at once."""
        return self.create_cursor()

    def _start_transaction_under_autocommit(self) -> None:
        if self.queue:
            fcntl.flock(self.queue, fcntl.LOCK_EX)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        super().commit()  # where it fails, Django rolls back
        self._leave()

    def rollback(self) -> None:
        super().rollback()  # where it fails, Django closes the connection
        self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            if self.queue:
                self.queue.close()
                self.queue = None

    def _leave(self) -> None:
        if self.queue:
            fcntl.flock(self.queue, fcntl.LOCK_UN)
