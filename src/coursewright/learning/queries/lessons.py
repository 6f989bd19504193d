"""Lessons, for those who may open them."""

from datetime import datetime, timedelta

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.courses.queries import Access
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound
from coursewright.learning import rules
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.learning.queries import pages

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


def lesson_row(course_id: int, section_id: int, lesson_id: int, viewer_id: int) -> LessonRow:
    """A lesson of this section of this course, draft or not. Else NotFound."""
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "viewer": viewer_id}
    row = sql.one(LessonRow, LESSON, parameters)
    if row is None:
        raise NotFound
    return row


def open_lesson(caller: Caller, course_id: int, section_id: int, lesson_id: int, now: datetime) -> LessonRow:
    """A lesson that the caller may open now (rules.md 6).

    NotFound: the course is not there for them; for those who joined, a draft or a foreign id. NotJoined: they can see
    the course and did not join. LessonLocked: closed by date or order.
    """
    return opened_lesson(courses.access(caller, course_id), caller, section_id, lesson_id, now)


def opened_lesson(access: Access, caller: Caller, section_id: int, lesson_id: int, now: datetime) -> LessonRow:
    """The same, for a course that was found already."""
    if access.status not in course_rules.LEARNERS:
        raise NotJoined
    row = lesson_row(access.id, section_id, lesson_id, caller.id)
    if access.managed:
        return row
    if row.status != course_rules.PUBLISHED:
        raise NotFound
    sections = pages.outline_rows(access.id, caller.id)
    for section in pages.opened(access, sections, now):
        lock = section.lessons.get(lesson_id)
        if lock is not None:
            raise LessonLocked(locked_message(lock))
    return row


def locked_message(lock: rules.Lock) -> str:
    """Why a lesson is locked, in a sentence, with the minute by which it is open or the lesson that comes first."""
    match lock.reason:
        case rules.Reason.DATE if lock.opens_at is not None:
            opens_at = _whole_minute(lock.opens_at)
            return f"This lesson is locked: it opens on {opens_at:%Y-%m-%d} at {opens_at:%H:%M} UTC."
        case rules.Reason.ORDER if lock.first is not None:
            return f'This lesson is locked: complete "{lock.first.name}" first.'
        case rules.Reason.NO_DATE:
            return "This lesson is locked: its section has no opening date yet."
    return NotJoined.message


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
