"""What a quiz adds to a lesson: ``questions_order``, ``passing_grade``, a type that stays (rules.md 7)."""

from typing import Any

import pytest

from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from coursewright.quizzes.models import Question
from tests.api.authors import NULL, faults, nothing_changes
from tests.api.learners import lesson_path
from tests.api.quizzes import attempt, make_question, make_quiz, question_path, question_shape
from tests.api.threads import document_shape, make_document
from tests.client import NOT_FOUND, Api, codes, wrong
from tests.factories import complete, make_joined, make_lesson, make_user


def patch(quiz: Lesson, **values: Any) -> Any:
    return Api(quiz.created_by).patch(lesson_path(quiz), values)


def test_ids_left_out_are_deleted() -> None:
    quiz = make_quiz(make_user())
    first, second, third = (make_question(quiz, text) for text in "ABC")
    answer = patch(quiz, questions_order=[third.pk, first.pk])
    assert (answer.status, answer.body["questions"]) == (200, [question_shape(third), question_shape(first)])
    assert Question.objects.get(pk=second.pk).deleted_at is not None
    assert Event.objects.filter(kind="question.deleted").values_list("object_id", flat=True).get() == second.pk
    body = {"name": "Limits", "type": "quiz", "questions_order": []}
    answer = Api(quiz.created_by).put(lesson_path(quiz), body)
    assert (answer.status, answer.body["questions"]) == (200, [])


def test_a_put_or_patch_without_an_order_keeps_the_questions() -> None:
    quiz = make_quiz(make_user())
    shapes = [question_shape(make_question(quiz, text)) for text in "AB"]
    assert patch(quiz, name="New").body["questions"] == shapes
    body = {"name": "Newer", "type": "quiz"}
    assert Api(quiz.created_by).put(lesson_path(quiz), body).body["questions"] == shapes


@pytest.mark.parametrize("encoding", ["json", "form", "multipart"])
def test_orders_of_other_encodings(encoding: str) -> None:
    quiz = make_quiz(make_user())
    ids = [make_question(quiz, text).pk for text in "AB"]
    api, turned = Api(quiz.created_by), f"[{ids[1]}, {ids[0]}]"
    if encoding == "json":
        answer = patch(quiz, questions_order=[str(ids[1]), ids[0]])
    elif encoding == "form":
        answer = api.form("PATCH", lesson_path(quiz), questions_order=turned)
    else:
        fields = [("questions_order[]", ids[1]), ("questions_order[]", ids[0])]
        answer = api.multipart("PATCH", lesson_path(quiz), fields)
    assert (answer.status, [item["id"] for item in answer.body["questions"]]) == (200, ids[::-1])


def test_bad_orders() -> None:
    quiz = make_quiz(make_user())
    question, gone = make_question(quiz, "A"), make_question(quiz, "B")
    foreign = make_question(make_lesson(quiz.section, "Other", type="quiz"), "C")
    patch(quiz, questions_order=[question.pk])
    with nothing_changes():
        for id in (gone.pk, foreign.pk, 999999):
            answer = patch(quiz, questions_order=[question.pk, id], name="New")
            text = f"There is no such id here: {id}."
            assert answer[:2] == (400, faults(("questions_order", "does_not_exist", text)))
        answer = patch(quiz, questions_order=[question.pk, question.pk])
        assert answer[:2] == (400, faults(("questions_order", "invalid", "An id is listed twice.")))
        assert patch(quiz, questions_order=None)[:2] == (400, faults(("questions_order", "null", NULL)))


def test_the_same_order_changes_nothing() -> None:
    quiz = make_quiz(make_user())
    ids = [make_question(quiz, text).pk for text in "AB"]
    with nothing_changes():
        assert patch(quiz, questions_order=ids, type="quiz", passing_grade=60).status == 200


def test_type_stays_once_there_are_attempts() -> None:
    quiz = make_quiz(make_user())
    question = make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    assert patch(quiz, type="lesson").body["questions"] == []
    assert patch(quiz, type="quiz").body["questions"] == [question_shape(question)]
    attempt(quiz, leo, **{"Is it?": "yes"})
    fault = ("type", "invalid", "The type cannot change once there are attempts.")
    with nothing_changes():
        assert patch(quiz, type="lesson")[:2] == (400, faults(fault))
        text = "There is no such id here: 999999."
        answer = patch(quiz, type="lesson", questions_order=[999999])
        assert answer[:2] == (400, faults(fault, ("questions_order", "does_not_exist", text)))
    assert patch(quiz, type="quiz", name="New").status == 200


def test_passing_grade() -> None:
    quiz = make_quiz(make_user())
    assert quiz.passing_grade == 60
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    for grade, choice, result in ((0, "no", "completed"), (1, "no", "failed"), (100, "yes", "completed")):
        assert patch(quiz, passing_grade=str(grade)).body["passing_grade"] == grade
        id = attempt(quiz, leo, **{"Is it?": choice})
        found = Api(leo).get(lesson_path(quiz, f"attempt/{id}/")).body["quiz_attempt"]
        assert (found["passing_grade"], found["result"]) == (grade, result)


def test_the_same_number_of_statements() -> None:
    quiz = make_quiz(make_user())
    ids = [make_question(quiz, f"Q{place}").pk for place in range(2)]
    few = patch(quiz, questions_order=ids[:0:-1])
    more = [make_question(quiz, f"R{place}").pk for place in range(30)]
    many = patch(quiz, questions_order=more[:14:-1])
    assert (few.status, many.status, len(many.body["questions"])) == (200, 200, 15)
    assert few.statements == many.statements


def test_a_plain_lesson_keeps_the_questions_that_it_had_and_shows_none() -> None:
    quiz = make_quiz(make_user())
    first, second = (make_question(quiz, text) for text in "AB")
    patch(quiz, type="lesson")
    ann = Api(quiz.created_by)
    assert ann.get(f"{lesson_path(quiz)}question/").body == []
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert ann.call(method, question_path(first), {"text": "New"})[:2] == (404, NOT_FOUND)
    with nothing_changes():
        unknown = patch(quiz, questions_order=[first.pk])
        assert codes(unknown) == wrong(questions_order="does_not_exist")
        assert patch(quiz, questions_order=[]).body["questions"] == []
    back = patch(quiz, type="quiz", questions_order=[second.pk])
    assert back.body["questions"] == [question_shape(second), question_shape(first)]
    assert ann.get(f"{lesson_path(quiz)}question/").body == back.body["questions"]


def test_most_statements() -> None:
    """A lesson that someone completed becomes the draft of a quiz, with other media and another order, and back."""
    quiz = make_quiz(make_user(), status="draft")
    ann = quiz.created_by
    questions = [make_question(quiz, text) for text in "AB"]
    notes, slides = make_document(ann), make_document(ann, "Slides")
    patch(quiz, type="lesson", status="published", medias=[notes.pk])
    complete(quiz, make_joined(quiz.course, make_user("leo")))
    order = [question.pk for question in questions]
    answer = patch(quiz, type="quiz", status="draft", text="New", medias=[slides.pk], questions_order=order[::-1])
    assert (answer.status, answer.body["medias"], answer.body["questions"]) == (
        200,
        [document_shape(slides)],
        [question_shape(question) for question in questions[::-1]],
    )
    back = patch(quiz, type="lesson", status="published", text="Old", medias=[notes.pk], questions_order=order)
    assert (back.status, back.body["medias"], back.body["questions"]) == (200, [document_shape(notes)], [])
    assert (answer.statements, back.statements) == (13, 13)


def test_statements_of_publishing() -> None:
    """A quiz that was attempted, by its author too, and is shown with media and questions."""
    quiz = make_quiz(make_user())
    question, notes = make_question(quiz), make_document(quiz.created_by)
    patch(quiz, medias=[notes.pk])
    attempt(quiz, make_joined(quiz.course, make_user("leo")), **{question.text: "yes"})
    attempt(quiz, quiz.created_by, **{question.text: "no"})
    before = patch(quiz, status="draft")
    assert before.body["last_attempt"]["quiz_attempt"]["result"] == "failed"
    answer = patch(quiz, status="published")
    assert (answer.status, answer.body) == (200, {**before.body, "status": "published"})
    assert (before.statements, answer.statements) == (9, 9)


def test_reading_takes_the_same_number_of_statements() -> None:
    quiz = make_quiz(make_user())
    make_question(quiz, "Q0")
    leo = make_joined(quiz.course, make_user("leo"))
    attempt(quiz, leo, Q0="yes")
    one = Api(leo).get(lesson_path(quiz))
    for place in range(1, 30):
        make_question(quiz, f"Q{place}")
    many = Api(leo).get(lesson_path(quiz))
    assert (len(many.body["questions"]), many.statements) == (30, one.statements)
