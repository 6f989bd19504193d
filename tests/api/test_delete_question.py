"""DELETE /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/question/{question_id}/"""

from tests.api.authors import assert_hidden, assert_managers_only, nothing_changes
from tests.api.learners import lesson_path
from tests.api.quizzes import attempt, make_question, make_quiz, question_path, question_shape
from tests.client import NOT_FOUND, Api
from tests.factories import make_joined, make_manager, make_user


def test_whole_answer() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    question, other = make_question(quiz), make_question(quiz, "Other")
    answer = Api(ann).delete(question_path(question))
    assert answer[:2] == (204, None)
    assert answer.statements <= 9
    assert Api(ann).get(question_path(question))[:2] == (404, NOT_FOUND)
    assert Api(ann).get(lesson_path(quiz, "question/")).body == [question_shape(other)]
    with nothing_changes():
        assert Api(ann).delete(question_path(question))[:2] == (404, NOT_FOUND)


def test_attempts_keep_it() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    first, second = make_question(quiz, "First"), make_question(quiz, "Second")
    leo = make_joined(quiz.course, make_user("leo"))
    id = attempt(quiz, leo, First="yes", Second="no")
    before = Api(leo).get(lesson_path(quiz, f"attempt/{id}/"))
    for question in (first, second):
        assert Api(ann).delete(question_path(question)).status == 204
    assert Api(leo).get(lesson_path(quiz, f"attempt/{id}/"))[:2] == before[:2]
    lesson = Api(leo).get(lesson_path(quiz)).body
    assert (lesson["questions"], lesson["last_attempt"]) == ([], before.body)


def test_nobody_but_managers() -> None:
    quiz = make_quiz(make_user())
    question, other = make_question(quiz), make_question(quiz, "Other")
    assert Api(make_manager(quiz.course, make_user("max"))).delete(question_path(other)).status == 204
    assert_managers_only(quiz.course, "DELETE", question_path(question))
    assert_hidden(quiz.course, "DELETE", question_path(question))
