"""Writes of lessons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.courses.models import Lesson, Section
from coursewright.foundation import content, events, html
from coursewright.foundation.errors import Faults, NotFound
from coursewright.media import actions as media

MEDIA_USE = "lesson"
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
    """Adds a lesson at the end of a section and answers its id.

    Section unknown or of another course: NotFound. Invalid: media that are not the person's own, an order of questions.
    """
    found, written = faults or Faults(), columns(values)
    with transaction.atomic():
        section = content.lock(Section, section_id)
        if section is None or section["course_id"] != course_id:
            raise NotFound
        wanted = list(dict.fromkeys(values.get("medias", [])))
        if wanted:
            media.checked_media(MEDIA_USE, 0, wanted, by, found)
        if values.get("questions_order"):
            found.add("questions_order", "does_not_exist", "A new lesson has no questions yet.")
        found.settle()
        own = {"course_id": course_id, "section_id": section_id, "created_by_id": by}
        also: content.Also = {"medias": ([], wanted)}
        id = content.create(Lesson, written | own, at=at, by=by, course_id=course_id, also=also, last_in="section_id")
        if wanted:
            media.use_media(MEDIA_USE, id, [], wanted)
        return id


def update_locked(
    row: content.Values,
    written: content.Values,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults,
    also: content.Also,
    more: Mapping[str, Sequence[events.Change]],
) -> None:
    """Changes a locked lesson: its columns (see ``columns``), its media, and what else is named in ``also``
    and ``more``, as ``content.change`` takes them.

    Invalid: the faults found so far, and media that are neither the person's own nor attached already.
    """
    beside = dict(also)
    if "medias" in values:
        wanted = list(dict.fromkeys(values["medias"]))
        beside["medias"] = (media.checked_media(MEDIA_USE, row["id"], wanted, by, faults).present, wanted)
    faults.settle()
    content.change(Lesson, row, written, at=at, by=by, also=beside, more=more)
    if "medias" in beside:
        media.use_media(MEDIA_USE, row["id"], *beside["medias"])


@transaction.atomic
def delete_lesson(course_id: int, section_id: int, lesson_id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a lesson. Unknown, or of another section or course: NotFound."""
    content.delete(Lesson, locked(course_id, section_id, lesson_id), at=at, by=by)


def locked(course_id: int, section_id: int, lesson_id: int) -> content.Values:
    """The lesson's values, locked until the transaction ends. Unknown, or of another section or course: NotFound."""
    row = content.lock(Lesson, lesson_id)
    if row is None or (row["course_id"], row["section_id"]) != (course_id, section_id):
        raise NotFound
    return row


def columns(values: Mapping[str, Any]) -> content.Values:
    """The columns that the values name, the text cleaned. Cleaning can take a while: call it before the transaction."""
    found = {name: value for name, value in values.items() if name not in BESIDE}
    if "text" in values:
        found["html"] = html.clean(values["text"])
    return found
