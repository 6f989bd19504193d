"""Lessons, for those who may open them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound
from coursewright.learning import rules
from coursewright.learning.errors import LessonLocked, NotJoined

COLUMNS = f"""
{courses.AUTHOR},
l.id, l.course_id, l.section_id, l.name, l.type, l.status, l.comments_enabled, l.html, l.passing_grade, l.created_at,
COALESCE(k.status, 'uncompleted') AS completion_status
"""
TABLES = """
coursewright_lesson l
JOIN coursewright_user u ON u.id = l.created_by_id
LEFT JOIN coursewright_completion k ON k.lesson_id = l.id AND k.user_id = %(viewer)s
"""
LESSON = f"""
SELECT {COLUMNS} FROM {TABLES}
WHERE l.id = %(lesson)s AND l.section_id = %(section)s AND l.course_id = %(course)s AND l.deleted_at IS NULL
"""
LOCKS_AMONG = f"""
l.status AS lesson_status, s.dripped_at, s.drip_delay, CASE WHEN c.enforce_lessons_order THEN (
    SELECT l0.name FROM coursewright_section s0 CROSS JOIN coursewright_lesson l0
    WHERE s0.course_id = c.id AND s0.deleted_at IS NULL AND l0.section_id = s0.id AND l0.course_id = c.id
        AND l0.deleted_at IS NULL AND l0.status = '{course_rules.PUBLISHED}' AND l0.id NOT IN (
            SELECT k0.lesson_id FROM coursewright_completion k0
            WHERE k0.course_id IN ({{courses}}) AND k0.user_id = %(viewer)s AND k0.status = '{rules.COMPLETED}'
        )
        AND (s0.position, s0.id, l0.position, l0.id) < (s.position, s.id, l.position, l.id)
    ORDER BY s0.position, s0.id, l0.position, l0.id LIMIT 1
) END AS first
"""
"""What may close a lesson ``l`` in a section ``s`` of a course ``c``, one of ``courses``: those of ``LockRow``.

Crossed, so that SQLite passes over the lessons in their order and stops at the first that is not completed; those that
are completed are looked up once.
"""
LOCKS = LOCKS_AMONG.format(courses="%(course)s")
IN_COURSE = f"""
coursewright_course c {courses.STANDING}
LEFT JOIN coursewright_lesson l
    ON l.id = %(lesson)s AND l.section_id = %(section)s AND l.course_id = c.id AND l.deleted_at IS NULL
LEFT JOIN coursewright_section s ON s.id = l.section_id
"""
BESIDE = """
LEFT JOIN coursewright_user u ON u.id = l.created_by_id
LEFT JOIN coursewright_completion k ON k.lesson_id = l.id AND k.user_id = %(viewer)s
"""
IS_THERE = "WHERE c.id = %(course)s AND c.deleted_at IS NULL"
OPENED = f"SELECT {courses.ACCESS_COLUMNS}, {LOCKS}, {COLUMNS} FROM {IN_COURSE} {BESIDE} {IS_THERE}"
LESSONS = f"""
SELECT {COLUMNS} FROM {TABLES}
WHERE l.section_id = %(section)s AND l.course_id = %(course)s AND l.deleted_at IS NULL ORDER BY l.position, l.id
"""


class LessonRow(courses.Author):
    """The columns of ``COLUMNS``."""

    id: int
    course_id: int
    section_id: int
    name: str
    type: shapes.LessonType
    status: shapes.LessonStatus
    comments_enabled: bool
    html: str
    passing_grade: int
    created_at: datetime
    completion_status: shapes.CompletionStatus


class LockRow(msgspec.Struct):
    """The columns of ``LOCKS``."""

    status: shapes.LessonStatus
    dripped_at: datetime | None
    drip_delay: int
    first: str | None


def lesson_row(course_id: int, section_id: int, lesson_id: int, viewer_id: int) -> LessonRow:
    """A lesson of this section of this course, draft or not. Else NotFound."""
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "viewer": viewer_id}
    row = sql.one(LessonRow, LESSON, parameters)
    if row is None:
        raise NotFound
    return row


def open_lesson(
    caller: Caller, course_id: int, section_id: int, lesson_id: int, now: datetime
) -> tuple[courses.Access, LessonRow]:
    """A course, and a lesson in it that the caller, who is not anonymous, may open now. Refused: as ``opened`` says."""
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "viewer": caller.id}
    return opened(LessonRow, OPENED, parameters, now)


def opened(
    row: type[sql.Row], statement: str, parameters: Mapping[str, Any], now: datetime
) -> tuple[courses.Access, sql.Row]:
    """A course, and what is found in a lesson of it that the viewer, who is somebody, may open now (rules.md 6).

    ``statement``: the columns of ``ACCESS_COLUMNS``, ``LOCKS`` and ``row``. NotFound: the course is not there for them;
    for those who joined, a draft or a foreign id, and when they may open the lesson, that nothing is found there.
    NotJoined: they can see the course and did not join. LessonLocked: closed by date or order.
    """
    found = sql.triple(courses.Access, LockRow, row, statement, parameters)
    if found is None:
        raise NotFound
    course, lesson, sought = found
    refused = refusal(course, lesson, now)
    if refused is not None:
        raise refused
    if sought is None:
        raise NotFound
    return course, sought


def refusal(
    course: courses.Access, lesson: LockRow | None, now: datetime
) -> NotFound | NotJoined | LessonLocked | None:
    """Why the viewer may not open a lesson now, as ``opened`` says it; None: they may (rules.md 6)."""
    if course.view is None:
        return NotFound()
    if course.status not in course_rules.LEARNERS:
        return NotJoined()
    if lesson is None or not (course.managed or lesson.status == course_rules.PUBLISHED):
        return NotFound()
    lock = locked(course, lesson, now)
    return None if lock is None else LessonLocked(locked_message(lock))


def set_columns(row: LessonRow, values: Mapping[str, Any]) -> LessonRow:
    """The row with the columns of the lesson as they were written."""
    for name in LessonRow.__struct_fields__:
        if name in values:
            setattr(row, name, values[name])
    return row


def locked(course: courses.Access, lesson: LockRow, now: datetime) -> rules.Lock | None:
    """What closes a lesson for the viewer: the rule, applied to the values of ``LOCKS``."""
    opens_at = rules.available_date(course.type, lesson.dripped_at, lesson.drip_delay, course.joined_at)
    section = rules.section_lock(course.type, course.status, opens_at, now)
    return rules.lesson_lock(course.status, section, lesson.first)


def locked_message(lock: rules.Lock) -> str:
    """Why a lesson is locked, in a sentence, with the minute by which it is open or the lesson that comes first."""
    if lock.reason is rules.Reason.ORDER:
        return f'This lesson is locked: complete "{lock.first}" first.'
    if lock.opens_at is None:
        return "This lesson is locked: its section has no opening date yet."
    opens_at = _whole_minute(lock.opens_at)
    return f"This lesson is locked: it opens on {opens_at:%Y-%m-%d} at {opens_at:%H:%M} UTC."


def _whole_minute(time: datetime) -> datetime:
    """Rounded up; within the last minute of the calendar, down."""
    minute = time.replace(second=0, microsecond=0)
    try:
        return minute if minute == time else minute + timedelta(minutes=1)
    except OverflowError:
        return minute


def lessons(course_id: int, section_id: int, viewer_id: int) -> list[LessonRow]:
    """All lessons of a section, for managers. Section unknown or of another course: NotFound."""
    found = sql.rows(LessonRow, LESSONS, {"course": course_id, "section": section_id, "viewer": viewer_id})
    if not found:
        courses.require_section(course_id, section_id)
    return found
