"""Writes of comments. Each is one transaction that records its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from coursewright.comments import queries
from coursewright.comments.models import Comment
from coursewright.foundation import content, events, html, sql, tallies
from coursewright.foundation.errors import Faults
from coursewright.foundation.tallies import Tally
from coursewright.media import actions as media
from coursewright.media.queries import UsableRow

THREAD = """
SELECT 1 FROM coursewright_comment o
WHERE o.id = %(id)s OR o.id = (SELECT r.parent_id FROM coursewright_comment r WHERE r.id = %(id)s) ORDER BY o.id
"""
# One id after the other, each along its index: SQLite would walk the whole index of replies for an OR.
WITH_REPLIES = """
id IN (
    SELECT o.id FROM coursewright_comment o WHERE o.id = %(id)s
    UNION ALL SELECT r.id FROM coursewright_comment r WHERE r.parent_id = %(id)s AND r.deleted_at IS NULL
)
"""
# A thread is held from here on: of two replies at once, the one with the smaller id may be the second.
MORE = """
UPDATE coursewright_comment SET num_replies = num_replies + 1,
    latest_reply_id = CASE WHEN latest_reply_id > %(id)s THEN latest_reply_id ELSE %(id)s END
WHERE id = %(parent)s AND lesson_id = %(lesson)s AND parent_id IS NULL AND deleted_at IS NULL
RETURNING EXISTS (
    SELECT 1 FROM coursewright_comment r
    WHERE r.id = %(in_reply_to)s AND r.parent_id = %(parent)s AND r.deleted_at IS NULL
)
"""
FEWER = """
UPDATE coursewright_comment SET num_replies = num_replies - 1, latest_reply_id = (
    SELECT max(r.id) FROM coursewright_comment r WHERE r.parent_id = %(parent)s AND r.deleted_at IS NULL
) WHERE id = %(parent)s
"""


class Created(NamedTuple):
    """A comment as it was written: its columns and its media in their order."""

    id: int
    values: content.Values
    medias: list[UsableRow]


def create_comment(
    course_id: int,
    lesson_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> Created:
    """Writes a comment on a lesson of the course and answers it.

    Invalid: nothing said, a wrong thread, media of others.
    """
    found = faults or Faults()
    text, wanted = html.clean(values.get("text", "")), list(dict.fromkeys(values.get("medias", [])))
    _check_said(text, wanted, found)
    with transaction.atomic():
        usable = media.checked_media(queries.KIND, 0, wanted, by, found) if wanted else media.Usable([], {})
        columns = {
            "course_id": course_id,
            "lesson_id": lesson_id,
            "html": text,
            "parent_id": values.get("parent"),
            "in_reply_to_id": values.get("in_reply_to"),
            "created_by_id": by,
        }
        # A thread is checked by counting the reply in it, which then must be there; what is wrong undoes all of it.
        id, row = (0, {}) if found.fields else content.insert(Comment, columns, at=at)
        _count_in_thread(lesson_id, id, values.get("parent"), values.get("in_reply_to"), found)
        found.settle()
        content.record_creation(Comment, id, row, at=at, by=by, course_id=course_id, also={"medias": ([], wanted)})
        media.use_media(queries.KIND, id, [], wanted)
        if columns["parent_id"] is None:
            tallies.add({_of_lesson(course_id, lesson_id): 1})
        return Created(id, row, usable.used(wanted))


def update_comment(
    lesson_id: int, comment_id: int, values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None
) -> str:
    """Changes the text and the media that are named, and answers the text; a comment keeps its place.

    NotFound; Invalid: nothing is left, media of others.
    """
    found = faults or Faults()
    cleaned = html.clean(values["text"]) if "text" in values else None
    with transaction.atomic():
        row = content.lock(Comment, comment_id, lesson_id=lesson_id)
        text: str = row["html"] if cleaned is None else cleaned
        # Where the media keep as they are they need not be looked up, unless they are all that is said.
        unknown = "medias" not in values and html.has_words(text)
        wanted = list(dict.fromkeys(values.get("medias", [])))
        present = [] if unknown else media.checked_media(queries.KIND, comment_id, wanted, by, found).present
        if "medias" not in values:
            wanted = present
        _check_said(text, wanted, found)
        found.settle()
        content.change(Comment, row, {"html": text}, at=at, by=by, also={"medias": (present, wanted)})
        media.use_media(queries.KIND, comment_id, present, wanted)
    return text


@transaction.atomic
def delete_comment(lesson_id: int, comment_id: int, *, at: datetime, by: int) -> None:
    """Deletes a comment, with its replies. NotFound.

    A thread is locked from its first comment on, which knows its replies.
    """
    sql.values(THREAD + sql.locking(" FOR UPDATE"), {"id": comment_id})
    row = content.lock(Comment, comment_id, lesson_id=lesson_id)
    gone = content.mark_deleted(Comment, WITH_REPLIES, {"id": comment_id}, at=at)
    events.record_kinds(content.deletions(Comment, gone, at), at=at, by=by, course_id=row["course_id"])
    if row["parent_id"]:
        sql.execute(FEWER, {"parent": row["parent_id"]})
    else:
        tallies.add({_of_lesson(row["course_id"], lesson_id): -1})


def _of_lesson(course_id: int, lesson_id: int) -> Tally:
    """How many first-level comments a lesson has."""
    return Tally("comments", course_id, str(lesson_id))


def _check_said(text: str, medias: list[int], faults: Faults) -> None:
    if not medias and not html.has_words(text) and "text" not in faults.fields:
        faults.add("text", "blank", "This field may not be blank.")


def _count_in_thread(lesson_id: int, id: int, parent: int | None, in_reply_to: int | None, faults: Faults) -> None:
    """Counts a reply in its thread, which is locked by that: no reply comes under a comment while that is deleted.

    Faults: a thread that is not there.
    """
    if parent is None:
        if in_reply_to is not None:
            faults.add("in_reply_to", "invalid", "Give the parent too.")
        return
    counted = sql.values(MORE, {"lesson": lesson_id, "id": id, "parent": parent, "in_reply_to": in_reply_to})
    if not counted:
        faults.add("parent", "does_not_exist", "There is no such first-level comment in this lesson.")
    elif in_reply_to not in (None, parent) and not counted[0][0]:
        faults.add("in_reply_to", "does_not_exist", "There is no such comment in this thread.")
