"""GET /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/: in their order, without the key.

Who may is in test_get_question.py: it is the same for one and for all.
"""

from tests.api.learners import lesson_path
from tests.api.quizzes import make_question, make_quiz, question_shape
from tests.client import Api
from tests.factories import make_course, make_joined, make_lesson, make_section, make_user


def test_in_their_order_for_learners_and_for_managers() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    leo = make_joined(quiz.course, make_user("leo"))
    questions = [make_question(quiz, f"Question {place}") for place in range(3)]
    order = [questions[place] for place in (2, 0, 1)]
    ids = [question.pk for question in order]
    Api(ann).patch(lesson_path(quiz), {"questions_order": ids})
    found = Api(leo).get(lesson_path(quiz, "question/"))
    assert found[:2] == (200, [question_shape(question, managed=False) for question in order])
    assert Api(leo).get(lesson_path(quiz)).body["questions"] == found.body
    assert Api(ann).get(lesson_path(quiz, "question/")).body == [question_shape(question) for question in order]


def test_none() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    plain = make_lesson(make_section(make_course(ann, "Physics")))
    for lesson in (quiz, plain):
        assert Api(ann).get(lesson_path(lesson, "question/"))[:2] == (200, [])
