"""What is in the database, to be compared before and after."""

from functools import cache
from typing import Any

from django.db import connection

Snapshot = dict[str, frozenset[tuple[Any, ...]]]


@cache
def tables() -> tuple[str, ...]:
    """The tables of the application, as the database has them."""
    return tuple(sorted(name for name in connection.introspection.table_names() if name.startswith("coursewright_")))


def snapshot() -> Snapshot:
    """Every row of every table of the application, by table; each row has an id of its own."""
    found: Snapshot = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = frozenset(cursor.fetchall())
    return found
