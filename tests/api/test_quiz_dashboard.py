"""GET /api/v2/course/{id}/quiz/: one row for each attempt, newest first, for managers."""

from datetime import timedelta
from typing import Any

from coursewright.accounts.models import User
from coursewright.courses.models import Lesson
from coursewright.learning.actions import standings
from tests.api.authors import assert_hidden, assert_managers_only, person
from tests.api.learners import every_encoding, ids, lesson_path, listed
from tests.api.quizzes import attempt, make_question, make_quiz
from tests.client import Api, codes, wrong
from tests.factories import NOW, make_joined, make_manager, make_user


def row(id: int, quiz: Lesson, user: User, **values: Any) -> dict[str, Any]:
    return {
        "id": id,
        "course_id": quiz.course_id,
        "section_id": quiz.section_id,
        "lesson_id": quiz.pk,
        "name": quiz.name,
        "created_at": "2026-11-23T10:00:00Z",
        "grade": 100,
        "result": "completed",
        "user": person(user),
        **values,
    }


def test_whole_answer() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    make_question(quiz)
    path = f"course/{quiz.course_id}/quiz/"
    assert Api(ann).get(path)[:2] == (200, listed())
    leo, max_ = make_joined(quiz.course, make_user("leo")), make_manager(quiz.course, make_user("max"))
    third = attempt(quiz, max_, NOW + timedelta(minutes=1), **{"Is it?": "yes"})
    first = attempt(quiz, leo, **{"Is it?": "no"})
    second = attempt(quiz, leo, **{"Is it?": "yes"})
    attempt(quiz, ann, **{"Is it?": "yes"})
    expected = [
        row(third, quiz, max_, created_at="2026-11-23T10:01:00Z"),
        row(second, quiz, leo),
        row(first, quiz, leo, grade=0, result="failed"),
    ]
    assert Api(ann).get(path)[:2] == (200, listed(*expected))
    page = Api(max_).get(path, limit=1, offset=1).body
    base = f"http://testserver/api/v2/{path}"
    assert page == {
        "count": 3,
        "next": f"{base}?limit=1&offset=2",
        "previous": f"{base}?limit=1&offset=0",
        "results": expected[1:2],
    }


def test_statuses_and_search() -> None:
    ann = make_user()
    quiz = make_quiz(ann, name="Limits 50%")
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo", real_name="Émile Zola"))
    max_ = make_manager(quiz.course, make_user("max"))
    lou = make_joined(quiz.course, make_user("lou"))
    made = {user.username: attempt(quiz, user, **{"Is it?": "yes"}) for user in (ann, leo, max_, lou)}
    standings.leave(quiz.course_id, lou.pk, at=NOW, by=lou.pk)

    def found(query: str) -> list[int]:
        return ids(Api(ann).get(f"course/{quiz.course_id}/quiz/?{query}"))

    assert found("") == [made["max"], made["leo"]]
    for query in every_encoding("statuses", ["creator", "joined"]):
        assert found(query) == [made["leo"], made["ann"]]
    for query in ("search=LEO", "search=%C3%A9mile", "search=zola"):
        assert found(query) == [made["leo"]]
    for query in ("search=limits", "search=50%25"):
        assert found(query) == [made["max"], made["leo"]]
    for query in ("search=nobody", "search=5%25", "search=_"):
        assert found(query) == []
    answer = Api(ann).get(f"course/{quiz.course_id}/quiz/?statuses=teacher&limit=0")
    assert (answer.status, codes(answer)) == (400, wrong(limit="min_value", statuses="invalid_choice"))


def test_deleted_lessons_are_gone() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    attempt(quiz, leo, **{"Is it?": "yes"})
    Api(ann).delete(lesson_path(quiz))
    assert Api(ann).get(f"course/{quiz.course_id}/quiz/")[:2] == (200, listed())


def test_nobody_but_managers() -> None:
    quiz = make_quiz(make_user())
    path = f"course/{quiz.course_id}/quiz/"
    assert_managers_only(quiz.course, "GET", path)
    assert_hidden(quiz.course, "GET", path)


def test_the_same_number_of_statements() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    attempt(quiz, leo, **{"Is it?": "yes"})
    one = Api(ann).get(f"course/{quiz.course_id}/quiz/", limit=100)
    for _ in range(29):
        attempt(quiz, leo, **{"Is it?": "yes"})
    many = Api(ann).get(f"course/{quiz.course_id}/quiz/", limit=100)
    assert (len(many.body["results"]), many.statements) == (30, one.statements)
    assert one.statements <= 6
