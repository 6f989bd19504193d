"""Django's backend for SQLite, with a queue of writers (docs/decisions/0010-one-queue-of-writers.md).

SQLite lets one connection write at a time and the others try again after ever longer sleeps, so who comes later may go
first. Here each who writes waits for a lock of the file ``write.lock`` beside the database, where the kernel wakes
those who wait about in the order in which they came: threads and processes alike. SQLite's own locks still decide.
"""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

WRITES = ("INSERT", "UPDATE", "DELETE")
MANY = 20
"""Parameters of a statement from which on it is made anew for each call."""


def _aware(text: bytes) -> datetime:
    """A time in the tables, which have them in UTC without saying so; Django's own way takes three times as long."""
    return datetime.fromisoformat(f"{text.decode()}+00:00")


SQLite.Database.register_converter("datetime", _aware)


def _writes(query: str) -> bool:
    return query.lstrip().startswith(WRITES)


@contextmanager
def _turn(queue: FileIO) -> Iterator[None]:
    """Waits until this connection may write, and lets the next one."""
    fcntl.flock(queue, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(queue, fcntl.LOCK_UN)


class Cursor(SQLiteCursorWrapper):
    """A statement that writes outside a transaction waits for its turn too: it would find the database locked else."""

    queue: FileIO | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        if self.queue is None or self.connection.in_transaction or not _writes(query):
            return super().execute(query, params)
        with _turn(self.queue):
            return super().execute(query, params)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            converted: str = super().convert_query(query)
            return converted
        return _named(query, len(param_names)).text


class _Marks(dict[str, str]):
    """How SQLite marks the place of a parameter."""

    def __missing__(self, name: str) -> str:
        return f":{name}"


class _Statement(NamedTuple):
    """A statement as SQLite reads it."""

    text: str
    writes: bool


def _read(query: str) -> _Statement:
    return _Statement(query % _Marks(), _writes(query))


_kept = lru_cache(maxsize=1000)(_read)


def _named(query: str, parameters: int) -> _Statement:
    """Read once for each text; not for long lists, of which no two may be alike."""
    return _kept(query) if parameters <= MANY else _read(query)


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

    def moment(self, time: datetime) -> str:
        """An aware time as the tables have it, in UTC and without saying so."""
        return time.astimezone(UTC).isoformat(" ").removesuffix("+00:00")

    def statement(self, query: str, parameters: Mapping[str, Any]) -> Any:
        """Runs one statement; a cursor with what it found."""
        text, writes = _named(query, len(parameters))
        if not writes or self.queue is None or self.connection.in_transaction:
            return self.connection.execute(text, parameters)
        with _turn(self.queue):
            return self.connection.execute(text, parameters)

    def _start_transaction_under_autocommit(self) -> None:
        if self.queue:
            fcntl.flock(self.queue, fcntl.LOCK_EX)
        try:
            with self.wrap_database_errors:
                self.connection.execute("BEGIN IMMEDIATE")  # by Django's cursor it would cost twice as much
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
