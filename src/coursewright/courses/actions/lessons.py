"""Writes of lessons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from coursewright.courses.actions import orders
from coursewright.courses.models import Lesson, Section
from coursewright.foundation import content, events, html
from coursewright.foundation.errors import Faults
from coursewright.media import actions as media
from coursewright.media.queries import UsableRow

MEDIA_USE = "lesson"
BESIDE = ("text", "medias", "questions_order")


class Created(NamedTuple):
    """A lesson as it was written: its id, and its media in their order."""

    id: int
    medias: list[UsableRow]


def create_lesson(
    course_id: int,
    section_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> Created:
    """Adds a lesson at the end of a section and answers it.

    Section unknown or of another course: NotFound. Invalid: media that are not the person's own, an order of questions.
    """
    found, written = faults or Faults(), columns(values)
    with transaction.atomic():
        content.lock(Section, section_id, course_id=course_id)
        wanted = list(dict.fromkeys(values.get("medias", [])))
        usable = media.checked_media(MEDIA_USE, 0, wanted, by, found) if wanted else media.Usable([], {})
        orders.checked("questions_order", [], values.get("questions_order", []), found)
        found.settle()
        own = {"course_id": course_id, "section_id": section_id, "created_by_id": by}
        also: content.Also = {"medias": ([], wanted)}
        id = content.create(Lesson, written | own, at=at, by=by, course_id=course_id, also=also, last_in="section_id")
        media.use_media(MEDIA_USE, id, [], wanted)
        return Created(id, usable.used(wanted))


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
) -> list[UsableRow] | None:
    """Changes a locked lesson: its columns (see ``columns``), its media, and what else is named in ``also``
    and ``more``, as ``content.change`` takes them. Answers its media in their order; None: they were not looked at.

    Invalid: the faults found so far, and media that are neither the person's own nor attached already.
    """
    if "medias" not in values:
        faults.settle()
        content.change(Lesson, row, written, at=at, by=by, also=also, more=more)
        return None
    wanted = list(dict.fromkeys(values["medias"]))
    usable = media.checked_media(MEDIA_USE, row["id"], wanted, by, faults)
    faults.settle()
    beside = {**also, "medias": (usable.present, wanted)}
    content.change(Lesson, row, written, at=at, by=by, also=beside, more=more)
    media.use_media(MEDIA_USE, row["id"], usable.present, wanted)
    return usable.used(wanted)


@transaction.atomic
def delete_lesson(course_id: int, section_id: int, lesson_id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a lesson. Unknown, or of another section or course: NotFound."""
    content.delete(Lesson, locked(course_id, section_id, lesson_id), at=at, by=by)


def locked(course_id: int, section_id: int, lesson_id: int) -> content.Values:
    """The lesson's values, locked until the transaction ends. Unknown, or of another section or course: NotFound."""
    return content.lock(Lesson, lesson_id, alone=True, course_id=course_id, section_id=section_id)


def columns(values: Mapping[str, Any]) -> content.Values:
    """The columns that the values name, the text cleaned. Cleaning can take a while: call it before the transaction."""
    found = {name: value for name, value in values.items() if name not in BESIDE}
    if "text" in values:
        found["html"] = html.clean(values["text"])
    return found
