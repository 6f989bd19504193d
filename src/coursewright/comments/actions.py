"""Writes of comments. Each is one transaction that records its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from coursewright.comments import queries
from coursewright.comments.models import Comment
from coursewright.foundation import content, events, html, sql, tallies
from coursewright.foundation.errors import Faults, NotFound
from coursewright.foundation.tallies import Tally
from coursewright.media import actions as media

REPLY = "SELECT 1 FROM coursewright_comment WHERE id = %(id)s AND parent_id = %(parent)s AND deleted_at IS NULL"
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
MORE = "UPDATE coursewright_comment SET num_replies = num_replies + 1, latest_reply_id = %(id)s WHERE id = %(parent)s"
FEWER = """
UPDATE coursewright_comment SET num_replies = num_replies - 1, latest_reply_id = (
    SELECT max(r.id) FROM coursewright_comment r WHERE r.parent_id = %(parent)s AND r.deleted_at IS NULL
) WHERE id = %(parent)s
"""


def create_comment(
    course_id: int,
    lesson_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> int:
    """Writes a comment on a lesson of the course and answers its id.

    Invalid: nothing said, a wrong thread, media of others.
    """
    found = faults or Faults()
    text, wanted = html.clean(values.get("text", "")), list(dict.fromkeys(values.get("medias", [])))
    _check_said(text, wanted, found)
    with transaction.atomic():
        _check_thread(lesson_id, values.get("parent"), values.get("in_reply_to"), found)
        if wanted:
            media.checked_media(queries.KIND, 0, wanted, by, found)
        found.settle()
        columns = {
            "course_id": course_id,
            "lesson_id": lesson_id,
            "html": text,
            "parent_id": values.get("parent"),
            "in_reply_to_id": values.get("in_reply_to"),
            "created_by_id": by,
        }
        id = content.create(Comment, columns, at=at, by=by, course_id=course_id, also={"medias": ([], wanted)})
        if wanted:
            media.use_media(queries.KIND, id, [], wanted)
        if columns["parent_id"]:
            sql.execute(MORE, {"id": id, "parent": columns["parent_id"]})
        else:
            tallies.add({_of_lesson(course_id, lesson_id): 1})
    return id


def update_comment(
    lesson_id: int, comment_id: int, values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None
) -> str:
    """Changes the text and the media that are named, and answers the text; a comment keeps its place.

    NotFound; Invalid: nothing is left, media of others.
    """
    found = faults or Faults()
    cleaned = html.clean(values["text"]) if "text" in values else None
    with transaction.atomic():
        row = _locked(lesson_id, comment_id)
        text: str = row["html"] if cleaned is None else cleaned
        # Where the media keep as they are they need not be looked up, unless they are all that is said.
        unknown = "medias" not in values and html.has_words(text)
        wanted = list(dict.fromkeys(values.get("medias", [])))
        present = [] if unknown else media.checked_media(queries.KIND, comment_id, wanted, by, found)
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
    sql.values(THREAD + (" FOR UPDATE" if connection.vendor == "postgresql" else ""), {"id": comment_id})
    row = _locked(lesson_id, comment_id)
    gone = content.mark_deleted(Comment, WITH_REPLIES, {"id": comment_id}, at=at)
    events.record_kinds(content.deletions(Comment, gone, at), at=at, by=by, course_id=row["course_id"])
    if row["parent_id"]:
        sql.execute(FEWER, {"parent": row["parent_id"]})
    else:
        tallies.add({_of_lesson(row["course_id"], lesson_id): -1})


def _of_lesson(course_id: int, lesson_id: int) -> Tally:
    """How many first-level comments a lesson has."""
    return Tally("comments", course_id, str(lesson_id))


def _locked(lesson_id: int, comment_id: int) -> content.Values:
    row = content.lock(Comment, comment_id)
    if row is None or row["lesson_id"] != lesson_id:
        raise NotFound
    return row


def _check_said(text: str, medias: list[int], faults: Faults) -> None:
    if not medias and not html.has_words(text) and "text" not in faults.fields:
        faults.add("text", "blank", "This field may not be blank.")


def _check_thread(lesson_id: int, parent: int | None, in_reply_to: int | None, faults: Faults) -> None:
    """The parent is locked: no reply comes under a comment while that is deleted."""
    if parent is None:
        if in_reply_to is not None:
            faults.add("in_reply_to", "invalid", "Give the parent too.")
        return
    row = content.lock(Comment, parent)
    if row is None or row["lesson_id"] != lesson_id or row["parent_id"] is not None:
        faults.add("parent", "does_not_exist", "There is no such first-level comment in this lesson.")
    elif in_reply_to not in (None, parent) and not sql.values(REPLY, {"id": in_reply_to, "parent": parent}):
        faults.add("in_reply_to", "does_not_exist", "There is no such comment in this thread.")
