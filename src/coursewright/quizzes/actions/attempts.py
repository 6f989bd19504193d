"""Making an attempt at a quiz."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from coursewright.courses import rules as course_rules
from coursewright.foundation import events, sql, tallies
from coursewright.foundation.errors import invalid
from coursewright.foundation.tallies import Tally
from coursewright.learning.actions import completions
from coursewright.learning.errors import NotJoined
from coursewright.quizzes import rules, shapes
from coursewright.quizzes.errors import NotAQuiz, QuizHasNoQuestions
from coursewright.quizzes.queries import attempts, questions

INSERT = """
INSERT INTO coursewright_attempt (course_id, lesson_id, user_id, created_at, grade, result, passing_grade,
    correct_responses, questions, num_attempts)
VALUES (%(course_id)s, %(lesson_id)s, %(user_id)s, %(created_at)s, %(grade)s, %(result)s, %(passing_grade)s,
    %(correct_responses)s, %(questions)s, (
        SELECT COALESCE(max(num_attempts), 0) + 1 FROM coursewright_attempt
        WHERE lesson_id = %(lesson_id)s AND user_id = %(user_id)s
    )) RETURNING id, num_attempts
"""


# It holds the lesson, once those who change it have ended, and then the membership. What depends on the lesson is read
# after it: PostgreSQL would read the lesson anew after waiting, and all else as it was before.
ACTIVE = f"""
UPDATE coursewright_membership SET last_active_at = %(now)s, num_attempts = num_attempts + 1
FROM (SELECT l.id {completions.HOLD}) held
WHERE course_id = %(course)s AND user_id = %(user)s RETURNING status
"""


@transaction.atomic
def make_attempt(
    course_id: int, lesson_id: int, user_id: int, responses: Sequence[tuple[int, Sequence[int]]], *, at: datetime
) -> attempts.AttemptRow:
    """Grades a person's responses, keeps the attempt with all it was about, and answers it.

    The lesson is held and then the quiz read, so an edit at the same time is in the attempt whole or not at all; one
    person's attempts come one after the other, as each writes their membership first.

    NotFound: the lesson is gone; NotAQuiz; QuizHasNoQuestions; Invalid: ``responses`` that do not fit the questions;
    NotJoined: the person left meanwhile.
    """
    standing = _active(course_id, lesson_id, user_id, at)
    quiz = questions.quiz(lesson_id, user_id)
    if quiz.type != course_rules.QUIZ:
        raise NotAQuiz
    if not quiz.questions:
        raise QuizHasNoQuestions
    problem = rules.responses_fault(quiz.questions, responses)
    if problem:
        raise invalid("responses", problem)
    selected = dict(responses)
    grade = rules.graded(quiz.questions, selected, quiz.passing_grade)
    row = {
        "course_id": course_id,
        "lesson_id": lesson_id,
        "user_id": user_id,
        "created_at": at,
        "grade": grade.grade,
        "result": grade.result,
        "passing_grade": quiz.passing_grade,
        "correct_responses": grade.correct_responses,
        "questions": msgspec.json.encode(_snapshots(quiz.questions, selected, grade)).decode(),
    }
    ((id, row["num_attempts"]),) = sql.values(INSERT, row)
    passed = grade.result == rules.COMPLETED
    progress = completions.record_result(course_id, lesson_id, user_id, passed=passed, at=at)
    tallies.add({**progress, Tally("attempts", course_id, standing): 1})
    events.record("attempt.created", at=at, by=user_id, object_id=id, course_id=course_id, after=row)
    return attempts.made(id, quiz.author, row)


def _active(course_id: int, lesson_id: int, user_id: int, at: datetime) -> str:
    """How the person stands to the course, who makes one more attempt. NotJoined: not at all."""
    statement = ACTIVE.format(lock=sql.locking(completions.LOCK))
    found = sql.values(statement, {"course": course_id, "lesson": lesson_id, "user": user_id, "now": at})
    standing: str | None = found[0][0] if found else None
    if standing is None:
        raise NotJoined
    return standing


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
