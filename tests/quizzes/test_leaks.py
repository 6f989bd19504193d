"""No learner ever hears which answers are right, nor can tell it from anything that is answered (rules.md 7)."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from coursewright.courses.models import Lesson
from coursewright.quizzes.models import Question
from tests.api.learners import lesson_path
from tests.api.quizzes import attempt, make_question, make_quiz, question_path, responses
from tests.client import Answer, Api
from tests.factories import make_joined, make_user


class Undo(Exception):
    """Ends a savepoint."""


def answers_in(value: Any) -> Iterator[dict[str, Any]]:
    """The answers of questions, wherever they are."""
    if isinstance(value, dict):
        yield from (item for item in value.get("answers", []) if isinstance(item, dict))
        for inner in value.values():
            yield from answers_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from answers_in(inner)


def patterns(found: list[Any], before: str = "") -> Iterator[str]:
    for item in found:
        if isinstance(item, URLResolver):
            yield from patterns(item.url_patterns, before + str(item.pattern))
        elif isinstance(item, URLPattern):
            yield before + str(item.pattern)


def places(quiz: Lesson, question: Question, attempt_id: int) -> list[str]:
    """Every path of the API, with the ids of these things in it."""
    ids = {
        "section_id": quiz.section_id,
        "lesson_id": quiz.pk,
        "question_id": question.pk,
        "attempt_id": attempt_id,
        "user_id": quiz.created_by_id,
    }
    found = []
    for path in patterns(get_resolver().url_patterns):
        if path.startswith("api/v2/"):
            for name, id in ids.items():
                path = path.replace(f"<id:{name}>", str(id))
            found.append("/" + path.replace("<id:id>", str(quiz.course_id)))
    return found


def told(quiz: Lesson, api: Api, attempt_id: int = 1) -> dict[str, Answer]:
    return {path: api.get(path) for path in places(quiz, quiz.questions.all()[0], attempt_id)}


def test_no_answer_to_a_learner_has_the_key() -> None:
    quiz = make_quiz(make_user())
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    before = told(quiz, Api(leo))
    after = told(quiz, Api(leo), attempt(quiz, leo, **{"Is it?": "no"}))
    made = Api(leo).post(lesson_path(quiz, "attempt/"), responses(**{"Is it?": "yes"}))
    for answers, count in ((before, 3), (after, 4)):
        showing = [list(answers_in(answer.body)) for answer in answers.values() if any(answers_in(answer.body))]
        assert len(showing) == count, "the lesson, the list and the question; then the attempt too"
        for group in showing:
            assert all(item.keys() <= {"id", "text", "selected"} for item in group)
    assert [set(item) for item in answers_in(made.body)] == [{"id", "text", "selected"}] * 3
    manager = told(quiz, Api(quiz.created_by))
    assert {item.get("correct") for answer in manager.values() for item in answers_in(answer.body)} == {True, False}


def heard(right: str) -> dict[str, Any]:
    """All that a learner is told about a quiz whose key is this; the quiz is gone afterwards."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            quiz = make_quiz(make_user())
            question = make_question(quiz, right=right)
            leo = make_joined(quiz.course, make_user("leo"))
            found = {path: answer.body for path, answer in told(quiz, Api(leo)).items()}
            wrong = {"type": "single_choice", "text": "", "answers": []}
            found["refused"] = Api(leo).put(question_path(question), wrong).body
            found["attempt"] = Api(leo).post(lesson_path(quiz, "attempt/"), {"responses": []}).body
            raise Undo
    except Undo:
        return found


def restart_ids() -> None:
    """PostgreSQL counts on after a savepoint that was rolled back; SQLite does not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename FROM pg_sequences WHERE sequencename LIKE 'coursewright_%'")
            for (sequence,) in cursor.fetchall():
                cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH 1000")


def test_two_keys_sound_the_same() -> None:
    restart_ids()
    first = heard("yes")
    restart_ids()
    assert heard("no") == first
