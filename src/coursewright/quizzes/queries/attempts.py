"""Reads of attempts at quizzes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from coursewright.accounts import queries as accounts
from coursewright.courses import queries as courses
from coursewright.courses.shapes import CompletionStatus
from coursewright.foundation import sql
from coursewright.foundation.errors import NotFound
from coursewright.foundation.tallies import summed
from coursewright.foundation.text import like, name_key
from coursewright.quizzes import shapes
from coursewright.quizzes.queries.questions import image_address

COLUMNS = """
t.id, t.created_at, t.lesson_id, t.grade, t.result, t.questions, t.num_attempts, t.passing_grade, t.correct_responses
"""
ATTEMPT = f"""
SELECT {courses.AUTHOR}, {COLUMNS} FROM coursewright_attempt t JOIN coursewright_user u ON u.id = t.user_id
"""
ONE_ATTEMPT = f"{ATTEMPT} WHERE t.id = %(attempt)s AND t.lesson_id = %(lesson)s"
LAST_ATTEMPTS = f"""{ATTEMPT} WHERE t.id IN (
    SELECT max(id) FROM coursewright_attempt
    WHERE user_id = %(viewer)s AND lesson_id IN ({{lessons}}) GROUP BY lesson_id
)"""
DASHBOARD = """
FROM {among}coursewright_attempt t
JOIN coursewright_lesson l ON l.id = t.lesson_id AND l.deleted_at IS NULL
JOIN coursewright_membership m ON m.course_id = t.course_id AND m.user_id = t.user_id
WHERE t.course_id = %(course)s AND m.status IN ({statuses})
"""
# The window is cut before people are joined: PostgreSQL, which does not know of which course a kept plan will be, would
# join them to all its attempts first, and sort these then.
DASHBOARD_PAGE = f"""
SELECT {courses.AUTHOR}, t.id, t.course_id, t.section_id, t.lesson_id, t.name, t.created_at, t.grade, t.result
FROM (
    SELECT t.id, t.course_id, l.section_id, t.lesson_id, l.name, t.created_at, t.grade, t.result, t.user_id {{where}}
    ORDER BY t.created_at DESC, t.id DESC LIMIT %(limit)s OFFSET %(offset)s
) t JOIN coursewright_user u ON u.id = t.user_id ORDER BY t.created_at DESC, t.id DESC
"""
# Crossed, so that SQLite begins with the few who are so named, and by their index: the sign keeps it from the course's.
AMONG_NAMED = f"""
(
    SELECT n.id FROM {accounts.NAMED} e CROSS JOIN coursewright_attempt n JOIN coursewright_user p ON p.id = n.user_id
    WHERE n.user_id = e.user_id AND +n.course_id = %(course)s
        AND (p.username_key LIKE %(search)s ESCAPE '!' OR p.real_name_key LIKE %(search)s ESCAPE '!')
    UNION SELECT n.id FROM coursewright_attempt n WHERE n.lesson_id IN ({{lessons}})
) named CROSS JOIN """
QUIZ_NAMES = """
SELECT id, name FROM coursewright_lesson WHERE course_id = %(course)s AND type = 'quiz' AND deleted_at IS NULL
"""


class AttemptRow(courses.Author):
    id: int
    created_at: datetime
    lesson_id: int
    grade: int
    result: CompletionStatus
    questions: str
    num_attempts: int
    passing_grade: int
    correct_responses: int


class DashboardRow(courses.Author):
    id: int
    course_id: int
    section_id: int
    lesson_id: int
    name: str
    created_at: datetime
    grade: int
    result: CompletionStatus


def one(lesson_id: int, attempt_id: int) -> AttemptRow:
    """One attempt at a quiz. Else NotFound."""
    row = sql.one(AttemptRow, ONE_ATTEMPT, {"lesson": lesson_id, "attempt": attempt_id})
    if row is None:
        raise NotFound
    return row


def made(id: int, author: courses.Author, values: Mapping[str, Any]) -> AttemptRow:
    """The row of an attempt whose columns are at hand."""
    return courses.made(AttemptRow, author, {**values, "id": id})


def last(lesson_ids: Sequence[int], viewer_id: int) -> dict[int, AttemptRow]:
    """The viewer's latest attempt at each of the quizzes. One statement."""
    marks, parameters = sql.named("lesson", lesson_ids)
    statement = LAST_ATTEMPTS.format(lessons=marks)
    return {row.lesson_id: row for row in sql.rows(AttemptRow, statement, {**parameters, "viewer": viewer_id})}


def shown(row: AttemptRow, *, managed: bool) -> shapes.CourseAttempt:
    """An attempt as its reader may see it: which answers were selected, which questions were right; the key is for
    managers only."""
    snapshots = msgspec.json.decode(row.questions, type=list[shapes.Snapshot])
    return shapes.CourseAttempt(
        id=row.id,
        created_at=row.created_at,
        lesson_id=row.lesson_id,
        user=courses.author(row),
        quiz_attempt=shapes.QuizAttempt(
            grade=row.grade,
            result=row.result,
            questions=[_attempted(snapshot, managed) for snapshot in snapshots],
            num_attempts=row.num_attempts,
            passing_grade=row.passing_grade,
            correct_responses=row.correct_responses,
        ),
    )


def _attempted(snapshot: shapes.Snapshot, managed: bool) -> shapes.CourseQuestion:
    return shapes.CourseQuestion(
        id=snapshot.id,
        type=snapshot.type,
        image=image_address(snapshot.image),
        text=snapshot.text,
        answers=[
            shapes.CourseQuestionAnswer(
                id=answer.id,
                text=answer.text,
                correct=answer.correct if managed else shapes.UNSET,
                selected=answer.selected,
            )
            for answer in snapshot.answers
        ],
        correct=snapshot.correct,
    )


def _quizzes_named(course_id: int, search: str) -> list[int]:
    """The course's quizzes with this in their name; compared here, as databases fold letters differently."""
    key = name_key(search)
    return [id for id, name in sql.values(QUIZ_NAMES, {"course": course_id}) if key in name_key(name)]


def dashboard(
    course_id: int, *, statuses: Sequence[str], search: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseQuizDashboard]]:
    """Attempts of the course's members, newest first. ``search``: in people's and lessons' names."""
    marks, parameters = sql.named("status", statuses)
    parameters |= {"course": course_id, "limit": limit, "offset": offset}
    where = DASHBOARD.format(among="", statuses=marks)
    number = f"SELECT {summed('attempts', '%(course)s', marks)}"
    if search:
        lesson_marks, lesson_ids = sql.named("lesson", _quizzes_named(course_id, search))
        among = AMONG_NAMED.format(lessons=lesson_marks)
        where = f"{DASHBOARD.format(among=among, statuses=marks)} AND t.id = named.id"
        number = f"SELECT count(*) {where}"
        parameters |= {**lesson_ids, **accounts.named(search), "search": like(name_key(search))}
    found = [
        shapes.CourseQuizDashboard(
            id=row.id,
            course_id=row.course_id,
            section_id=row.section_id,
            lesson_id=row.lesson_id,
            name=row.name,
            created_at=row.created_at,
            grade=row.grade,
            result=row.result,
            user=courses.author(row),
        )
        for row in sql.rows(DashboardRow, DASHBOARD_PAGE.format(where=where), parameters)
    ]
    return sql.number(number, parameters), found
