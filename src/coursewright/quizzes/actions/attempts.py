"""Making an attempt at a quiz."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from coursewright.courses.models import Lesson
from coursewright.foundation import content, events, sql
from coursewright.foundation.errors import NotFound, invalid
from coursewright.learning.actions import completions
from coursewright.quizzes import queries, rules, shapes
from coursewright.quizzes.errors import NotAQuiz, QuizHasNoQuestions

INSERT = """
INSERT INTO coursewright_attempt (course_id, lesson_id, user_id, created_at, grade, result, passing_grade,
    correct_responses, num_attempts, questions)
VALUES (%(course_id)s, %(lesson_id)s, %(user_id)s, %(created_at)s, %(grade)s, %(result)s, %(passing_grade)s,
    %(correct_responses)s, %(num_attempts)s, %(questions)s) RETURNING id
"""


@transaction.atomic
def make_attempt(lesson_id: int, user_id: int, responses: Sequence[tuple[int, Sequence[int]]], *, at: datetime) -> int:
    """Grades a person's responses, keeps the attempt as it was, and answers its id.

    The quiz is locked, so that attempts and edits at the same time come one after the other, each whole. NotFound: the
    lesson is gone; NotAQuiz; QuizHasNoQuestions; Invalid: ``responses`` that do not fit the questions.
    """
    lesson = content.lock(Lesson, lesson_id)
    if lesson is None:
        raise NotFound
    if lesson["type"] != "quiz":
        raise NotAQuiz
    questions = queries.questions_of([lesson_id]).get(lesson_id, [])
    if not questions:
        raise QuizHasNoQuestions
    problem = rules.responses_fault(questions, responses)
    if problem:
        raise invalid("responses", problem)
    selected = dict(responses)
    grade = rules.graded(questions, selected, lesson["passing_grade"])
    row = {
        "course_id": lesson["course_id"],
        "lesson_id": lesson_id,
        "user_id": user_id,
        "created_at": at,
        "grade": grade.grade,
        "result": grade.result,
        "passing_grade": lesson["passing_grade"],
        "correct_responses": grade.correct_responses,
        "num_attempts": queries.last_number(lesson_id, user_id) + 1,
        "questions": msgspec.json.encode(_snapshots(questions, selected, grade)).decode(),
    }
    id = int(sql.values(INSERT, row)[0][0])
    completions.record_result(lesson["course_id"], lesson_id, user_id, passed=grade.result == rules.COMPLETED, at=at)
    events.record("attempt.created", at=at, by=user_id, object_id=id, course_id=lesson["course_id"], after=row)
    return id


def _snapshots(
    questions: Sequence[rules.Question], selected: Mapping[int, Sequence[int]], grade: rules.Grade
) -> list[shapes.Snapshot]:
    return [
        shapes.Snapshot(
            question.id,
            question.type,
            question.text,
            question.image,
            [
                shapes.SnapshotAnswer(answer.id, answer.text, answer.correct, answer.id in selected[question.id])
                for answer in question.answers
            ],
            question.id in grade.right,
        )
        for question in questions
    ]
