"""PATCH /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/"""

from typing import Any

import pytest

from coursewright.courses.models import Lesson
from tests.api.authors import (
    BAD_LESSON_FIELDS,
    assert_hidden,
    assert_managers_only,
    faults,
    nothing_changes,
    revision,
)
from tests.api.quizzes import make_question, option
from tests.client import NOT_FOUND, Api
from tests.counts import differences
from tests.factories import complete, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def path(lesson: Lesson) -> str:
    return f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "New", "type": "lesson"},
        {"status": "draft"},
        {"status": "published"},
        {"comments_enabled": False},
        {"passing_grade": 0},
        {"type": "quiz"},
        {},
    ],
)
def test_what_the_client_sends(body: dict[str, Any]) -> None:
    """Changes what is named, and answers the whole lesson (clients.md 26)."""
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), text="<p>x</p>")
    before = Api(ann).get(path(lesson)).body
    answer = Api(ann).patch(path(lesson), body)
    assert (answer.status, answer.body) == (200, {**before, **body})
    assert revision(lesson) == (1 if all(before[name] == body[name] for name in body) else 2)


def test_text_comes_out_as_html() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    answer = Api(ann).patch(path(lesson), {"text": 5, "html": "<p>ignored</p>"})
    assert (answer.status, answer.body["html"]) == (200, "5")


def test_unpublished_lesson_stops_counting_and_counts_again() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    bob = make_joined(lesson.course, make_user("bob"))
    complete(lesson, bob)
    course = f"course/{lesson.course_id}/"
    rates = [Api(bob).get(course).body["user_completion_rate"]]
    for status in ("draft", "published"):
        Api(ann).patch(path(lesson), {"status": status})
        rates.append(Api(bob).get(course).body["user_completion_rate"])
    assert rates == [100, 0, 100]


@pytest.mark.parametrize("also", [{}, {"status": "draft"}])
def test_what_was_completed_does_not_count_while_the_lesson_is_a_quiz(also: dict[str, Any]) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    bob = make_joined(lesson.course, make_user("bob"))
    complete(lesson, bob)

    def seen() -> tuple[Any, ...]:
        mine = Api(bob).get(f"course/{lesson.course_id}/").body
        status = Api(ann).get(f"{path(lesson)}").body["status"]
        shown = Api(bob).get(path(lesson)).body["completion_status"] if status == "published" else None
        theirs = Api(ann).get(f"course/{lesson.course_id}/users/").body["results"][0]["user_completion_rate"]
        assert differences() == {}
        return mine["num_lessons_completed"], mine["user_completion_rate"], theirs, shown

    before = seen()
    assert before == (1, 100, 100, "completed")
    assert Api(ann).patch(path(lesson), {"type": "quiz", **also}).status == 200
    assert seen() == (0, 0, 0, None if also else "uncompleted")
    assert Api(ann).patch(path(lesson), {"type": "lesson", "status": "published"}).status == 200
    assert seen() == before


def test_a_quiz_that_was_completed_as_a_lesson_is_failed_by_an_attempt() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    bob = make_joined(lesson.course, make_user("bob"))
    complete(lesson, bob)
    Api(ann).patch(path(lesson), {"type": "quiz"})
    question = make_question(lesson)
    attempt = {"responses": [{"question_id": question.pk, "selected_options": [option(question, "no")]}]}
    assert Api(bob).post(f"{path(lesson)}attempt/", attempt).body["quiz_attempt"]["result"] == "failed"
    assert Api(bob).get(path(lesson)).body["completion_status"] == "failed"


@pytest.mark.parametrize("case", list(BAD_LESSON_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    body, fault = BAD_LESSON_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).patch(path(lesson), body)
        assert (answer.status, answer.body) == (400, faults(fault))


def test_nobody_but_managers() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    assert Api(make_manager(lesson.course, make_user("max"))).patch(path(lesson), {"name": "Two"}).status == 200
    assert_managers_only(lesson.course, "PATCH", path(lesson), {"name": "Mine"})
    assert_hidden(lesson.course, "PATCH", path(lesson), {"name": "Mine"})


def test_foreign_ids() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    sibling = make_section(lesson.course, "Sibling")
    with nothing_changes():
        answer = Api(ann).patch(f"course/{lesson.course_id}/section/{sibling.pk}/lesson/{lesson.pk}/", {"name": ""})
        assert (answer.status, answer.body) == (404, NOT_FOUND)
