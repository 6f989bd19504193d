"""PATCH /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/{question_id}/"""

from pathlib import Path
from typing import Any

import pytest

from tests.api.authors import assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.quizzes import (
    BAD_QUESTION_FIELDS,
    ONE,
    TWO,
    make_question,
    make_quiz,
    option,
    question_path,
    question_shape,
)
from tests.api.test_course_images import data_url, picture
from tests.client import Api
from tests.factories import make_manager, make_user


def test_changes_what_it_names() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    shape = question_shape(question)
    changed = {**shape, "text": "Was it?"}
    assert Api(ann).patch(question_path(question), {"text": "Was it?"})[:2] == (200, changed)
    changed = {**changed, "type": "multi_choice"}
    assert Api(ann).patch(question_path(question), {"type": "multi_choice"})[:2] == (200, changed)
    assert Api(ann).get(question_path(question)).body == changed


def test_answers_replace_the_list() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    no = option(question, "no")
    answers = [{"id": no, "text": "no", "correct": "true"}, {"text": "so", "correct": "false"}]
    answer = Api(ann).patch(question_path(question), {"answers": answers})
    expected = question_shape(
        question,
        answers=[
            {"id": no, "text": "no", "correct": True},
            {"id": option(question, "so"), "text": "so", "correct": False},
        ],
    )
    assert answer[:2] == (200, expected)


def test_a_type_that_the_answers_do_not_fit() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann), type="multi_choice", answers=[TWO[0], {"text": "b", "correct": True}])
    with nothing_changes():
        answer = Api(ann).patch(question_path(question), {"type": "single_choice"})
        assert answer[:2] == (400, faults(("answers", "invalid", ONE)))
    answer = Api(ann).patch(question_path(question), {"type": "single_choice", "answers": TWO})
    assert (answer.status, answer.body["type"]) == (200, "single_choice")


def test_a_bad_type_says_nothing_about_the_answers() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    with nothing_changes():
        answer = Api(ann).patch(question_path(question), {"type": "x", "text": "", "answers": TWO})
        bad = ("type", "invalid_choice", '"x" is not a valid choice.')
        assert answer[:2] == (400, faults(bad, ("text", "blank", "This field may not be blank.")))


@pytest.mark.parametrize("case", list(BAD_QUESTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    body, fault = BAD_QUESTION_FIELDS[case]
    with nothing_changes():
        assert Api(ann).patch(question_path(question), body)[:2] == (400, faults(fault))


def test_picture_comes_stays_and_goes(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    ann = make_user()
    question = make_question(make_quiz(ann))
    api, path = Api(ann), question_path(question)
    first = api.multipart("PATCH", path, [("image", ("x.png", picture(), "image/png"))])
    assert first[:2] == (200, question_shape(question, image=first.body["image"]))
    assert Api().get(first.body["image"].removeprefix("http://testserver")).headers["Content-Type"] == "image/webp"
    kept = api.patch(path, {"text": "Is it?"})
    assert kept[:2] == (200, first.body)
    second = api.patch(path, {"image": data_url(picture())})
    assert second.body["image"] not in (None, first.body["image"])
    for nothing in (None, ""):
        assert api.patch(path, {"image": data_url(picture())}).status == 200
        assert api.patch(path, {"image": nothing})[:2] == (200, question_shape(question))


def test_nobody_but_managers() -> None:
    question = make_question(make_quiz(make_user()))
    course, path = question.course, question_path(question)
    assert Api(make_manager(course, make_user("max"))).patch(path, {"text": "New"}).status == 200
    assert_managers_only(course, "PATCH", path, {"text": "Mine"})
    assert_hidden(course, "PATCH", path, {"text": "Mine"})


def test_the_same_number_of_statements() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    question = make_question(quiz)
    one = Api(ann).patch(question_path(question), {"text": "One"})
    for place in range(30):
        make_question(quiz, f"Question {place}")
    many = Api(ann).patch(question_path(question), {"text": "Many"})
    assert one.statements == many.statements <= 9
