"""Reads of questions and attempts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import msgspec
from django.db import connection

from coursewright.accounts import queries as accounts
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses.shapes import CompletionStatus
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotAuthenticated, NotFound
from coursewright.foundation.tallies import summed
from coursewright.foundation.text import like, name_key
from coursewright.learning.queries import lessons
from coursewright.learning.queries.lessons import LessonRow
from coursewright.media import images
from coursewright.media import queries as media
from coursewright.media.queries import UsableRow
from coursewright.media.shapes import Media
from coursewright.quizzes import rules, shapes

QUESTIONS = """
SELECT q.lesson_id, q.id, q.type, q.text, q.image, a.id AS answer_id, a.text AS answer_text, a.correct
FROM coursewright_question q JOIN coursewright_answer a ON a.question_id = q.id
WHERE q.lesson_id IN ({lessons}) AND q.deleted_at IS NULL {one}
ORDER BY q.lesson_id, q.position, q.id, a.position, a.id
"""
QUESTION_EXISTS = """
SELECT 1 FROM coursewright_question q JOIN coursewright_lesson l ON l.id = q.lesson_id
WHERE q.id = %(question)s AND q.deleted_at IS NULL AND l.id = %(lesson)s AND l.deleted_at IS NULL
    AND l.section_id = %(section)s AND l.course_id = %(course)s
"""
QUIZ = f"""
SELECT {courses.AUTHOR}, l.type AS lesson_type, l.passing_grade,
    q.lesson_id, q.id, q.type, q.text, q.image, a.id AS answer_id, a.text AS answer_text, a.correct
FROM coursewright_lesson l JOIN coursewright_user u ON u.id = %(user)s
LEFT JOIN coursewright_question q ON q.lesson_id = l.id AND q.deleted_at IS NULL
LEFT JOIN coursewright_answer a ON a.question_id = q.id
WHERE l.id = %(lesson)s AND l.deleted_at IS NULL
ORDER BY q.position, q.id, a.position, a.id
"""
ATTEMPT_COLUMNS = """
t.id, t.created_at, t.lesson_id, t.grade, t.result, t.questions, t.num_attempts, t.passing_grade, t.correct_responses
"""
ATTEMPT = f"""
SELECT {courses.AUTHOR}, {ATTEMPT_COLUMNS} FROM coursewright_attempt t JOIN coursewright_user u ON u.id = t.user_id
"""
ONE_ATTEMPT = f"{ATTEMPT} WHERE t.id = %(attempt)s AND t.lesson_id = %(lesson)s"
LAST_ATTEMPTS = f"""{ATTEMPT} WHERE t.id IN (
    SELECT max(id) FROM coursewright_attempt
    WHERE user_id = %(viewer)s AND lesson_id IN ({{lessons}}) GROUP BY lesson_id
)"""
MANAGED = f"""
SELECT {courses.ACCESS_COLUMNS}, {lessons.COLUMNS},
    v.id, v.username, v.real_name, v.deleted_at IS NOT NULL, v.avatar, {ATTEMPT_COLUMNS}
FROM {lessons.IN_COURSE} {lessons.BESIDE}
LEFT JOIN coursewright_attempt t ON t.id = (
    SELECT max(n.id) FROM coursewright_attempt n WHERE n.user_id = %(viewer)s AND n.lesson_id = l.id
)
LEFT JOIN coursewright_user v ON v.id = t.user_id {lessons.IS_THERE}
"""
STATE = """
SELECT EXISTS (SELECT 1 FROM coursewright_attempt t WHERE t.lesson_id = l.id) AS attempted,
    q.lesson_id, q.id, q.type, q.text, q.image, a.id AS answer_id, a.text AS answer_text, a.correct
FROM coursewright_lesson l
LEFT JOIN coursewright_question q ON q.lesson_id = l.id AND q.deleted_at IS NULL
LEFT JOIN coursewright_answer a ON a.question_id = q.id
WHERE l.id = %(lesson)s ORDER BY q.position, q.id, a.position, a.id
"""
DASHBOARD = """
FROM {among}coursewright_attempt t
JOIN coursewright_lesson l ON l.id = t.lesson_id AND l.deleted_at IS NULL
JOIN coursewright_user u ON u.id = t.user_id
JOIN coursewright_membership m ON m.course_id = t.course_id AND m.user_id = t.user_id
WHERE t.course_id = %(course)s AND m.status IN ({statuses})
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


class QuizRow(courses.Author):
    """An option of a quiz with its question and who is at it; a quiz without questions is a row without one."""

    lesson_type: str
    passing_grade: int
    lesson_id: int | None
    id: int
    type: rules.Type
    text: str
    image: str
    answer_id: int
    answer_text: str
    correct: bool


class QuestionRow(msgspec.Struct):
    """An option with its question."""

    lesson_id: int
    id: int
    type: rules.Type
    text: str
    image: str
    answer_id: int
    answer_text: str
    correct: bool


class Attempted(msgspec.Struct):
    """Whether anyone ever made an attempt."""

    attempted: bool


class State(NamedTuple):
    """Whether anyone ever attempted a lesson, and its questions in their order."""

    attempted: bool
    questions: Sequence[rules.Question]


class Quiz(NamedTuple):
    """What an attempt is at, and who makes it. ``type`` is the lesson's."""

    type: str
    passing_grade: int
    questions: Sequence[rules.Question]
    author: courses.Author


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


def questions_of(lesson_ids: Sequence[int]) -> dict[int, list[rules.Question]]:
    """The questions of each of the lessons, with their keys, in their order. One statement."""
    marks, parameters = sql.named("lesson", lesson_ids)
    return _grouped(sql.rows(QuestionRow, QUESTIONS.format(lessons=marks, one=""), parameters))


def question(lesson_id: int, question_id: int) -> rules.Question:
    """One question of a lesson, with its key. Else NotFound."""
    statement = QUESTIONS.format(lessons="%(lesson)s", one="AND q.id = %(question)s")
    found = _grouped(sql.rows(QuestionRow, statement, {"lesson": lesson_id, "question": question_id}))
    if not found:
        raise NotFound
    return found[lesson_id][0]


def quiz(lesson_id: int, user_id: int) -> Quiz:
    """A quiz as it is at one instant, for a person who attempts it, held against deletion and unpublishing.

    One statement. Lesson gone: NotFound.
    """
    lock = " FOR KEY SHARE OF l" if connection.vendor == "postgresql" else ""
    rows = sql.rows(QuizRow, QUIZ + lock, {"lesson": lesson_id, "user": user_id})
    if not rows:
        raise NotFound
    asked = [row for row in rows if row.lesson_id is not None]
    return Quiz(rows[0].lesson_type, rows[0].passing_grade, _grouped(asked).get(lesson_id, []), rows[0])


def _grouped(rows: Sequence[QuestionRow | QuizRow]) -> dict[int, list[rules.Question]]:
    found: dict[int, list[rules.Question]] = {}
    for (lesson_id, id), group in groupby(rows, key=lambda row: (row.lesson_id or 0, row.id)):
        options = list(group)
        head = options[0]
        answers = [rules.Answer(row.answer_id, row.answer_text, row.correct) for row in options]
        found.setdefault(lesson_id, []).append(rules.Question(id, head.type, head.text, head.image, answers))
    return found


def state(lesson_id: int) -> State:
    """What depends on a lesson, which is there. One statement."""
    found = sql.pairs(Attempted, QuestionRow, STATE, {"lesson": lesson_id})
    rows = [row for _, row in found if row is not None]
    return State(found[0][0].attempted, _grouped(rows).get(lesson_id, []))


def image_url(name: str, site: str) -> str | None:
    """The address of a question's picture, or null."""
    return images.urls(site, "question", 0, name)["image_bigger"] if name else None


def shown(question: rules.Question, *, managed: bool, site: str) -> shapes.CourseQuestion:
    """A question as its reader may see it: the key is for managers only."""
    return shapes.CourseQuestion(
        id=question.id,
        type=question.type,
        image=image_url(question.image, site),
        text=question.text,
        answers=[
            shapes.CourseQuestionAnswer(
                id=answer.id, text=answer.text, correct=answer.correct if managed else shapes.UNSET
            )
            for answer in question.answers
        ],
    )


def attempt_row(lesson_id: int, attempt_id: int) -> AttemptRow:
    """One attempt at a quiz. Else NotFound."""
    row = sql.one(AttemptRow, ONE_ATTEMPT, {"lesson": lesson_id, "attempt": attempt_id})
    if row is None:
        raise NotFound
    return row


def made(id: int, author: courses.Author, values: Mapping[str, Any]) -> AttemptRow:
    """The row of an attempt whose columns are at hand."""
    return courses.made(AttemptRow, author, {**values, "id": id})


def last_attempts(lesson_ids: Sequence[int], viewer_id: int) -> dict[int, AttemptRow]:
    """The viewer's latest attempt at each of the quizzes. One statement."""
    marks, parameters = sql.named("lesson", lesson_ids)
    statement = LAST_ATTEMPTS.format(lessons=marks)
    return {row.lesson_id: row for row in sql.rows(AttemptRow, statement, {**parameters, "viewer": viewer_id})}


def attempt(row: AttemptRow, *, managed: bool, site: str) -> shapes.CourseAttempt:
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
            questions=[_attempted(snapshot, managed, site) for snapshot in snapshots],
            num_attempts=row.num_attempts,
            passing_grade=row.passing_grade,
            correct_responses=row.correct_responses,
        ),
    )


def _attempted(snapshot: shapes.Snapshot, managed: bool, site: str) -> shapes.CourseQuestion:
    return shapes.CourseQuestion(
        id=snapshot.id,
        type=snapshot.type,
        image=image_url(snapshot.image, site),
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
    columns = "t.id, t.course_id, l.section_id, t.lesson_id, l.name, t.created_at, t.grade, t.result"
    page = (
        f"SELECT {courses.AUTHOR}, {columns} {where} "
        "ORDER BY t.created_at DESC, t.id DESC LIMIT %(limit)s OFFSET %(offset)s"
    )
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
        for row in sql.rows(DashboardRow, page, parameters)
    ]
    return sql.number(number, parameters), found


def written_lesson(
    row: LessonRow,
    medias: Sequence[UsableRow] | None,
    questions: Sequence[rules.Question] | None,
    last_attempt: AttemptRow | None,
    site: str,
) -> shapes.CourseLesson:
    """A lesson as its manager gets it back from a write. Media and questions that are None are read now."""
    shown_media = media.used_by("lesson", [row.id], site)[row.id] if medias is None else media.placed(medias, site)
    if row.type != course_rules.QUIZ:
        return _lesson(row, shown_media, [], None)
    if questions is None:
        questions = questions_of([row.id]).get(row.id, [])
    return _lesson(
        row,
        shown_media,
        [shown(question, managed=True, site=site) for question in questions],
        attempt(last_attempt, managed=True, site=site) if last_attempt else None,
    )


def lessons_shown(rows: Sequence[LessonRow], viewer_id: int, *, managed: bool, site: str) -> list[shapes.CourseLesson]:
    """Lessons as their reader may see them. One statement, and two more when there are quizzes among them."""
    medias = media.used_by("lesson", [row.id for row in rows], site)
    quizzes = [row.id for row in rows if row.type == course_rules.QUIZ]
    questions = questions_of(quizzes) if quizzes else {}
    attempts = last_attempts(quizzes, viewer_id) if quizzes else {}
    return [
        _lesson(
            row,
            medias[row.id],
            [shown(question, managed=managed, site=site) for question in questions.get(row.id, [])],
            attempt(attempts[row.id], managed=managed, site=site) if row.id in attempts else None,
        )
        for row in rows
    ]


def _lesson(
    row: LessonRow,
    medias: list[Media],
    questions: list[shapes.CourseQuestion],
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
        questions=questions,
        last_attempt=last_attempt,
    )
