"""Every row of this installation's database in another one: how it moves from SQLite to PostgreSQL, or back.

Rows are copied as they stand, with their ids, their times and what is counted of them; nobody does anything, so no
event is recorded. It can be imported once Django is set up.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import click
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DataError, Error, IntegrityError, connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from coursewright import environment
from coursewright.installation import Problem

OTHER = "other"
"""What Django knows the other database by."""
BATCH = 1000
FILLED = ("django_content_type", "auth_permission", "coursewright_tally")
"""Tables that have rows once they are made; those that are copied take their place."""
SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
"""Begins a transaction that sees nothing of what is written meanwhile."""
LAST_ID = {
    "sqlite": "SELECT max(seq) FROM sqlite_sequence WHERE name = '{0.name}'",
    "postgresql": """
        SELECT greatest(max({0.id}), pg_sequence_last_value(pg_get_serial_sequence('{0.name}', '{0.id}')::regclass))
        FROM {0.name}
    """,
}
"""The last id that a table gave. Its row may be gone, but events name it, so it is not given again."""
GO_ON = {
    "sqlite": (
        "DELETE FROM sqlite_sequence WHERE name = '{0.name}'",
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('{0.name}', {1})",
    ),
    "postgresql": ("SELECT setval(pg_get_serial_sequence('{0.name}', '{0.id}'), {1})",),
}
LINE = re.compile(r"COPY \w+, \D+ (\d+)")
"""How PostgreSQL says, in any language, which row of a batch is wrong; the first is 1."""

Row = Sequence[Any]


class NotCopied(click.ClickException):
    """The other database is as it was; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Nothing was copied: {reason}.")


class Table:
    """A table, and what is copied of it."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.local_concrete_fields
        self.name = model._meta.db_table
        self.id = model._meta.pk.column
        self.id_place = fields.index(model._meta.pk)
        self.gives_ids = model._meta.auto_field is not None
        self.columns = ", ".join(f'"{field.column}"' for field in fields)
        self.marks = ", ".join(["%s"] * len(fields))


def copy(url: str) -> int:
    """Copies all rows into the database at ``url`` (``postgres://...``, or ``sqlite`` for that of the data directory).

    It is one look at this database, and one transaction there. The number of rows. Problem: there is no such database.
    NotCopied: it is this one, or not made like it, or has rows of its own; or a row does not fit.
    """
    tables = [Table(model) for model in apps.get_models(include_auto_created=True)]
    with _opened(url) as target, closing(connection) as source:
        try:
            _compare(source, target)
            source.cursor().execute(SNAPSHOT[source.vendor])
            with transaction.atomic(using=OTHER):
                _claim(target, tables)
                number = _copy(source, target, tables)
                click.echo("constraints", err=True)  # are checked when it ends
        except Error as error:
            raise NotCopied(_said(error)) from None
    return number


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    """A connection to the other database, which is OTHER."""
    try:
        found = environment.sqlite(settings.DATA_DIR) if url == "sqlite" else environment.postgresql(url)
    except environment.SettingError:
        raise Problem("The other database must be postgres://user:password@host:5432/name, or sqlite.") from None
    connections.settings[OTHER] = connections.configure_settings({DEFAULT_DB_ALIAS: found})[DEFAULT_DB_ALIAS]
    with closing(connections[OTHER]) as target:
        try:
            target.ensure_connection()
        except (Error, ImproperlyConfigured) as error:
            raise Problem(f"The other database cannot be reached ({_said(error)}).") from None
        yield target


def _said(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _row(database: Any, sql: str) -> Row:
    """The first row that a statement answers; empty when there is none."""
    with database.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() or ()


def _compare(source: Any, target: Any) -> None:
    """Refuses a database that is the same, or whose tables are others."""
    if _identity(source) == _identity(target):
        raise NotCopied("that is the database this installation has")
    executor = MigrationExecutor(target)
    theirs, ours = (MigrationRecorder(database).applied_migrations().keys() for database in (target, source))
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or theirs - ours:
        raise NotCopied(
            "the other database is not migrated like this one; set COURSEWRIGHT_DATABASE_URL to its address "
            "(empty for SQLite), and run with this same version: coursewright migrate"
        )


def _identity(database: Any) -> Row:
    """The same for two connections that lead to the same tables, whatever their addresses."""
    if database.vendor == "sqlite":
        return (str(database.settings_dict["NAME"]),)
    return _row(database, "SELECT pg_postmaster_start_time(), current_database(), current_schema()")


def _claim(target: Any, tables: Sequence[Table]) -> None:
    """Keeps others from writing there until the transaction ends, and refuses when somebody did before."""
    with target.cursor() as cursor:
        if target.vendor == "postgresql":  # SQLite has one writer at a time
            cursor.execute(f"LOCK TABLE {_names(tables)} IN EXCLUSIVE MODE")
        for name in FILLED:
            cursor.execute(f"DELETE FROM {name}")
    for table in tables:
        if _row(target, f"SELECT 1 FROM {table.name} LIMIT 1"):
            raise NotCopied(f"the other database has rows in {table.name}; it must be a new one")


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(table.name for table in tables)


def _copy(source: Any, target: Any, tables: Sequence[Table]) -> int:
    number: int = sum(_row(source, f"SELECT count(*) FROM {table.name}")[0] for table in tables)
    with click.progressbar(length=number, label="rows", show_pos=True, file=sys.stderr) as bar, target.cursor() as into:
        for table in tables:
            try:
                for rows in _read(source, table):
                    _write(target, into, table, rows)
                    bar.update(len(rows))
            except (Error, ValueError) as error:
                raise NotCopied(f"{table.name}: {_said(error)}") from None
            last = _row(source, LAST_ID[source.vendor].format(table))[0] if table.gives_ids else None
            if last:
                for statement in GO_ON[target.vendor]:
                    into.execute(statement.format(table, last))
        if target.vendor == "postgresql":  # whose own caretaker looks a minute later what sizes to plan for
            into.execute(f"ANALYZE {_names(tables)}")
    return number


def _read(source: Any, table: Table) -> Iterator[list[Row]]:
    """All rows of a table, in batches. ValueError: SQLite has something that is no time."""
    with source.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {table.columns} FROM {table.name}")
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _write(target: Any, into: Any, table: Table, rows: Sequence[Row]) -> None:
    if target.vendor == "sqlite":
        plain = {datetime: target.moment, date: date.isoformat, UUID: attrgetter("hex")}
        into.executemany(
            f"INSERT INTO {table.name} ({table.columns}) VALUES ({table.marks})",
            [[plain[type(cell)](cell) if type(cell) in plain else cell for cell in row] for row in rows],
        )
        return
    row: Row = ()
    try:
        with target.wrap_database_errors, into.copy(f"COPY {table.name} ({table.columns}) FROM STDIN") as lines:
            for row in rows:
                lines.write_row(row)
    except (DataError, IntegrityError) as error:
        cause: Any = error.__cause__
        told = LINE.search(cause.diag.context or "")
        wrong = rows[int(told[1]) - 1] if told else row  # the driver itself refuses a NUL
        raise NotCopied(f"{table.name} {wrong[table.id_place]}: {_said(error)}") from None
