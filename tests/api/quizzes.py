"""What the tests of quizzes share: quizzes with questions, attempts, their shapes, what is wrong with bodies."""

from typing import Any

from coursewright.accounts.models import User
from coursewright.courses.models import Lesson
from coursewright.quizzes.actions.attempts import make_attempt
from coursewright.quizzes.actions.questions import create_question
from coursewright.quizzes.models import Answer, Question
from tests.api.authors import BAD_BOOLEAN, BAD_NUMBER, BAD_TEXT, BLANK, NO_LIST, NUL, NULL, REQUIRED, SURROGATE, Fault
from tests.api.learners import lesson_path
from tests.client import refused
from tests.factories import NOW, make_course, make_lesson, make_section

FEW = "A question needs at least two answers."
ONE = "Exactly one answer must be correct."
SOME = "At least one answer must be correct."
TOO_LONG = "Ensure this field has no more than 2000 characters."
TOO_MANY = "No more than 500 items."
NO_OBJECT = "Expected an object."
NOT_A_QUIZ = refused("not_a_quiz", "This lesson is not a quiz.")
NEEDS_ATTEMPT = {
    "complete/": refused("quiz_needs_attempt", "A quiz is completed by passing it."),
    "incomplete/": refused(
        "quiz_needs_attempt", "The completion of a quiz comes from its attempts and cannot be taken back."
    ),
}
NO_QUESTIONS = refused("quiz_has_no_questions", "This quiz has no questions yet.")
TWO = [{"text": "yes", "correct": True}, {"text": "no"}]


def make_quiz(creator: User, **values: Any) -> Lesson:
    return make_lesson(make_section(make_course(creator)), type="quiz", **values)


def make_question(quiz: Lesson, text: str = "Is it?", right: str = "yes", **values: Any) -> Question:
    """A question with the options yes, no and maybe; one of them is right."""
    answers = [{"text": option, "correct": option == right} for option in ("yes", "no", "maybe")]
    fields = {"type": "single_choice", "text": text, "answers": answers, **values}
    question = create_question(quiz.pk, fields, at=NOW, by=quiz.created_by_id)
    return Question.objects.get(pk=question.id)


def option(question: Question, text: str) -> int:
    """The id of an option."""
    return Answer.objects.get(question=question, text=text).pk


def responses(**selected: str) -> dict[str, Any]:
    """The body of an attempt: the text of each question with the option selected."""
    questions = {text: Question.objects.get(text=text, deleted_at=None) for text in selected}
    return {
        "responses": [
            {"question_id": questions[text].pk, "selected_options": [option(questions[text], choice)]}
            for text, choice in selected.items()
        ]
    }


def attempt(quiz: Lesson, user: User, at: Any = NOW, **selected: str) -> int:
    """Makes an attempt as someone, and answers its id."""
    pairs = [(item["question_id"], item["selected_options"]) for item in responses(**selected)["responses"]]
    return make_attempt(quiz.course_id, quiz.pk, user.pk, pairs, at=at).id


def question_path(question: Question) -> str:
    return lesson_path(question.lesson, f"question/{question.pk}/")


def question_shape(question: Question, *, managed: bool = True, **values: Any) -> dict[str, Any]:
    """A question as it is answered to managers, or to learners."""
    return {
        "id": question.pk,
        "type": question.type,
        "image": None,
        "text": question.text,
        "answers": [
            {"id": answer.pk, "text": answer.text, **({"correct": answer.correct} if managed else {})}
            for answer in question.answers.all()
        ],
        **values,
    }


def with_answer(**values: Any) -> dict[str, Any]:
    return {"answers": [{"text": "a", "correct": True, **values}, {"text": "b"}]}


def answers_fault(text: str, code: str = "invalid") -> Fault:
    return ("answers", code, text)


BAD_QUESTION_FIELDS: dict[str, tuple[dict[str, Any], Fault]] = {
    "type unknown": ({"type": "essay"}, ("type", "invalid_choice", '"essay" is not a valid choice.')),
    "type null": ({"type": None}, ("type", "null", NULL)),
    "type list": ({"type": []}, ("type", "invalid_choice", '"[]" is not a valid choice.')),
    "type boolean": ({"type": True}, ("type", "invalid_choice", '"True" is not a valid choice.')),
    "image word": ({"image": "x"}, ("image", "invalid_image", "Send an image file or a data URL.")),
    "image object": ({"image": {}}, ("image", "invalid_image", "Send an image file or a data URL.")),
    "text blank": ({"text": ""}, ("text", "blank", BLANK)),
    "text null": ({"text": None}, ("text", "null", NULL)),
    "text boolean": ({"text": True}, ("text", "invalid", BAD_TEXT)),
    "text NUL": ({"text": "a\0"}, ("text", "invalid", NUL)),
    "text surrogate": ({"text": "\ud800"}, ("text", "invalid", SURROGATE)),
    "text too long": ({"text": "x" * 2001}, ("text", "max_length", TOO_LONG)),
    "answers null": ({"answers": None}, answers_fault(NULL, "null")),
    "answers boolean": ({"answers": True}, answers_fault(NO_LIST)),
    "answers object": ({"answers": {"a": 1}}, answers_fault(NO_LIST)),
    "answers word": ({"answers": "x"}, answers_fault(f"answers[0]: {NO_OBJECT}")),
    "answers broken JSON": ({"answers": '[{"text": "a"'}, answers_fault(f"answers[0]: {NO_OBJECT}")),
    "answers number": ({"answers": [TWO[0], 2]}, answers_fault(f"answers[1]: {NO_OBJECT}")),
    "answers nested": ({"answers": [[{}]]}, answers_fault(f"answers[0]: {NO_OBJECT}")),
    "answers null inside": ({"answers": [TWO[0], None]}, answers_fault(f"answers[1]: {NULL}", "null")),
    "answers empty": ({"answers": []}, answers_fault(FEW)),
    "one answer": ({"answers": TWO[:1]}, answers_fault(FEW)),
    "none correct": ({"answers": [{"text": "a"}, {"text": "b"}]}, answers_fault(ONE)),
    "two correct": ({"answers": [TWO[0], TWO[0]]}, answers_fault(ONE)),
    "none correct of many": (
        {"type": "multi_choice", "answers": [{"text": "a"}, {"text": "b"}]},
        answers_fault(SOME),
    ),
    "501 answers": ({"answers": [TWO[0]] + [{"text": "b"}] * 500}, answers_fault(TOO_MANY, "max_length")),
    "answer without text": (
        {"answers": [{"correct": True}, {"text": "b"}]},
        answers_fault(f"answers[0].text: {REQUIRED}", "required"),
    ),
    "answer blank": (with_answer(text=" "), answers_fault(f"answers[0].text: {BLANK}", "blank")),
    "answer null": (with_answer(text=None), answers_fault(f"answers[0].text: {NULL}", "null")),
    "answer object": (with_answer(text={"a": 1}), answers_fault(f"answers[0].text: {BAD_TEXT}")),
    "answer NUL": (with_answer(text="a\0"), answers_fault(f"answers[0].text: {NUL}")),
    "answer surrogate": (with_answer(text="\ud800"), answers_fault(f"answers[0].text: {SURROGATE}")),
    "answer too long": (with_answer(text="x" * 2001), answers_fault(f"answers[0].text: {TOO_LONG}", "max_length")),
    "correct null": (with_answer(correct=None), answers_fault(f"answers[0].correct: {NULL}", "null")),
    "correct word": (with_answer(correct="perhaps"), answers_fault(f"answers[0].correct: {BAD_BOOLEAN}")),
    "correct list": (with_answer(correct=[True]), answers_fault(f"answers[0].correct: {BAD_BOOLEAN}")),
    "id word": (with_answer(id="x"), answers_fault(f"answers[0].id: {BAD_NUMBER}")),
    "id boolean": (with_answer(id=True), answers_fault(f"answers[0].id: {BAD_NUMBER}")),
    "id list": (with_answer(id=[1]), answers_fault(f"answers[0].id: {BAD_NUMBER}")),
}
"""One wrong field of a question; the same for POST, PUT and PATCH."""

FORMS: dict[str, list[tuple[str, str]]] = {
    "JSON text": [("answers", '[{"text": "yes, sir", "correct": true}, {"text": "no"}]')],
    "brackets": [
        ("answers[0][text]", "yes, sir"),
        ("answers[0][correct]", "true"),
        ("answers[1][text]", "no"),
    ],
    "repeated": [("answers", '[{"text": "yes, sir", "correct": true}]'), ("answers", '[{"text": "no"}]')],
}
"""The same two answers, as forms write them."""
