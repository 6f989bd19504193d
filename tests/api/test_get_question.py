"""GET /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/{question_id}/ and the list of them."""

from datetime import timedelta

import pytest

from coursewright.quizzes.models import Question
from tests.api.learners import lesson_path, locked, make_people
from tests.api.quizzes import make_question, make_quiz, question_path, question_shape
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.factories import NOW, make_course, make_joined, make_lesson, make_section, make_user


def both(question: Question) -> tuple[str, str]:
    return question_path(question), lesson_path(question.lesson, "question/")


def test_whole_answer() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    leo = make_joined(question.course, make_user("leo"))
    yes, no, maybe = question.answers.all()
    expected = {
        "id": question.pk,
        "type": "single_choice",
        "image": None,
        "text": "Is it?",
        "answers": [
            {"id": yes.pk, "text": "yes"},
            {"id": no.pk, "text": "no"},
            {"id": maybe.pk, "text": "maybe"},
        ],
    }
    one, every = both(question)
    assert Api(leo).get(one)[:2] == (200, expected)
    assert Api(leo).get(every)[:2] == (200, [expected])
    assert Api(ann).get(one)[:2] == (200, question_shape(question))


def test_who_may() -> None:
    question = make_question(make_quiz(make_user()))
    for who, user in make_people(question.course).items():
        shape = question_shape(question, managed=who == "manager")
        for path, expected in zip(both(question), (shape, [shape]), strict=True):
            answer = Api(user).get(path)
            if who in ("manager", "joined"):
                assert (who, *answer[:2]) == (who, 200, expected)
            else:
                assert (who, *answer[:2]) == (who, 403, NOT_JOINED)
    for path in both(question):
        assert Api(make_user(f"root{len(path)}", role="admin")).get(path)[:2] == (403, NOT_JOINED)
        assert Api().get(path)[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").get(path)[:2] == (401, BAD_TOKEN)


@pytest.mark.parametrize("values", [{"status": "draft"}, {"status": "published"}])
def test_closed_lessons(values: dict[str, str]) -> None:
    """A draft is 404, one that opens tomorrow is locked; managers read both."""
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"), dripped_at=NOW + timedelta(days=1))
    question = make_question(make_lesson(section, type="quiz", **values))
    leo = make_joined(question.course, make_user("leo"))
    closed = (404, NOT_FOUND), (403, locked("it opens on 2026-11-24 at 10:00 UTC."))
    for path in both(question):
        assert Api(leo).get(path)[:2] == closed[values["status"] == "published"]
        assert Api(ann).get(path).status == 200


def test_who_joined_hears_of_no_foreign_id() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    leo = make_joined(question.course, make_user("leo"))
    beside = make_question(make_lesson(make_section(question.course), type="quiz"), "Beside")
    for end in (f"question/{beside.pk}/", "question/999999/", "question/undefined/"):
        assert Api(leo).get(lesson_path(question.lesson, end))[:2] == (404, NOT_FOUND)


@pytest.mark.parametrize("who", ["ann", "leo"])
def test_the_same_number_of_statements(who: str) -> None:
    ann, leo = make_user(), make_user("leo")
    question = make_question(make_quiz(ann))
    make_joined(question.course, leo)
    api = Api({"ann": ann, "leo": leo}[who])
    one = [api.get(path).statements for path in both(question)]
    for place in range(29):
        make_question(question.lesson, f"Question {place}")
    many = [api.get(path) for path in both(question)]
    assert len(many[1].body) == 30
    assert [answer.statements for answer in many] == one
    assert max(one) <= 6
