"""SQLite compiles a statement once, and not again at each call."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from coursewright.media import links
from tests.contract.test_conformance import unreachable
from tests.growth.test_plans import calls

PATTERN = "LIKE %("
"""Where a text is looked for within names, SQLite looks whether an index serves for the one at hand."""


def test_a_statement_is_not_compiled_at_each_call(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("On PostgreSQL tests/growth/test_reads.py looks at the plans that are kept.")
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(links, "resolve", unreachable)
    compiled, twice = [0], set[str]()

    def compiling(*_: object) -> int:
        compiled[0] += 1
        return 0

    def again(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("SELECT") and isinstance(params, Mapping):  # not the framework's own
            with closing(context["connection"].create_cursor()) as cursor:
                cursor.execute(sql, params).fetchall()
                before = compiled[0]
                cursor.execute(sql, params).fetchall()
                if compiled[0] > before:
                    twice.add(" ".join(sql.split()))
        return execute(sql, params, many, context)

    connection.ensure_connection()
    connection.connection.set_authorizer(compiling)
    try:
        with connection.execute_wrapper(again):
            for _, call in calls():
                call()
    finally:
        connection.connection.set_authorizer(None)
    assert compiled[0] > 0
    assert not [sql for sql in twice if PATTERN not in sql]
