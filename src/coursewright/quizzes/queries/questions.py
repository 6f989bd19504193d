"""Reads of questions."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.foundation import sql
from coursewright.foundation.errors import NotFound
from coursewright.foundation.types import Address
from coursewright.media import images
from coursewright.quizzes import rules, shapes

COLUMNS = """
q.lesson_id, q.id, q.type, q.text, q.image, a.id AS answer_id, a.text AS answer_text, a.correct
"""
OF_LESSON = """
LEFT JOIN coursewright_question q ON q.lesson_id = l.id AND q.deleted_at IS NULL
LEFT JOIN coursewright_answer a ON a.question_id = q.id
"""
# A quiz that was turned into a plain lesson keeps its questions, and nobody sees them (rules.md 1.14).
IS_QUIZ = f"l.type = '{course_rules.QUIZ}'"
QUESTIONS = f"""
SELECT {COLUMNS} FROM coursewright_question q JOIN coursewright_answer a ON a.question_id = q.id
JOIN coursewright_lesson l ON l.id = q.lesson_id AND {IS_QUIZ}
WHERE q.lesson_id IN ({{lessons}}) AND q.deleted_at IS NULL {{one}}
ORDER BY q.lesson_id, q.position, q.id, a.position, a.id
"""
EXISTS = f"""
SELECT 1 FROM coursewright_question q JOIN coursewright_lesson l ON l.id = q.lesson_id
WHERE q.id = %(question)s AND q.deleted_at IS NULL AND l.id = %(lesson)s AND l.deleted_at IS NULL
    AND {IS_QUIZ} AND l.section_id = %(section)s AND l.course_id = %(course)s
"""
QUIZ = f"""
SELECT {courses.AUTHOR}, l.type AS lesson_type, l.passing_grade, {COLUMNS}
FROM coursewright_lesson l JOIN coursewright_user u ON u.id = %(user)s {OF_LESSON}
WHERE l.id = %(lesson)s AND l.deleted_at IS NULL ORDER BY q.position, q.id, a.position, a.id
"""
STATE = f"""
SELECT EXISTS (SELECT 1 FROM coursewright_attempt t WHERE t.lesson_id = l.id) AS attempted, {COLUMNS}
FROM coursewright_lesson l {OF_LESSON} WHERE l.id = %(lesson)s ORDER BY q.position, q.id, a.position, a.id
"""


class QuizHead(courses.Author):
    """What an attempt is at, and who makes it."""

    lesson_type: str
    passing_grade: int


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


def of_lessons(lesson_ids: Sequence[int]) -> dict[int, list[rules.Question]]:
    """The questions of each of the lessons, with their keys, in their order. One statement."""
    marks, parameters = sql.named("lesson", lesson_ids)
    return _grouped(sql.rows(QuestionRow, QUESTIONS.format(lessons=marks, one=""), parameters))


def one(lesson_id: int, question_id: int) -> rules.Question:
    """One question of a lesson, with its key. Else NotFound."""
    statement = QUESTIONS.format(lessons="%(lesson)s", one="AND q.id = %(question)s")
    found = _grouped(sql.rows(QuestionRow, statement, {"lesson": lesson_id, "question": question_id}))
    if not found:
        raise NotFound
    return found[lesson_id][0]


def quiz(lesson_id: int, user_id: int) -> Quiz:
    """A quiz as it is at one instant, for a person who attempts it. One statement. Lesson gone: NotFound."""
    found = sql.pairs(QuizHead, QuestionRow, QUIZ, {"lesson": lesson_id, "user": user_id})
    if not found:
        raise NotFound
    head = found[0][0]
    rows = [row for _, row in found if row is not None]
    return Quiz(head.lesson_type, head.passing_grade, _grouped(rows).get(lesson_id, []), head)


def _grouped(rows: Sequence[QuestionRow]) -> dict[int, list[rules.Question]]:
    found: dict[int, list[rules.Question]] = {}
    for (lesson_id, id), group in groupby(rows, key=lambda row: (row.lesson_id, row.id)):
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


def image_address(name: str) -> Address | None:
    """The address of a question's picture, or null."""
    return images.addresses("question", 0, name)["image_bigger"] if name else None


def shown(question: rules.Question, *, managed: bool) -> shapes.CourseQuestion:
    """A question as its reader may see it: the key is for managers only."""
    return shapes.CourseQuestion(
        id=question.id,
        type=question.type,
        image=image_address(question.image),
        text=question.text,
        answers=[
            shapes.CourseQuestionAnswer(
                id=answer.id, text=answer.text, correct=answer.correct if managed else shapes.UNSET
            )
            for answer in question.answers
        ],
    )
