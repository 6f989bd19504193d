"""``coursewright copy``: every row, as it stands, from SQLite to PostgreSQL and back."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pytest

from coursewright.environment import KEPT
from tests.cli.commands import refused
from tests.many.fleet import needs_postgresql
from tests.servers import Databases, Done, MakeServer, Server, run

ADDRESS = "The other database must be postgres://user:password@host:5432/name, or sqlite."
OTHER_TABLES = (
    "the other database is not migrated like this one; set COURSEWRIGHT_DATABASE_URL to its address "
    "(empty for SQLite), and run with this same version: coursewright migrate"
)
NO_USER = (
    'insert or update on table "coursewright_completion" violates foreign key constraint '
    '"coursewright_complet_user_id_85928ec8_fk_coursewri"'
)
DAMAGE = [
    (
        "user",
        "real_name",
        "'a' || char(0)",
        "coursewright_user 3: PostgreSQL text fields cannot contain NUL (0x00) bytes",
    ),
    (
        "category",
        "name",
        "printf('%0256d', 1)",
        "coursewright_category 3: value too long for type character varying(255)",
    ),
    (
        "section",
        "name",
        "CAST(x'ff' AS TEXT)",
        "coursewright_section: Could not decode to UTF-8 column 'name' with text '\ufffd'",
    ),
    ("event", "at", "'noon'", "coursewright_event: Invalid isoformat string: 'noon+00:00'"),
    ("completion", "user_id", "99", NO_USER),
]
"""Table, column, what SQLite takes there in row 3, and what is said of it."""
FILL = r"""
from datetime import UTC, date, datetime
from uuid import UUID
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import JSONField, Value
from django_tasks_db.models import DBTaskResult

TEXT = "Zoë \\N\t\r\n'\"\\.,😀"
VALUES = {
    "BigIntegerField": -(2**63), "PositiveBigIntegerField": 2**63 - 1, "IntegerField": -100,
    "PositiveIntegerField": 2**31 - 1, "SmallIntegerField": -(2**15), "PositiveSmallIntegerField": 2**15 - 1,
    "BooleanField": True, "CharField": TEXT, "TextField": TEXT, "DateField": date(1, 2, 3),
    "DateTimeField": datetime(1999, 12, 31, 23, 59, 59, 999999, UTC), "UUIDField": UUID(int=2**100 + 1),
    "JSONField": [TEXT],
}

def odd(field):
    if field.related_model:
        return (field.related_model._base_manager.first() or make(field.related_model)).pk
    return field.choices[-1][0] if field.choices else VALUES[field.get_internal_type()]

def make(model):
    fields = [field for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]
    values = {field.attname: odd(field) for field in fields if field.related_model is not model}
    length = {field.attname: field.max_length for field in fields}
    row = model(**{name: it[: length[name]] if isinstance(it, str) else it for name, it in values.items()})
    row.save(force_insert=True)
    itself = {field.attname: row.pk for field in fields if field.related_model is model}
    if itself:
        model._base_manager.filter(pk=row.pk).update(**itself)
    return row

ContentType.objects.filter(model="session").delete()  # and made anew with another id than elsewhere
call_command("migrate", verbosity=0)
for model in apps.get_models(include_auto_created=True):
    if not model._base_manager.exists():
        make(model)
again = DBTaskResult.objects.get()
again.pk, again.return_value = UUID(int=1), Value(None, JSONField())  # null, which is not NULL
again.args_kwargs = {"b": [1.5, None, 2**53 + 1], "a": {"c": True}}
again.save(force_insert=True)
Group.objects.create(name="gone").delete()
"""
KEPT_ROWS = """
import json
from django.apps import apps
from django.db import connection
models = apps.get_models(include_auto_created=True)
assert {model._meta.db_table for model in models} == set(connection.introspection.table_names()) - {"django_migrations"}
rows = {}
for model in models:
    everything = model._base_manager.all()
    plain = (json.dumps(row, default=repr, sort_keys=True) for row in everything.values_list())
    rows[model._meta.db_table] = sorted(plain)
    for field in model._meta.local_concrete_fields:
        if field.null:
            nulls = everything.filter(**{f"{field.name}__isnull": True}).count()
            rows[f"{model._meta.db_table}.{field.column}"] = nulls
print(json.dumps(rows))
"""
NEW_IDS = """
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from coursewright.foundation.models import Event
event = Event.objects.latest("id")
event.pk = None
event.save()
print(event.pk, Group.objects.create(name="new").pk, ContentType.objects.create(model="new").pk)
"""
COPY_MEANWHILE = """
from django.db import connection
from coursewright import copying
write, fresh = copying._write, connection.copy()

def meanwhile(*args):
    global write
    with fresh.cursor() as cursor:
        cursor.execute("INSERT INTO coursewright_preference (section, name, value) VALUES ('a', 'b', '1')")
    copying._write = write
    write(*args)

copying._write = meanwhile
print(copying.copy({url!r}))
"""


def kept(server: Server) -> dict[str, Any]:
    """Every row of every table, and how many NULLs are in each column that may have them."""
    rows: dict[str, Any] = json.loads(server.script(KEPT_ROWS))
    return rows


def sqlite_server(make_server: MakeServer) -> Server:
    """A server on SQLite, with the demo."""
    server = make_server(empty=True, DATABASE_URL="")
    server.command("demo")
    return server


def copied(number: int) -> Done:
    return Done(0, f"{number:,} rows were copied.\n", "rows\nconstraints\n")


def not_copied(reason: str) -> Done:
    return refused(f"Nothing was copied: {reason}.")


def test_there_and_back(make_server: MakeServer, databases: Databases) -> None:
    needs_postgresql(databases)
    first = sqlite_server(make_server)
    first.script(FILL)
    before = kept(first)
    assert [table for table, rows in before.items() if rows == []] == []
    number = sum(len(rows) for rows in before.values() if isinstance(rows, list))

    second = make_server()
    assert first.run("copy", second.settings["DATABASE_URL"]) == copied(number)
    assert kept(second) == before

    third = make_server(empty=True, DATABASE_URL="")
    third.command("migrate")
    back = {**second.settings, "DATA_DIR": third.settings["DATA_DIR"], "COPY_TO": "sqlite"}
    assert run("copy", **back) == copied(number)
    assert kept(third) == before
    assert first.script(NEW_IDS) == second.script(NEW_IDS) == third.script(NEW_IDS)
    assert kept(first) == kept(second) == kept(third)


def test_a_row_that_does_not_fit(make_server: MakeServer, databases: Databases) -> None:
    """Nothing is copied, and it can be tried again."""
    needs_postgresql(databases)
    first, second = sqlite_server(make_server), make_server()
    fresh = kept(second)
    with closing(sqlite3.connect(first.directory / KEPT["DATABASE_URL"], isolation_level=None)) as file:
        for name, column, value, reason in DAMAGE:
            good = file.execute(f"SELECT {column} FROM coursewright_{name} WHERE id = 3").fetchone()
            file.execute(f"UPDATE coursewright_{name} SET {column} = {value} WHERE id = 3")
            done = first.run("copy", second.settings["DATABASE_URL"])
            assert done._replace(errors=done.errors.splitlines()[-1]) == Done(
                1, "", f"Error: Nothing was copied: {reason}."
            )
            assert kept(second) == fresh
            file.execute(f"UPDATE coursewright_{name} SET {column} = ? WHERE id = 3", good)
    assert first.run("copy", second.settings["DATABASE_URL"]).status == 0


def test_what_is_written_meanwhile_is_not_copied(make_server: MakeServer, databases: Databases) -> None:
    needs_postgresql(databases)
    first, second, third = sqlite_server(make_server), make_server(), make_server(empty=True, DATABASE_URL="")
    before = kept(first)
    first.script(COPY_MEANWHILE.format(url=second.settings["DATABASE_URL"]))
    assert kept(second) == before
    assert kept(first) != before
    third.command("migrate")
    back = Server(third.directory, DATABASE_URL=second.settings["DATABASE_URL"])
    back.script(COPY_MEANWHILE.format(url="sqlite"))
    assert kept(third) == before
    assert kept(second) != before


def test_a_database_that_is_not_empty_or_not_alike(make_server: MakeServer, databases: Databases) -> None:
    needs_postgresql(databases)
    first, second = make_server(), make_server()
    url = second.settings["DATABASE_URL"]
    assert first.run("copy", databases.create()) == not_copied(OTHER_TABLES)
    second.command("category", "add", "Science")
    assert first.run("copy", url) == not_copied(
        "the other database has rows in coursewright_event; it must be a new one"
    )
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('coursewright', '9999', now())")
    assert first.run("copy", url) == not_copied(OTHER_TABLES)


def test_the_same_database(server: Server) -> None:
    """Also by another address."""
    url = server.settings["DATABASE_URL"]
    done = server.run("copy", f"{url}&application_name=copy" if url else "sqlite")
    assert done == not_copied("that is the database this installation has")


@pytest.mark.parametrize("url", ["", "mysql://ann:secret@host/school", "postgres://ann:secret@host", "school.sqlite3"])
def test_no_address(url: str, server: Server) -> None:
    assert server.run("copy", url) == Done(2, "", f"Error: {ADDRESS}\n")


def test_nobody_there(server: Server) -> None:
    done = server.run("copy", "postgres://ann:secret@127.0.0.1:1/school")
    reason = 'connection failed: connection to server at "127.0.0.1", port 1 failed: Connection refused'
    assert done == Done(2, "", f"Error: The other database cannot be reached ({reason}).\n")
