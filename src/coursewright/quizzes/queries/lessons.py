"""Lessons as they are answered: with their media, and quizzes with their questions and the reader's last attempt."""

from collections.abc import Sequence
from typing import NamedTuple

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotAuthenticated, NotFound
from coursewright.learning.queries import lessons
from coursewright.learning.queries.lessons import LessonRow
from coursewright.media import queries as media
from coursewright.media.queries import UsableRow
from coursewright.media.shapes import Media
from coursewright.quizzes import rules, shapes
from coursewright.quizzes.queries import attempts, questions
from coursewright.quizzes.queries.attempts import AttemptRow

MANAGED = f"""
SELECT {courses.ACCESS_COLUMNS}, {lessons.COLUMNS},
    v.id, v.username, v.real_name, v.deleted_at IS NOT NULL, v.avatar, {attempts.COLUMNS}
FROM {lessons.IN_COURSE} {lessons.BESIDE}
LEFT JOIN coursewright_attempt t ON t.id = (
    SELECT max(n.id) FROM coursewright_attempt n WHERE n.user_id = %(viewer)s AND n.lesson_id = l.id
)
LEFT JOIN coursewright_user v ON v.id = t.user_id {lessons.IS_THERE}
"""


class Managed(NamedTuple):
    """A lesson that the viewer manages, and their latest attempt at it."""

    lesson: LessonRow
    last_attempt: AttemptRow | None


def managed_lesson(caller: Caller, course_id: int, section_id: int, lesson_id: int) -> Managed:
    """A lesson for the creator and the managers, who alone hear that it is not there. One statement.

    Others hear what ``courses.queries.managed`` says.
    """
    if not caller.is_authenticated:
        raise NotAuthenticated
    parameters = {"course": course_id, "section": section_id, "lesson": lesson_id, "viewer": caller.id}
    found = sql.triple(courses.Access, LessonRow, AttemptRow, MANAGED, parameters)
    course, row, attempted = found or (None, None, None)
    courses.check_managed(course)
    if row is None:
        raise NotFound
    return Managed(row, attempted)


def written_lesson(
    row: LessonRow,
    medias: Sequence[UsableRow] | None,
    asked: Sequence[rules.Question] | None,
    last_attempt: AttemptRow | None,
) -> shapes.CourseLesson:
    """A lesson as its manager gets it back from a write. Media and questions (``asked``) that are None are read now."""
    shown_media = media.used_by("lesson", [row.id])[row.id] if medias is None else media.placed(medias)
    if row.type != course_rules.QUIZ:
        return _lesson(row, shown_media, [], None)
    if asked is None:
        asked = questions.of_lessons([row.id]).get(row.id, [])
    return _lesson(
        row,
        shown_media,
        [questions.shown(question, managed=True) for question in asked],
        attempts.shown(last_attempt, managed=True) if last_attempt else None,
    )


def lessons_shown(rows: Sequence[LessonRow], viewer_id: int, *, managed: bool) -> list[shapes.CourseLesson]:
    """Lessons as their reader may see them. One statement, and two more when there are quizzes among them."""
    medias = media.used_by("lesson", [row.id for row in rows])
    quizzes = [row.id for row in rows if row.type == course_rules.QUIZ]
    asked = questions.of_lessons(quizzes) if quizzes else {}
    last = attempts.last(quizzes, viewer_id) if quizzes else {}
    return [
        _lesson(
            row,
            medias[row.id],
            [questions.shown(question, managed=managed) for question in asked.get(row.id, [])],
            attempts.shown(last[row.id], managed=managed) if row.id in last else None,
        )
        for row in rows
    ]


def _lesson(
    row: LessonRow,
    medias: list[Media],
    shown: list[shapes.CourseQuestion],
    last_attempt: shapes.CourseAttempt | None,
) -> shapes.CourseLesson:
    return shapes.CourseLesson(
        id=row.id,
        name=row.name,
        type=row.type,
        status=row.status,
        comments_enabled=row.comments_enabled,
        completion_status=row.completion_status,
        course_id=row.course_id,
        section_id=row.section_id,
        html=row.html,
        created_at=row.created_at,
        created_by=courses.author(row),
        passing_grade=row.passing_grade,
        medias=medias,
        questions=shown,
        last_attempt=last_attempt,
    )
