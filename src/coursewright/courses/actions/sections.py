"""Writes of sections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.courses import queries
from coursewright.courses.actions import orders
from coursewright.courses.models import Course, Lesson, Section
from coursewright.courses.shapes import CourseSection
from coursewright.foundation import content, events
from coursewright.foundation.errors import Faults, NotFound


@transaction.atomic
def create_section(
    course_id: int, values: Mapping[str, Any], *, at: datetime, by: int | None, faults: Faults | None = None
) -> CourseSection:
    """Adds a section at the end of a course and answers it. Course deleted meanwhile: NotFound."""
    faults = faults or Faults()
    content.lock(Course, course_id)
    orders.checked("lessons_order", [], values.get("lessons_order", []), faults)
    faults.settle()
    id, row = content.insert(Section, _columns(values) | {"course_id": course_id}, at=at, last_in="course_id")
    content.record_creation(Section, id, row, at=at, by=by, course_id=course_id)
    return _section(id, row, [])


@transaction.atomic
def update_section(
    course_id: int,
    section_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int | None,
    faults: Faults | None = None,
) -> CourseSection:
    """Changes what is named and answers the section.

    Unknown or of another course: NotFound. Invalid: an order with ids that are not there.
    """
    faults = faults or Faults()
    row, columns = content.lock(Section, section_id, course_id=course_id), _columns(values)
    present = queries.lesson_ids(section_id)
    order = orders.checked("lessons_order", present, values.get("lessons_order", []), faults)
    faults.settle()
    content.change(Section, row, columns, at=at, by=by, also={"lessons_order": (present, order)})
    if order != present:
        content.place(Lesson, order)
    return _section(section_id, row | columns, order)


@transaction.atomic
def delete_section(course_id: int, section_id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a section with its lessons. Unknown or of another course: NotFound."""
    parameters = {"section": section_id, "course": course_id}
    gone = content.mark_deleted(Section, "id = %(section)s AND course_id = %(course)s", parameters, at=at)
    if not gone:
        raise NotFound
    lessons = content.mark_deleted(Lesson, "section_id = %(section)s", parameters, at=at)
    kinds = content.deletions(Lesson, lessons, at) | content.deletions(Section, gone, at)
    events.record_kinds(kinds, at=at, by=by, course_id=course_id)


def _section(id: int, row: content.Values, order: list[int]) -> CourseSection:
    return CourseSection(
        id=id,
        name=row["name"],
        dripped_at=row["dripped_at"],
        drip_delay=row["drip_delay"],
        lessons_order=order,
    )


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "lessons_order"}
