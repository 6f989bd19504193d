"""How much work an answer is for the database: counted, not timed, so it is the same on every machine.

SQLite: steps of its virtual machine. PostgreSQL: rows that the nodes of the plans gave on or filtered out, by the plans
that it makes for large tables: small ones it would rather read whole.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from psycopg.sql import Literal

from coursewright.foundation.postgresql.base import with_limits

NAME = re.compile(r"%\((\w+)\)s")


def work(call: Callable[[], Any], *, kept: bool = False) -> int:
    """The work of a call, in units of this database. ``kept``: by plans that PostgreSQL keeps, for whoever calls."""
    return _steps(call) if connection.vendor == "sqlite" else _rows(call, kept)


def _steps(call: Callable[[], Any]) -> int:
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 1)
    try:
        call()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return count


def _rows(call: Callable[[], Any], kept: bool) -> int:
    count = 0

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        if sql.lstrip().startswith("SELECT"):
            cursor = context["connection"].connection.cursor()
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off")
            explained = "EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)"
            if kept and isinstance(params, dict):
                cursor.execute(f"{explained} {_prepared(cursor, sql, params)}")
            else:
                cursor.execute(f"{explained} {sql}", params)
            count += _processed(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        call()
    return count


def _prepared(cursor: Any, sql: str, parameters: Mapping[str, Any]) -> str:
    """How to run the statement by a plan made for any parameters; its limits are part of it, as in the server."""
    sql = with_limits(sql, parameters)
    names = list(dict.fromkeys(NAME.findall(sql)))
    sql = NAME.sub(lambda match: f"${names.index(match[1]) + 1}", sql).replace("%%", "%")
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan; DEALLOCATE ALL")
    cursor.execute(f"PREPARE kept AS {sql}")
    given = ", ".join(Literal(parameters[name]).as_string(cursor) for name in names)
    return f"EXECUTE kept({given})" if names else "EXECUTE kept"


def _processed(plan: dict[str, Any]) -> int:
    removed = sum(plan.get(f"Rows Removed by {how}", 0) for how in ("Filter", "Index Recheck", "Join Filter"))
    own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return int(own + sum(_processed(inner) for inner in plan.get("Plans", [])))
