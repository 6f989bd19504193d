"""SQL constants in, named rows out.

One text for SQLite and PostgreSQL; what they answer differently is evened out here.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from operator import attrgetter, methodcaller
from typing import Any, TypeVar, get_type_hints

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections

from coursewright.foundation.types import Address, stored

Row = TypeVar("Row", bound=msgspec.Struct)
Second = TypeVar("Second", bound=msgspec.Struct)
Third = TypeVar("Third", bound=msgspec.Struct)
Value = TypeVar("Value")
Decoder = Callable[[Any], Any]

MAX_ID = 2**63 - 1


class _Here(threading.local):
    """Django's connection of this thread: to look for it each time would cost a tenth of a small statement."""

    def __init__(self) -> None:
        self.database: Any = connections[DEFAULT_DB_ALIAS]


_here = _Here()


def database() -> Any:
    """Django's connection of this thread, one of ours (``foundation.sqlite``, ``foundation.postgresql``)."""
    return _here.database


def decode_time(value: Any) -> datetime:
    """An aware UTC datetime from what a driver gives: one, or a text, which on SQLite does not say that it is UTC."""
    if not isinstance(value, str):
        time: datetime = value.astimezone(UTC)
        return time
    return datetime.fromisoformat(value if "+" in value else f"{value}+00:00")


def _width(row: type[msgspec.Struct]) -> int:
    """How many columns a row has; fields with a default are none: they are filled in after the row was read."""
    return len(row.__struct_fields__) - len(row.__struct_defaults__)


@cache
def _decoders(row: type[msgspec.Struct]) -> tuple[tuple[int, Decoder], ...]:
    hints = get_type_hints(row)
    found: list[tuple[int, Decoder]] = []
    for place, name in enumerate(row.__struct_fields__[: _width(row)]):
        if hints[name] in (datetime, datetime | None):
            found.append((place, decode_time))
        elif hints[name] in (bool, bool | None):
            found.append((place, bool))
        elif hints[name] == Address | None:
            found.append((place, stored))
    return tuple(found)


def _decoded(row: type[Row], values: Sequence[Any], decoders: tuple[tuple[int, Decoder], ...]) -> Row:
    cells = list(values)
    for place, decode in decoders:
        if cells[place] is not None:
            cells[place] = decode(cells[place])
    return row(*cells)


def _run(sql: str, parameters: Mapping[str, Any], read: Callable[[Any], Value]) -> Value:
    """Runs one statement and reads what it left in its cursor.

    It is Django's way without the wrapper around each step of a cursor, which costs more than a small statement does.
    """
    here = database()
    if here.connection is None:
        here.ensure_connection()
    here.validate_no_broken_transaction()
    given = {name: here.moment(value) if type(value) is datetime else value for name, value in parameters.items()}
    try:
        if not here.execute_wrappers:
            return read(here.statement(sql, given))
        return read(_observed(here, sql, given))
    except here.Database.Error:
        with here.wrap_database_errors:
            raise


def _observed(here: Any, sql: str, parameters: Mapping[str, Any]) -> Any:
    """The statement's cursor, by way of those who were asked to stand around every statement."""
    found: list[Any] = []

    def execute(sql: str, parameters: Any, *_: Any) -> None:
        found.append(here.statement(sql, parameters))

    for wrapper in reversed(here.execute_wrappers):
        execute = partial(wrapper, execute)
    execute(sql, parameters, False, {"connection": here})
    return found[-1]


def execute(sql: str, parameters: Mapping[str, Any] | None = None) -> int:
    """Runs one statement and answers how many rows it touched."""
    return int(_run(sql, parameters or {}, attrgetter("rowcount")))


def values(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Bare tuples, for statements that answer numbers and texts only."""
    return list(_run(sql, parameters, methodcaller("fetchall")))


def rows(row: type[Row], sql: str, parameters: Mapping[str, Any]) -> list[Row]:
    """All rows of a statement whose columns stand in the order of ``row``'s fields."""
    decoders = _decoders(row)
    return [_decoded(row, cells, decoders) for cells in values(sql, parameters)]


def pairs(
    first: type[Row], second: type[Second], sql: str, parameters: Mapping[str, Any]
) -> list[tuple[Row, Second | None]]:
    """All rows of a statement whose columns are those of two rows side by side.

    The second of them is None when nothing was joined: its first column is null.
    """
    found = [_split(cells, first) for cells in values(sql, parameters)]
    return [(_decoded(first, left, _decoders(first)), _joined(second, right)) for left, right in found]


def triple(
    first: type[Row], second: type[Second], third: type[Third], sql: str, parameters: Mapping[str, Any]
) -> tuple[Row, Second | None, Third | None] | None:
    """The first row of a statement whose columns are those of three rows side by side, or None.

    The second and the third are None when nothing was joined.
    """
    found = values(sql, parameters)
    if not found:
        return None
    left, rest = _split(found[0], first)
    middle, right = _split(rest, second)
    return _decoded(first, left, _decoders(first)), _joined(second, middle), _joined(third, right)


def _split(values: Sequence[Any], row: type[msgspec.Struct]) -> tuple[Sequence[Any], Sequence[Any]]:
    """The columns of a row, and those after it."""
    return values[: _width(row)], values[_width(row) :]


def _joined(row: type[Row], values: Sequence[Any]) -> Row | None:
    return None if values[0] is None else _decoded(row, values, _decoders(row))


def one(row: type[Row], sql: str, parameters: Mapping[str, Any]) -> Row | None:
    """The first row, or None."""
    found = rows(row, sql, parameters)
    return found[0] if found else None


def number(sql: str, parameters: Mapping[str, Any]) -> int:
    """The one number that a statement answers."""
    return int(values(sql, parameters)[0][0])


def named(prefix: str, items: Iterable[Any]) -> tuple[str, dict[str, Any]]:
    """Placeholders and parameters for ``IN (...)``.

    ``named("id", [5, 6])`` is ``("%(id0)s, %(id1)s", {"id0": 5, "id1": 6})``.

    An empty list gives ``NULL``, which is in nothing.
    """
    parameters = {f"{prefix}{place}": item for place, item in enumerate(items)}
    return ", ".join(f"%({name})s" for name in parameters) or "NULL", parameters


def locking(clause: str) -> str:
    """A clause that locks rows (``FOR UPDATE``), and nothing on SQLite, where writers come one after the other."""
    return clause if database().vendor == "postgresql" else ""


def unseen(name: str) -> str:
    """A parameter that is not looked at when its statement is planned, so that one plan is kept for all values.

    Else PostgreSQL plans for each call where people have very different numbers of rows, and SQLite where an index is
    for one value alone, which may be this one.
    """
    return f"(SELECT %({name})s)"
