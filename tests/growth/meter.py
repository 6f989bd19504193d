"""How much work an answer is for the database: counted, not timed, so it is the same on every machine.

SQLite: steps of its virtual machine. PostgreSQL: rows that the nodes of the plans gave on or filtered out, by the plans
that it makes for large tables: small ones it would rather read whole.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection


def work(call: Callable[[], Any]) -> int:
    """The work of a call, in units of this database."""
    return _steps(call) if connection.vendor == "sqlite" else _rows(call)


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


def _rows(call: Callable[[], Any]) -> int:
    count = 0

    def explain(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        if sql.lstrip().startswith("SELECT"):
            cursor = context["connection"].connection.cursor()
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) {sql}", params)
            count += _processed(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        call()
    return count


def _processed(plan: dict[str, Any]) -> int:
    removed = sum(plan.get(f"Rows Removed by {how}", 0) for how in ("Filter", "Index Recheck", "Join Filter"))
    own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return int(own + sum(_processed(inner) for inner in plan.get("Plans", [])))
