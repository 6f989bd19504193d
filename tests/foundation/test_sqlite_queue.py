"""The queue of those who write to an SQLite database: who holds it when."""

import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.db.utils import ConnectionHandler

from coursewright import environment


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.delenv("COURSEWRIGHT_DATABASE_URL", raising=False)
    connection = ConnectionHandler({"default": environment.database(tmp_path)})["default"]
    run(
        connection,
        "CREATE TABLE word (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES word DEFERRABLE INITIALLY DEFERRED)",
    )
    yield connection
    connection.close()


def run(connection: Any, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def begin(connection: Any) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def is_free(directory: Path) -> bool:
    with (directory / "write.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_transaction_holds_it_until_it_ends(end: str, connection: Any, tmp_path: Path) -> None:
    assert is_free(tmp_path)
    begin(connection)
    run(connection, "INSERT INTO word (id) VALUES (1)")
    assert not is_free(tmp_path)
    getattr(connection, end)()
    assert is_free(tmp_path)


def test_a_commit_that_fails_keeps_it_until_the_rollback(connection: Any, tmp_path: Path) -> None:
    begin(connection)
    run(connection, "INSERT INTO word VALUES (1, 2)")
    with pytest.raises(IntegrityError):
        connection.commit()
    assert not is_free(tmp_path)
    connection.rollback()
    assert is_free(tmp_path)


def test_a_transaction_that_cannot_begin_gives_it_back(connection: Any, tmp_path: Path) -> None:
    other = connection.copy()
    run(connection, "PRAGMA busy_timeout = 0")
    run(other, "BEGIN IMMEDIATE")  # as a program does that does not know the queue
    with pytest.raises(OperationalError):
        begin(connection)
    assert is_free(tmp_path)
    other.close()


def test_a_statement_on_its_own_waits_for_its_turn(connection: Any, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        own = connection.copy()
        run(own, "INSERT INTO word (id) VALUES (2)")
        own.close()
        done.set()

    writer = threading.Thread(target=write)
    with (tmp_path / "write.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        writer.start()
        assert not done.wait(0.3)
        run(connection, "SELECT 1 FROM word")  # who reads does not wait
    writer.join()
    assert done.is_set()
    assert is_free(tmp_path)
