"""Writing content rows, their revisions and their events.

``create``, ``change`` and ``delete`` write a row and record its event, together. The others are parts of such a write:
after ``insert`` call ``record_creation``, and record ``deletions`` of what ``mark_deleted`` and ``place_or_delete``
take. A position is no change of its row, which keeps its revision: the order is the parent's, who is changed with it.

Call these inside a transaction. Values are those of the columns; ``also`` names what changed beside the row (the
categories of a course, an order of sections) as pairs of before and after, for the event.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from coursewright.foundation import events, sql
from coursewright.foundation.errors import NotFound
from coursewright.foundation.models import Content

Values = dict[str, Any]
Also = Mapping[str, tuple[Any, Any]]


@cache
def _decoders(model: type[models.Model]) -> dict[str, sql.Decoder]:
    fields = model._meta.concrete_fields
    times = {field.attname: sql.decode_time for field in fields if isinstance(field, models.DateTimeField)}
    return {**times, **{field.attname: bool for field in fields if isinstance(field, models.BooleanField)}}


@cache
def _select(model: type[models.Model]) -> str:
    columns = ", ".join(field.attname for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {model._meta.db_table} WHERE id = %(id)s"


@cache
def _insert(model: type[models.Model], names: tuple[str, ...], parent: str | None) -> str:
    table = model._meta.db_table
    marks = {name: f"%({name})s" for name in names}
    if parent:
        marks["position"] = f"(SELECT COALESCE(max(position) + 1, 0) FROM {table} WHERE {parent} = %({parent})s)"
    shown = "id, position" if parent else "id"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(marks.values())}) RETURNING {shown}"


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    sets = "".join(f", {name} = %({name})s" for name in names)
    return f"UPDATE {model._meta.db_table} SET revision = revision + 1{sets} WHERE id = %(id)s"


def _kind(model: type[models.Model], what: str) -> str:
    return f"{model._meta.model_name}.{what}"


def lock(model: type[Content], id: int, *, deleted: bool = False, alone: bool = False, **within: int) -> Values:
    """The row's values, locked until the transaction ends. NotFound: it is gone, or deleted and not ``deleted``.

    ``within``: the columns that say where it is; it must be there, or it is NotFound too.

    ``alone``: against those too who hold the row by its key, as everyone does who writes a row that refers to it. They
    do so at the end of their transaction, when others wait for what else they hold: so only where it must be.
    """
    hold = sql.locking(" FOR UPDATE" if alone else " FOR NO KEY UPDATE")
    found = sql.values(_select(model) + hold, {"id": id})
    if not found:
        raise NotFound
    row = dict(zip((field.attname for field in model._meta.concrete_fields), found[0], strict=True))
    for name, decode in _decoders(model).items():
        if row[name] is not None:
            row[name] = decode(row[name])
    if (row["deleted_at"] and not deleted) or any(row[name] != value for name, value in within.items()):
        raise NotFound
    return row


def create(
    model: type[Content],
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int | None,
    course_id: int | None = None,
    also: Also | None = None,
    last_in: str | None = None,
) -> int:
    """Inserts a row with its event and answers its id."""
    id, row = insert(model, values, at=at, last_in=last_in)
    record_creation(model, id, row, at=at, by=by, course_id=course_id, also=also)
    return id


def insert(
    model: type[Content], values: Mapping[str, Any], *, at: datetime, last_in: str | None = None
) -> tuple[int, Values]:
    """Inserts a row, columns that are not given taking the model's defaults; answers its id and values.

    ``last_in``: the column of the parent, locked before, among whose rows it takes the last position. It is without its
    event, for a row whose event must name what is made after it.
    """
    fields = (field for field in model._meta.concrete_fields if not field.primary_key)
    row = {field.attname: values.get(field.attname, field.get_default()) for field in fields} | {"created_at": at}
    ((id, *position),) = sql.values(_insert(model, tuple(row), last_in), row)
    return id, row | dict(zip(("position",), position, strict=False))


def record_creation(
    model: type[Content],
    id: int,
    row: Values,
    *,
    at: datetime,
    by: int | None,
    course_id: int | None = None,
    also: Also | None = None,
) -> None:
    """Records the event of a row that ``insert`` made."""
    events.record(
        _kind(model, "created"),
        at=at,
        by=by,
        object_id=id,
        course_id=id if model._meta.model_name == "course" else course_id,
        after=row | {name: new for name, (_, new) in (also or {}).items()},
    )


def change(
    model: type[Content],
    row: Values,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int | None,
    what: str = "changed",
    also: Also | None = None,
    more: Mapping[str, Sequence[events.Change]] | None = None,
) -> bool:
    """Writes those values that differ from the locked ``row``; answers whether anything did.

    ``more``: events of what goes with it, by their kinds; they are recorded in one statement.
    """
    new = {name: value for name, value in values.items() if row[name] != value}
    beside = {name: pair for name, pair in (also or {}).items() if pair[0] != pair[1]}
    if not new and not beside:
        return False
    sql.execute(_update(model, tuple(new)), {**new, "id": row["id"]})
    changed = events.Change(
        row["id"],
        {name: row[name] for name in new} | {name: old for name, (old, _) in beside.items()},
        new | {name: after for name, (_, after) in beside.items()},
    )
    course_id = row["id"] if model._meta.model_name == "course" else row.get("course_id")
    events.record_kinds({_kind(model, what): [changed], **(more or {})}, at=at, by=by, course_id=course_id)
    return True


def delete(model: type[Content], row: Values, *, at: datetime, by: int | None) -> None:
    """Marks the row deleted; every query and constraint leaves it out from then on."""
    change(model, row, {"deleted_at": at}, at=at, by=by, what="deleted")


def mark_deleted(model: type[Content], where: str, parameters: Mapping[str, Any], *, at: datetime) -> list[int]:
    """Marks rows deleted that are not, in one statement, and answers their ids; ``deletions`` are their events."""
    gone = sql.values(
        f"UPDATE {model._meta.db_table} SET revision = revision + 1, deleted_at = %(at)s "
        f"WHERE ({where}) AND deleted_at IS NULL RETURNING id",
        {**parameters, "at": at},
    )
    return sorted(id for (id,) in gone)


def deletions(model: type[Content], ids: Sequence[int], at: datetime) -> dict[str, list[events.Change]]:
    """The events of rows that are marked deleted, by their kind."""
    return {_kind(model, "deleted"): [events.Change(id, {"deleted_at": None}, {"deleted_at": at}) for id in ids]}


def place(model: type[Content], ids: Sequence[int]) -> None:
    """Numbers the rows' positions in the order of ``ids``: 0, 1, 2 ..., in one statement."""
    cases = " ".join(f"WHEN {int(id)} THEN {position}" for position, id in enumerate(ids))
    if cases:
        marks = ", ".join(str(int(id)) for id in ids)
        sql.execute(f"UPDATE {model._meta.db_table} SET position = CASE id {cases} END WHERE id IN ({marks})")


def place_or_delete(model: type[Content], ids: Sequence[int], gone: Sequence[int], *, at: datetime) -> None:
    """Numbers the rows' positions as ``place`` does, and marks others deleted, without their events: one statement."""
    if not gone:
        place(model, ids)
        return
    marks = ", ".join(str(int(id)) for id in gone)
    # No row has the id 0: it keeps the CASE whole when nothing is left to place.
    cases = " ".join(f"WHEN {int(id)} THEN {position}" for position, id in enumerate([*ids, 0]))
    sql.execute(
        f"UPDATE {model._meta.db_table} SET position = CASE id {cases} ELSE position END, "
        f"deleted_at = CASE WHEN id IN ({marks}) THEN %(at)s ELSE deleted_at END, "
        f"revision = revision + CASE WHEN id IN ({marks}) THEN 1 ELSE 0 END "
        f"WHERE id IN ({', '.join(str(int(id)) for id in (*ids, *gone))})",
        {"at": at},
    )
