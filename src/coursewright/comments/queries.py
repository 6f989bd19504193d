"""Reads of comments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from coursewright.comments import rules, shapes
from coursewright.courses import queries as courses
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound
from coursewright.foundation.tallies import tallied
from coursewright.foundation.types import Address
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.learning.queries import lessons
from coursewright.media import queries as media
from coursewright.media.queries import UsableRow
from coursewright.media.shapes import Media

KIND = "comment"
COLUMNS = f"{courses.AUTHOR}, o.id, o.html, o.parent_id, o.in_reply_to_id, o.created_at"
TABLES = "coursewright_comment o JOIN coursewright_user u ON u.id = o.created_by_id"
LATEST = """
LEFT JOIN coursewright_comment r ON r.id = o.latest_reply_id LEFT JOIN coursewright_user a ON a.id = r.created_by_id
"""
LATEST_COLUMNS = """
a.id, a.username, a.real_name, a.deleted_at IS NOT NULL, a.avatar, r.id, r.html, r.parent_id, r.in_reply_to_id,
r.created_at
"""
COMMENT = f"""
SELECT {courses.ACCESS_COLUMNS}, {lessons.LOCKS}, {COLUMNS}, {LATEST_COLUMNS} FROM {lessons.IN_COURSE}
LEFT JOIN coursewright_comment o ON o.id = %(comment)s AND o.lesson_id = %(lesson)s AND o.deleted_at IS NULL
LEFT JOIN coursewright_user u ON u.id = o.created_by_id {LATEST} {lessons.IS_THERE}
"""
WRITER = f"""
SELECT {courses.ACCESS_COLUMNS}, {lessons.LOCKS}, {courses.AUTHOR}, l.comments_enabled FROM {lessons.IN_COURSE}
JOIN coursewright_user u ON u.id = %(viewer)s {lessons.IS_THERE}
"""
OF_LESSON = "o.lesson_id = %(lesson)s AND o.deleted_at IS NULL AND {level}"
FIRST_LEVEL = "o.parent_id IS NULL"
REPLIES = "o.parent_id = %(parent)s"
ORDERINGS = {
    "created_at": "o.created_at, o.id",
    "added_at": "o.created_at, o.id",
    "-created_at": "o.created_at DESC, o.id DESC",
    "-added_at": "o.created_at DESC, o.id DESC",
}
DEFAULT_ORDERING = "created_at"
NUM_FIRST_LEVEL = tallied("comments", "%(course)s", "%(lesson_key)s")
NUM_REPLIES = """
COALESCE((
    SELECT p.num_replies FROM coursewright_comment p
    WHERE p.id = %(parent)s AND p.lesson_id = %(lesson)s AND p.deleted_at IS NULL
), 0)
"""
# The window is cut first, of ids alone and along an index.
PAGE = f"""
SELECT {COLUMNS}, {LATEST_COLUMNS}, {{number}}
FROM (
    SELECT o.id AS chosen FROM coursewright_comment o
    WHERE {OF_LESSON} ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s
) page JOIN coursewright_comment o ON o.id = page.chosen JOIN coursewright_user u ON u.id = o.created_by_id {LATEST}
ORDER BY {{order}}
"""
ALL_REPLIES = f"""
SELECT {COLUMNS} FROM {TABLES} WHERE o.parent_id IN ({{ids}}) AND o.deleted_at IS NULL ORDER BY o.created_at, o.id
"""
# A course's comments come lesson by lesson: how many each has is kept, so that only lessons in the window are read.
NUM_BY_LESSON = """
SELECT l.id, y.number FROM coursewright_tally y
JOIN coursewright_lesson l ON l.id = CAST(y.key AS bigint) AND l.deleted_at IS NULL
JOIN coursewright_section s ON s.id = l.section_id AND s.deleted_at IS NULL
WHERE y.kind = 'comments' AND y.object_id = %(course)s ORDER BY s.position, s.id, l.position, l.id
"""
PART = """
SELECT * FROM (
    SELECT o.id, {place} AS place FROM coursewright_comment o
    WHERE o.lesson_id = %(lesson{place})s AND o.parent_id IS NULL AND o.deleted_at IS NULL
    ORDER BY o.created_at, o.id LIMIT %(limit{place})s OFFSET %(offset{place})s
) part
"""
COURSE_WIDE = f"""
SELECT {COLUMNS}, c.id AS course_id, c.slug, s.id AS section_id, s.name AS section_name, l.id AS lesson_id,
    l.name AS lesson_name
FROM ({{parts}}) page JOIN coursewright_comment o ON o.id = page.id JOIN coursewright_user u ON u.id = o.created_by_id
JOIN coursewright_lesson l ON l.id = o.lesson_id JOIN coursewright_section s ON s.id = l.section_id
JOIN coursewright_course c ON c.id = o.course_id
ORDER BY page.place, o.created_at, o.id
"""
SHOWN = """
coursewright_mediause n
LEFT JOIN coursewright_comment o ON n.object_type = 'comment' AND o.id = n.object_id AND o.deleted_at IS NULL
JOIN coursewright_lesson l ON l.id = CASE n.object_type WHEN 'lesson' THEN n.object_id ELSE o.lesson_id END
    AND l.deleted_at IS NULL
"""
PLACES = f"""
SELECT {courses.ACCESS_COLUMNS}, {
    lessons.LOCKS_AMONG.format(courses=f"SELECT l.course_id FROM {SHOWN} WHERE n.media_id = %(media)s")
}
FROM {SHOWN}
JOIN coursewright_section s ON s.id = l.section_id AND s.deleted_at IS NULL
JOIN coursewright_course c ON c.id = l.course_id AND c.deleted_at IS NULL
{courses.STANDING}
WHERE n.media_id = %(media)s ORDER BY n.id
"""


class WriterRow(courses.Author):
    """Who is about to comment on a lesson, and whether it has comments."""

    comments_enabled: bool


class CommentRow(courses.Author):
    id: int
    html: str
    parent_id: int | None
    in_reply_to_id: int | None
    created_at: datetime


class ThreadRow(CommentRow):
    """A comment with the latest reply to it, if there is one: the columns of ``LATEST_COLUMNS``."""

    latest_author_id: int | None
    latest_username: str | None
    latest_real_name: str | None
    latest_author_deleted: bool | None
    latest_author_avatar: Address | None
    latest_id: int | None
    latest_html: str | None
    latest_parent_id: int | None
    latest_in_reply_to_id: int | None
    latest_created_at: datetime | None


class PageRow(ThreadRow):
    """One of a page; ``total``: how many there are in all."""

    total: int


class CourseWideRow(CommentRow):
    course_id: int
    slug: str
    section_id: int
    section_name: str
    lesson_id: int
    lesson_name: str


Place = tuple[courses.Access, lessons.LockRow | None]
"""How the viewer stands to a course, and what may close a lesson of it."""


def places(media_id: int, viewer_id: int) -> list[Place]:
    """Where a media is shown, itself or in a comment; what is deleted shows nothing."""
    return sql.pairs(courses.Access, lessons.LockRow, PLACES, {"media": media_id, "viewer": viewer_id})


def is_shown(media_id: int) -> bool:
    """Whether a lesson or a comment shows a media."""
    return bool(places(media_id, 0))


def check_opens_one(places: Sequence[Place], now: datetime) -> None:
    """Nothing, for who may open one of the lessons now (rules.md 6).

    Else what keeps them from the one that they are nearest to: LessonLocked, NotJoined, NotFound.
    """
    refused = [lessons.refusal(course, lesson, now) for course, lesson in places]
    if None not in refused:
        nearest = (each for kind in (LessonLocked, NotJoined) for each in refused if isinstance(each, kind))
        raise next(nearest, NotFound())


def open_writer(caller: Caller, course_id: int, section_id: int, lesson_id: int, now: datetime) -> WriterRow:
    """The caller, who is not anonymous, at a lesson that they may open now. One statement.

    Refused: as ``lessons.opened`` says.
    """
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "viewer": caller.id}
    return lessons.opened(WriterRow, WRITER, parameters, now)[1]


def open_comment(
    caller: Caller, course_id: int, section_id: int, lesson_id: int, comment_id: int, now: datetime
) -> tuple[courses.Access, ThreadRow]:
    """A course, and a comment in a lesson of it that the caller, who is not anonymous, may open now. One statement.

    Refused: as ``lessons.opened`` says.
    """
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "comment": comment_id}
    return lessons.opened(ThreadRow, COMMENT, {**parameters, "viewer": caller.id}, now)


def comment(row: ThreadRow) -> shapes.CourseComment:
    """One comment with its latest reply. One statement."""
    return _with_latest_replies([row])[0]


def new_comment(
    id: int, writer: courses.Author, values: Mapping[str, Any], medias: Sequence[UsableRow]
) -> shapes.CourseComment:
    """A comment that was written just now, from its columns and its media."""
    row = courses.made(CommentRow, writer, {**values, "id": id})
    return _shape(row, media.placed(medias), latest_reply=None)


def of_lesson(
    course_id: int, lesson_id: int, *, parent: int | None, ordering: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseComment]]:
    """The first-level comments of a lesson, each with its latest reply, or the replies of one of them.

    Two statements; a third counts when the window is past the end.
    """
    level, number = (FIRST_LEVEL, NUM_FIRST_LEVEL) if parent is None else (REPLIES, NUM_REPLIES)
    parameters = {"course": course_id, "lesson": lesson_id, "lesson_key": str(lesson_id), "parent": parent}
    parameters |= {"limit": limit, "offset": offset}
    rows = sql.rows(PageRow, PAGE.format(level=level, number=number, order=ORDERINGS[ordering]), parameters)
    if not rows:
        return sql.number(f"SELECT {number}", parameters) if offset else 0, []
    return rows[0].total, _with_latest_replies(rows)


def of_course(course_id: int, *, limit: int, offset: int) -> tuple[int, list[shapes.CourseComment]]:
    """The first-level comments of a whole course in the lessons' order, each with its replies and its place."""
    numbers = [(lesson_id, number) for lesson_id, number in sql.values(NUM_BY_LESSON, {"course": course_id})]
    count = sum(number for _, number in numbers)
    parts = rules.windows(numbers, limit, offset)
    if not parts:
        return count, []
    parameters: dict[str, int] = {}
    for place, part in enumerate(parts):
        parameters |= {f"{name}{place}": value for name, value in part._asdict().items()}
    union = " UNION ALL ".join(PART.format(place=place) for place in range(len(parts)))
    rows = sql.rows(CourseWideRow, COURSE_WIDE.format(parts=union), parameters)
    marks, ids = sql.named("id", [row.id for row in rows])
    replies = sql.rows(CommentRow, ALL_REPLIES.format(ids=marks), ids)
    medias = media.used_by(KIND, [row.id for row in (*rows, *replies)])
    found = {row.id: _placed(row, medias[row.id], row) for row in rows}
    by_id = {row.id: row for row in rows}
    threads: dict[int, list[shapes.CourseComment]] = {id: [] for id in found}
    for reply in replies:
        parent = by_id[reply.parent_id or 0]
        threads[parent.id].append(_placed(reply, medias[reply.id], parent))
    for id, thread in threads.items():
        found[id].replies = thread
    return count, list(found.values())


def _placed(row: CommentRow, medias: list[Media], place: CourseWideRow) -> shapes.CourseComment:
    shape = _shape(row, medias)
    shape.replies = []
    shape.extras = shapes.Extras(
        shapes.ExtraCourse(place.course_id, place.slug),
        shapes.ExtraPlace(place.section_id, place.section_name),
        shapes.ExtraPlace(place.lesson_id, place.lesson_name),
    )
    return shape


def _with_latest_replies(rows: Sequence[ThreadRow]) -> list[shapes.CourseComment]:
    latest = {row.id: _latest(row) for row in rows}
    medias = media.used_by(KIND, [row.id for row in (*rows, *latest.values()) if row])

    def reply(row: CommentRow | None) -> shapes.CourseComment | None:
        return _shape(row, medias[row.id], latest_reply=None) if row else None

    return [_shape(row, medias[row.id], latest_reply=reply(latest[row.id])) for row in rows]


def _latest(row: ThreadRow) -> CommentRow | None:
    if row.latest_id is None:
        return None
    values = msgspec.structs.astuple(row)
    first = len(CommentRow.__struct_fields__)
    return CommentRow(*values[first : 2 * first])


def _shape(
    row: CommentRow,
    medias: list[Media],
    latest_reply: shapes.CourseComment | shapes.Unset | None = shapes.UNSET,
) -> shapes.CourseComment:
    return shapes.CourseComment(
        id=row.id,
        html=row.html,
        parent=row.parent_id,
        in_reply_to=row.in_reply_to_id,
        created_at=row.created_at,
        created_by=courses.author(row),
        medias=medias,
        latest_reply=latest_reply,
    )
