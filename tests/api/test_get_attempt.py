"""GET /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/attempt/{attempt_id}/

The whole answer is in test_make_attempt.py.
"""

from datetime import timedelta

from tests.api.learners import lesson_path, locked, make_people
from tests.api.quizzes import attempt, make_question, make_quiz
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.factories import NOW, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def test_for_who_made_it_and_for_managers() -> None:
    ann, kay = make_user(), make_user("kay")
    quiz = make_quiz(ann)
    make_question(quiz)
    make_joined(quiz.course, kay)
    path = lesson_path(quiz, f"attempt/{attempt(quiz, kay, **{'Is it?': 'yes'})}/")
    mine = Api(kay).get(path)
    assert (mine.status, mine.statements <= 6) == (200, True)
    expected = {
        "manager": 200,
        "joined": 404,
        "invited": 403,
        "requested": 403,
        "left": 403,
        "stranger": 403,
    }
    bodies = {403: NOT_JOINED, 404: NOT_FOUND}
    for who, user in make_people(quiz.course).items():
        answer = Api(user).get(path)
        assert (who, answer.status) == (who, expected[who])
        assert answer.status == 200 or answer.body == bodies[answer.status]
    assert Api().get(path)[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(path)[:2] == (401, BAD_TOKEN)


def test_not_for_who_left_nor_while_the_lesson_is_closed() -> None:
    """Locked by a later date: 403; back in the course and open again, it is there."""
    ann, leo = make_user(), make_user("leo")
    course = make_course(ann, type="scheduled")
    quiz = make_lesson(make_section(course, dripped_at=NOW), type="quiz")
    make_question(quiz)
    make_joined(course, leo)
    path = lesson_path(quiz, f"attempt/{attempt(quiz, leo, **{'Is it?': 'yes'})}/")
    before = Api(leo).get(path)
    assert before.status == 200
    section = f"course/{course.pk}/section/{quiz.section_id}/"
    Api(ann).patch(section, {"dripped_at": (NOW + timedelta(days=1)).isoformat()})
    assert Api(leo).get(path)[:2] == (403, locked("it opens on 2026-11-24 at 10:00 UTC."))
    Api(ann).patch(section, {"dripped_at": NOW.isoformat()})
    Api(leo).delete(f"course/{course.pk}/join/")
    assert Api(leo).get(path)[:2] == (403, NOT_JOINED)
    make_joined(course, leo)
    assert Api(leo).get(path)[:2] == before[:2]
    Api(ann).patch(lesson_path(quiz), {"status": "draft"})
    assert Api(leo).get(path)[:2] == (404, NOT_FOUND)
    assert Api(ann).get(path).status == 200


def test_every_id_belongs_to_the_one_before() -> None:
    ann, leo = make_user(), make_user("leo")
    quiz = make_quiz(ann)
    make_question(quiz)
    beside = make_lesson(make_section(quiz.course), type="quiz")
    foreign = make_lesson(make_section(make_course(ann, "Physics")), type="quiz")
    for course in (quiz.course, foreign.course):
        make_joined(course, leo)
    id = attempt(quiz, leo, **{"Is it?": "yes"})
    for user in (ann, leo):
        for path in (
            lesson_path(beside, f"attempt/{id}/"),
            lesson_path(foreign, f"attempt/{id}/"),
            lesson_path(quiz, "attempt/999999/"),
            lesson_path(quiz, "attempt/undefined/"),
            lesson_path(quiz, f"attempt/{'9' * 30}/"),
        ):
            assert (path, *Api(user).get(path)[:2]) == (path, 404, NOT_FOUND)


def test_managers_see_their_own_with_the_key_too() -> None:
    quiz = make_quiz(make_user())
    question = make_question(quiz)
    max_ = make_manager(quiz.course, make_user("max"))
    id = attempt(quiz, max_, **{"Is it?": "yes"})
    (shown,) = Api(max_).get(lesson_path(quiz, f"attempt/{id}/")).body["quiz_attempt"]["questions"]
    keys = [answer.correct for answer in question.answers.all()]
    assert [answer["correct"] for answer in shown["answers"]] == keys
