"""POST /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/, and the lesson's own path."""

from pathlib import Path
from typing import Any

import pytest

from coursewright.quizzes.models import Question
from tests.api.authors import REQUIRED, assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.learners import lesson_path
from tests.api.quizzes import (
    BAD_QUESTION_FIELDS,
    FORMS,
    NOT_A_QUIZ,
    ONE,
    TWO,
    make_question,
    make_quiz,
    question_path,
    question_shape,
)
from tests.api.test_course_images import data_url, files, picture
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user

BODY = {"type": "single_choice", "text": "Is it?", "answers": TWO}


def test_whole_answer() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    answer = Api(ann).post(lesson_path(quiz, "question/"), BODY)
    question = Question.objects.get()
    first, second = question.answers.all()
    expected = {
        "id": question.pk,
        "type": "single_choice",
        "image": None,
        "text": "Is it?",
        "answers": [
            {"id": first.pk, "text": "yes", "correct": True},
            {"id": second.pk, "text": "no", "correct": False},
        ],
    }
    assert answer[:2] == (201, expected)
    assert Api(ann).get(question_path(question))[:2] == (200, expected)


def test_the_lessons_own_path_is_the_same_and_new_ones_go_to_the_end() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    first = Api(ann).post(lesson_path(quiz), {**BODY, "text": "One"})
    second = Api(ann).post(lesson_path(quiz, "question/"), {**BODY, "text": "Two"})
    third = Api(ann).post(lesson_path(quiz), {**BODY, "text": "Three", "type": "multi_choice"})
    assert [answer.status for answer in (first, second, third)] == [201, 201, 201]
    found = Api(ann).get(lesson_path(quiz, "question/"))
    assert found.body == [first.body, second.body, third.body]
    assert Api(ann).get(lesson_path(quiz)).body["questions"] == found.body


def test_ids_of_answers_and_unknown_fields_are_not_taken() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    other = make_question(quiz)
    before = question_shape(other)
    taken = other.answers.all()[0].pk
    answers = [{"id": taken, "text": "yes", "correct": True, "selected": True}, {"id": None, "text": "no"}]
    answer = Api(ann).post(lesson_path(quiz, "question/"), {**BODY, "id": 5, "correct": True, "answers": answers})
    made = Question.objects.exclude(pk=other.pk).get()
    assert answer[:2] == (201, question_shape(made))
    assert taken not in [item["id"] for item in answer.body["answers"]]
    assert question_shape(other) == before


@pytest.mark.parametrize("encoding", ["form", "multipart"])
@pytest.mark.parametrize("form", list(FORMS))
def test_forms(form: str, encoding: str) -> None:
    ann = make_user()
    path = lesson_path(make_quiz(ann), "question/")
    fields = [("type", "single_choice"), ("text", "Is it?"), *FORMS[form]]
    if encoding == "multipart":
        answer = Api(ann).multipart("POST", path, fields)
    else:
        answers = {name: [value for key, value in fields if key == name] for name, _ in fields}
        answer = Api(ann).form("POST", path, **answers)
    told = [(item["text"], item["correct"]) for item in answer.body["answers"]]
    assert (answer.status, told) == (201, [("yes, sir", True), ("no", False)])


@pytest.mark.parametrize("how", ["file", "data URL"])
def test_picture(how: str, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    ann = make_user()
    path = lesson_path(make_quiz(ann), "question/")
    if how == "file":
        fields = [("type", "single_choice"), ("text", "Is it?"), *FORMS["JSON text"]]
        answer = Api(ann).multipart("POST", path, [*fields, ("image", ("x.png", picture(), "image/png"))])
    else:
        answer = Api(ann).post(path, {**BODY, "image": data_url(picture())})
    assert answer[:2] == (201, question_shape(Question.objects.get(), image=answer.body["image"]))
    assert Api().get(answer.body["image"].removeprefix("http://testserver")).status == 200


def test_a_refusal_keeps_no_picture(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    with nothing_changes():
        body = {**BODY, "image": data_url(picture())}
        assert Api(ann).post(lesson_path(lesson, "question/"), body)[:2] == (400, NOT_A_QUIZ)
        answer = Api(ann).post(lesson_path(lesson, "question/"), {**body, "answers": []})
        assert answer.status == 400
    assert files(tmp_path) == 0


@pytest.mark.parametrize("case", list(BAD_QUESTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    body, fault = BAD_QUESTION_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).post(lesson_path(quiz, "question/"), {**BODY, **body})
        assert answer[:2] == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"correct": True}])
def test_required(body: Any) -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    with nothing_changes():
        answer = Api(ann).post(lesson_path(quiz, "question/"), body)
        expected = faults(*((name, "required", REQUIRED) for name in ("type", "text", "answers")))
        assert answer[:2] == (400, expected)


def test_all_faults_at_once() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    body = {"answers": [{"text": "a"}, {"text": "b"}], "text": None, "type": "single_choice"}
    with nothing_changes():
        answer = Api(ann).post(lesson_path(quiz, "question/"), body)
        nothing = ("text", "null", "This field may not be null.")
        assert answer[:2] == (400, faults(nothing, ("answers", "invalid", ONE)))


def test_not_a_quiz() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    with nothing_changes():
        for end in ("", "question/"):
            assert Api(ann).post(lesson_path(lesson, end), BODY)[:2] == (400, NOT_A_QUIZ)


@pytest.mark.parametrize("end", ["", "question/"])
def test_nobody_but_managers(end: str) -> None:
    quiz = make_quiz(make_user())
    path = lesson_path(quiz, end)
    assert Api(make_manager(quiz.course, make_user("max"))).post(path, BODY).status == 201
    assert_managers_only(quiz.course, "POST", path, BODY)
    assert_hidden(quiz.course, "POST", path, BODY)


def test_every_id_belongs_to_the_one_before() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    foreign = make_lesson(make_section(make_course(ann, "Physics")), type="quiz")
    base = f"course/{quiz.course_id}/section"
    with nothing_changes():
        for path in (
            f"{base}/{quiz.section_id}/lesson/999999/question/",
            f"{base}/{quiz.section_id}/lesson/undefined/question/",
            f"{base}/{quiz.section_id}/lesson/{'9' * 30}/question/",
            f"{base}/{quiz.section_id}/lesson/{foreign.pk}/question/",
            f"{base}/{foreign.section_id}/lesson/{foreign.pk}/question/",
            f"{base}/999999/lesson/{quiz.pk}/question/",
            f"course/{foreign.course_id}/section/{quiz.section_id}/lesson/{quiz.pk}/",
        ):
            assert (path, *Api(ann).post(path, BODY)[:2]) == (path, 404, NOT_FOUND)


def test_the_same_number_of_statements() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    one = Api(ann).post(lesson_path(quiz, "question/"), BODY)
    for place in range(30):
        make_question(quiz, f"Question {place}")
    many = Api(ann).post(lesson_path(quiz, "question/"), {**BODY, "answers": [TWO[0]] + [TWO[1]] * 499})
    assert (many.status, len(many.body["answers"])) == (201, 500)
    assert one.statements == many.statements <= 9
