"""Writes of lessons."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.courses.models import Lesson, Section
from coursewright.foundation import content, html, sql
from coursewright.foundation.errors import Faults, NotFound

LAST = "SELECT COALESCE(max(position) + 1, 0) FROM coursewright_lesson WHERE section_id = %(section)s"
BESIDE = ("text", "medias", "questions_order")


def create_lesson(
    course_id: int,
    section_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> int:
    """Adds a lesson at the end of a section and answers its id. Section unknown or of another course: NotFound."""
    faults = faults or Faults()
    columns = _columns(values)
    with transaction.atomic():
        section = content.lock(Section, section_id)
        if section is None or section["course_id"] != course_id:
            raise NotFound
        _check(values, faults)
        position = sql.number(LAST, {"section": section_id})
        own = {"course_id": course_id, "section_id": section_id, "position": position, "created_by_id": by}
        return content.create(Lesson, columns | own, at=at, by=by, course_id=course_id)


def update_lesson(
    course_id: int,
    section_id: int,
    lesson_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int | None,
    faults: Faults | None = None,
) -> None:
    """Changes what is named. Unknown, or of another section or course: NotFound."""
    columns = _columns(values)
    with transaction.atomic():
        row = _locked(course_id, section_id, lesson_id)
        _check(values, faults or Faults())
        content.change(Lesson, row, columns, at=at, by=by)


@transaction.atomic
def delete_lesson(course_id: int, section_id: int, lesson_id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a lesson. Unknown, or of another section or course: NotFound."""
    content.delete(Lesson, _locked(course_id, section_id, lesson_id), at=at, by=by)


def _locked(course_id: int, section_id: int, lesson_id: int) -> content.Values:
    row = content.lock(Lesson, lesson_id)
    if row is None or (row["course_id"], row["section_id"]) != (course_id, section_id):
        raise NotFound
    return row


def _check(values: Mapping[str, Any], faults: Faults) -> None:
    for field in ("medias", "questions_order"):
        if values.get(field):
            unknown = ", ".join(str(id) for id in values[field])
            faults.add(field, "does_not_exist", f"There is no such id: {unknown}.")
    faults.settle()


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from the fields given. HTML is cleaned before the transaction, which it would hold up."""
    columns = {name: value for name, value in values.items() if name not in BESIDE}
    if "text" in values:
        columns["html"] = html.clean(values["text"])
    return columns
