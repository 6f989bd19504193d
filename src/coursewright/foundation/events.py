"""Recording what happened, in the transaction in which it happened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.utils.module_loading import import_string

from coursewright.foundation import sql

COLUMNS = "at, actor_id, kind, course_id, object_type, object_id, before, after"
BATCH = 10_000
"""A statement of SQLite has up to 32,766 parameters."""


@cache
def listeners() -> tuple[Callable[..., None], ...]:
    """Those of higher features who hear of every event, in its transaction; named in ``settings.EVENT_LISTENERS``."""
    return tuple(import_string(name) for name in settings.EVENT_LISTENERS)


class Change(NamedTuple):
    """What one object's values were before and are after."""

    object_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record_kinds(
    kinds: Mapping[str, Sequence[Change]], *, at: datetime, by: int | None, course_id: int | None = None
) -> None:
    """Writes one event for each change, in one statement for all but very many, and tells the listeners.

    A kind is ``object_type.what_happened``, for example ``section.changed``.
    """
    found = [(kind, change) for kind, changes in kinds.items() for change in changes]
    for start in range(0, len(found), BATCH):
        _insert(found[start : start + BATCH], at, by, course_id)
    for kind, changes in kinds.items():
        for hear in listeners() if changes else ():
            hear(kind, changes, at=at, by=by, course_id=course_id)


def _insert(found: Sequence[tuple[str, Change]], at: datetime, by: int | None, course_id: int | None) -> None:
    parameters: dict[str, Any] = {"at": at, "actor_id": by, "course_id": course_id}
    rows = []
    for place, (kind, change) in enumerate(found):
        names = f"'{kind}', %(course_id)s, '{kind.partition('.')[0]}'"
        rows.append(f"(%(at)s, %(actor_id)s, {names}, %(id{place})s, %(before{place})s, %(after{place})s)")
        parameters[f"id{place}"] = change.object_id
        parameters[f"before{place}"] = msgspec.json.encode(change.before).decode()
        parameters[f"after{place}"] = msgspec.json.encode(change.after).decode()
    sql.execute(f"INSERT INTO coursewright_event ({COLUMNS}) VALUES {', '.join(rows)}", parameters)


def record(
    kind: str,
    *,
    at: datetime,
    by: int | None,
    object_id: int,
    course_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Writes one event."""
    record_kinds({kind: [Change(object_id, before or {}, after or {})]}, at=at, by=by, course_id=course_id)
