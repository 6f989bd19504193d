"""The plans of statements, as the database makes them, and what it would walk from end to end."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection

STATEMENTS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
SMALL = {"coursewright_category", "coursewright_preference"}
"""Tables that an administrator fills by hand; all others grow with people, courses or use."""
WHOLE = ("seqscan", "hashjoin", "mergejoin", "material")
LARGER = """
UPDATE pg_class SET reltuples = 1000 * (1 + greatest(reltuples, 0)), relpages = greatest(relpages, 1)
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
"""
FIRST_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
WHERE c.relkind = 'i'
"""
WALK = re.compile(r"(?:SCAN|SEARCH(?=.* AUTOMATIC)) (\S+)(?: USING (?:COVERING )?INDEX (\w+))?")
"""SQLite: a table or an index from end to end, also to make an index of it for this statement alone."""
SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")


class Plan(NamedTuple):
    """What the database does for a statement. ``walked``: the indexes that it reads whole, or tables without one."""

    sql: str
    steps: tuple[str, ...]
    walked: frozenset[str]

    def __str__(self) -> str:
        return "\n".join((" ".join(self.sql.split()), *(f"    {step}" for step in self.steps)))


@contextmanager
def planned() -> Iterator[list[Plan]]:
    """The plans of all statements that are executed in it."""
    plans: list[Plan] = []
    explain = _sqlite if connection.vendor == "sqlite" else _postgresql

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(STATEMENTS):
            with closing(context["connection"].create_cursor()) as cursor:
                plans.append(explain(cursor, sql, params[0] if many else params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield plans


def begin_small() -> None:
    """Empties all tables of ours, until the transaction ends.

    They are empty, but PostgreSQL plans by the size of their files too, which is what other tests left.
    """
    if connection.vendor == "postgresql":
        ours = ", ".join(table for table in _tables() if table.startswith("coursewright_"))
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {ours} CASCADE")


def seem_large() -> None:
    """Makes PostgreSQL plan as for a thousand times as much of everything, until the transaction ends.

    It would rather read small tables whole. Joins that do so are left out too: where many rows are expected they may be
    right, but here the question is whether there is a way without.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in WHOLE:
                cursor.execute(f"SET LOCAL enable_{way} = off")
            cursor.execute("ANALYZE")  # else it may know nothing yet, or what other tests left
            cursor.execute(LARGER)


@cache
def _tables() -> tuple[str, ...]:
    return tuple(model._meta.db_table for model in apps.get_models(include_auto_created=True))


def _sqlite(cursor: Any, sql: str, params: Any) -> Plan:
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
    found = [(id, parent, step) for id, parent, _, step in cursor.fetchall()]
    depths, walked = {0: -1}, set()
    for id, parent, step in found:
        depths[id] = depths[parent] + 1
        beside = {other for _, its_parent, other in found if its_parent == parent}
        walk = WALK.match(step)
        if walk and not beside & {f"CO-ROUTINE {walk[1]}", f"MATERIALIZE {walk[1]}"} and "CONSTANT ROW" not in step:
            walked |= {walk[2] or table for table in _named(sql, walk[1]) if table not in SMALL}
    return Plan(sql, tuple("  " * depths[id] + step for id, _, step in found), frozenset(walked))


def _named(sql: str, name: str) -> set[str]:
    """The tables of which a statement speaks by this name, an alias or their own.

    Where a row is inserted, SQLite also plans to look in other tables for rows whose foreign key has waited for it; it
    does so only while some wait, and here none ever does.
    """
    mentions = rf'(?<!INTO )(?<!INTO ")\b({"|".join(_tables())})\b"?(?=(?:\s+(?:AS\s+)?"?(\w+))?)'
    found = {table for table, alias in re.findall(mentions, sql) if name in (table, alias)}
    return found or (set() if sql.lstrip().startswith("INSERT") and name in _tables() else {name})


def _postgresql(cursor: Any, sql: str, params: Any) -> Plan:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    nodes = list(_nodes(cursor.fetchone()[0][0]["Plan"]))
    walked = {
        _way(node, table)
        for _, table, node in nodes
        if node["Node Type"] in SCANS and not _seeks(node) and table not in SMALL
    }
    return Plan(sql, tuple("  " * depth + _step(node) for depth, _, node in nodes), frozenset(walked))


@cache
def _first_columns() -> dict[str, str]:
    """The first column of every index."""
    return dict(connection.connection.execute(FIRST_COLUMNS).fetchall())


def _seeks(node: Mapping[str, Any]) -> bool:
    """Whether an index is entered at a value of its first column; conditions on others alone are asked all along it."""
    first = _first_columns().get(node.get("Index Name", ""))
    return first is not None and bool(re.search(rf"\b{first}\b", node.get("Index Cond", "")))


def _nodes(node: Mapping[str, Any], table: str = "", depth: int = 0) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """All nodes of a plan with their depths and tables; one without is about the table of the node above."""
    table = node.get("Relation Name", table)
    yield depth, table, node
    inner: Sequence[Mapping[str, Any]] = node.get("Plans", ())
    for each in inner:
        yield from _nodes(each, table, depth + 1)


def _way(node: Mapping[str, Any], table: str) -> str:
    """The index, or the table where it is that of the ids: SQLite keeps tables in that order and has no such index."""
    index: str = node.get("Index Name", table)
    return table if index == f"{table}_pkey" else index


def _step(node: Mapping[str, Any]) -> str:
    return " ".join(node[key] for key in ("Node Type", "Relation Name", "Index Name", "Index Cond") if key in node)
