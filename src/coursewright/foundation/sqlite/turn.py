"""Threads that read and write SQLite go one after the other (docs/decisions/0014-turns-on-sqlite.md).

SQLite works in the process itself, and Python's module for it lets go of the interpreter for each row. With several
threads at it each row is a fight for the interpreter, which costs more than the row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local


class Turn:
    """``with TURN:`` waits for the turn of this thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread = local()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._thread.has_it = True

    def __exit__(self, *_: object) -> None:
        self._thread.has_it = False
        self._lock.release()

    @property
    def mine(self) -> bool:
        """Whether this thread has the turn."""
        return getattr(self._thread, "has_it", False)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lets others go first while this thread waits for something else."""
        if not self.mine:
            yield
            return
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()


TURN = Turn()
