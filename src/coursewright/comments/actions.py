"""Writes of comments. Each is one transaction that records its event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.comments import queries
from coursewright.comments.models import Comment
from coursewright.courses.models import Lesson
from coursewright.foundation import content, html, sql
from coursewright.foundation.errors import Faults, NotFound
from coursewright.media import actions as media

PARENT = """
SELECT 1 FROM coursewright_comment
WHERE id = %(id)s AND lesson_id = %(lesson)s AND parent_id IS NULL AND deleted_at IS NULL
"""
IN_THREAD = """
SELECT 1 FROM coursewright_comment
WHERE id = %(id)s AND (id = %(parent)s OR parent_id = %(parent)s) AND deleted_at IS NULL
"""
REPLY_IDS = "SELECT id FROM coursewright_comment WHERE parent_id = %(id)s AND deleted_at IS NULL ORDER BY id"


@transaction.atomic
def create_comment(
    lesson_id: int, values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None
) -> int:
    """Writes a comment and answers its id.

    NotFound: the lesson is gone. Invalid: nothing said, a wrong thread, media of others.
    """
    found = faults or Faults()
    lesson = content.lock(Lesson, lesson_id)
    if lesson is None:
        raise NotFound
    text, medias = html.clean(values.get("text", "")), list(values.get("medias", []))
    _check_said(text, medias, found)
    _check_thread(lesson_id, values.get("parent"), values.get("in_reply_to"), found)
    media.check_media([], medias, by, found)
    found.settle()
    columns = {
        "course_id": lesson["course_id"],
        "lesson_id": lesson_id,
        "html": text,
        "parent_id": values.get("parent"),
        "in_reply_to_id": values.get("in_reply_to"),
        "created_by_id": by,
    }
    id = content.create(Comment, columns, at=at, by=by, course_id=lesson["course_id"], also={"medias": ([], medias)})
    if medias:
        media.use_media(queries.KIND, id, medias)
    return id


@transaction.atomic
def update_comment(
    lesson_id: int, comment_id: int, values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None
) -> None:
    """Changes the text and the media that are named; a comment keeps its place. NotFound; Invalid."""
    found = faults or Faults()
    row = _locked(lesson_id, comment_id)
    present = media.used_ids(queries.KIND, comment_id)
    text = html.clean(values["text"]) if "text" in values else row["html"]
    medias = list(values.get("medias", present))
    _check_said(text, medias, found)
    media.check_media(present, medias, by, found)
    found.settle()
    changed = content.change(Comment, row, {"html": text}, at=at, by=by, also={"medias": (present, medias)})
    if changed and medias != present:
        media.use_media(queries.KIND, comment_id, medias)


@transaction.atomic
def delete_comment(lesson_id: int, comment_id: int, *, at: datetime, by: int) -> None:
    """Deletes a comment, with its replies. NotFound."""
    row = _locked(lesson_id, comment_id)
    replies = [id for (id,) in sql.values(REPLY_IDS, {"id": comment_id})]
    content.delete_all(Comment, replies, at=at, by=by, course_id=row["course_id"])
    content.delete(Comment, row, at=at, by=by)


def _locked(lesson_id: int, comment_id: int) -> content.Values:
    row = content.lock(Comment, comment_id)
    if row is None or row["lesson_id"] != lesson_id:
        raise NotFound
    return row


def _check_said(text: str, medias: list[int], faults: Faults) -> None:
    if not medias and not html.has_words(text) and "text" not in faults.fields:
        faults.add("text", "blank", "This field may not be blank.")


def _check_thread(lesson_id: int, parent: int | None, in_reply_to: int | None, faults: Faults) -> None:
    if parent is None:
        if in_reply_to is not None:
            faults.add("in_reply_to", "invalid", "Give the parent too.")
        return
    if not sql.values(PARENT, {"id": parent, "lesson": lesson_id}):
        faults.add("parent", "does_not_exist", "There is no such first-level comment in this lesson.")
    elif in_reply_to is not None and not sql.values(IN_THREAD, {"id": in_reply_to, "parent": parent}):
        faults.add("in_reply_to", "does_not_exist", "There is no such comment in this thread.")
