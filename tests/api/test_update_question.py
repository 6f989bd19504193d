"""PUT /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/{question_id}/"""

from typing import Any

import pytest

from coursewright.quizzes.models import Question
from tests.api.authors import REQUIRED, assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.learners import lesson_path
from tests.api.quizzes import (
    BAD_QUESTION_FIELDS,
    FORMS,
    ONE,
    TWO,
    make_question,
    make_quiz,
    option,
    question_path,
    question_shape,
)
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user

BODY: dict[str, Any] = {"type": "single_choice", "text": "Was it?", "answers": TWO}


def test_whole_answer() -> None:
    """Options that are sent with their ids keep them, in the order sent; the others are new or gone."""
    ann = make_user()
    question = make_question(make_quiz(ann))
    yes, no = option(question, "yes"), option(question, "no")
    answers = [{"text": "never"}, {"id": no, "text": "No!", "correct": True}, {"id": yes, "text": "yes"}]
    answer = Api(ann).put(question_path(question), {**BODY, "type": "multi_choice", "answers": answers})
    never = option(question, "never")
    assert never > option(question, "No!") == no
    assert answer[:2] == (
        200,
        {
            "id": question.pk,
            "type": "multi_choice",
            "image": None,
            "text": "Was it?",
            "answers": [
                {"id": never, "text": "never", "correct": False},
                {"id": no, "text": "No!", "correct": True},
                {"id": yes, "text": "yes", "correct": False},
            ],
        },
    )
    assert Api(ann).get(question_path(question))[:2] == (200, answer.body)


def test_its_answer_can_be_sent_back() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    shape = question_shape(question)
    with nothing_changes():
        assert Api(ann).put(question_path(question), shape)[:2] == (200, shape)
        assert Api(ann).patch(question_path(question), {})[:2] == (200, shape)


def test_ids_of_others_and_ids_twice_are_new_answers() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    question, other = make_question(quiz), make_question(quiz, "Other")
    before = question_shape(other)
    yes, foreign = option(question, "yes"), option(other, "yes")
    answers = [
        {"id": foreign, "text": "a", "correct": True},
        {"id": yes, "text": "b"},
        {"id": str(yes), "text": "c"},
        {"id": 999999, "text": "d"},
        {"id": 10**30, "text": "e"},
    ]
    answer = Api(ann).put(question_path(question), {**BODY, "answers": answers})
    told = [item["id"] for item in answer.body["answers"]]
    assert (answer.status, told[1], len(set(told))) == (200, yes, 5)
    assert not set(told) & {foreign, 999999}
    assert question_shape(other) == before
    assert Api(ann).get(question_path(question)).body == answer.body


@pytest.mark.parametrize("form", list(FORMS))
def test_forms(form: str) -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    fields = [("type", "single_choice"), ("text", "Is it?"), *FORMS[form]]
    answer = Api(ann).multipart("PUT", question_path(question), fields)
    told = [(item["text"], item["correct"]) for item in answer.body["answers"]]
    assert (answer.status, told) == (200, [("yes, sir", True), ("no", False)])


@pytest.mark.parametrize("case", list(BAD_QUESTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    body, fault = BAD_QUESTION_FIELDS[case]
    with nothing_changes():
        assert Api(ann).put(question_path(question), {**BODY, **body})[:2] == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"image": None}])
def test_required(body: Any) -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    expected = faults(*((name, "required", REQUIRED) for name in ("type", "text", "answers")))
    with nothing_changes():
        assert Api(ann).put(question_path(question), body)[:2] == (400, expected)


def test_all_faults_at_once() -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    body = {"type": "single_choice", "text": "", "answers": [{"text": "a"}, {"text": "b"}]}
    with nothing_changes():
        blank = ("text", "blank", "This field may not be blank.")
        assert Api(ann).put(question_path(question), body)[:2] == (400, faults(blank, ("answers", "invalid", ONE)))


def test_nobody_but_managers() -> None:
    question = make_question(make_quiz(make_user()))
    course, path = question.course, question_path(question)
    assert Api(make_manager(course, make_user("max"))).put(path, BODY).status == 200
    assert_managers_only(course, "PUT", path, BODY)
    assert_hidden(course, "PUT", path, BODY)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "GET"])
def test_every_id_belongs_to_the_one_before(method: str) -> None:
    ann = make_user()
    question = make_question(make_quiz(ann))
    quiz = question.lesson
    second = make_lesson(make_section(quiz.course, "Week two"), type="quiz")
    beside = make_question(second, "Beside")
    foreign = make_question(make_lesson(make_section(make_course(ann, "Physics")), type="quiz"), "Foreign")
    gone = make_question(quiz, "Gone")
    assert Api(ann).delete(question_path(gone)).status == 204
    with nothing_changes():
        for path in (
            question_path(gone),
            lesson_path(quiz, "question/999999/"),
            lesson_path(quiz, "question/undefined/"),
            lesson_path(quiz, f"question/{'9' * 30}/"),
            lesson_path(quiz, f"question/{beside.pk}/"),
            lesson_path(quiz, f"question/{foreign.pk}/"),
            question_path(question).replace(f"section/{quiz.section_id}/", f"section/{second.section_id}/"),
            question_path(foreign).replace(f"course/{foreign.course_id}/", f"course/{quiz.course_id}/"),
        ):
            answer = Api(ann).call(method, path, BODY if method != "GET" else None)
            assert (path, *answer[:2]) == (path, 404, NOT_FOUND)


def test_statements() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    question = make_question(quiz)
    yes = option(question, "yes")
    one = Api(ann).put(question_path(question), {**BODY, "answers": [*TWO, {"id": yes, "text": "perhaps"}]})
    for place in range(30):
        make_question(quiz, f"Question {place}")
    answers = [{"text": "new", "correct": True}, *({**item, "correct": False} for item in one.body["answers"][1:])]
    many = Api(ann).put(question_path(question), {**BODY, "text": "", "answers": answers + [{"text": "x"}] * 497})
    assert many.status == 400
    many = Api(ann).put(question_path(question), {**BODY, "text": "So?", "answers": answers + [{"text": "x"}] * 497})
    assert (many.status, len(many.body["answers"])) == (200, 500)
    assert (one.status, one.statements) == (200, 8)
    assert many.statements == 8
    assert Question.objects.get(pk=question.pk).answers.count() == 500
