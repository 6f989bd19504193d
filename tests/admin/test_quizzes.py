"""Questions with their key can be looked at and deleted; attempts only looked at."""

import pytest

from coursewright.accounts.models import User
from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from coursewright.quizzes.models import Question
from tests.admin.browser import events, signed_in
from tests.api.quizzes import attempt, make_question, make_quiz
from tests.factories import make_course, make_joined, make_lesson, make_section, make_user

QUESTIONS = "/admin/coursewright/question/"
ATTEMPTS = "/admin/coursewright/attempt/"
DELETE = {"post": "yes"}


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


@pytest.fixture
def quiz(boss: User) -> Lesson:
    return make_quiz(make_user("ann"))


def test_a_question_with_its_key(boss: User, quiz: Lesson) -> None:
    question = make_question(quiz, "<b>Sure</b>?")
    page = signed_in(boss).get(f"{QUESTIONS}{question.pk}/change/").content.decode()
    parts = (
        "&lt;b&gt;Sure&lt;/b&gt;?",
        "<ol><li>yes <strong>correct</strong></li><li>no <strong></strong></li><li>maybe <strong></strong></li></ol>",
        f'<a href="/admin/coursewright/lesson/{quiz.pk}/change/">Limits</a>',
    )
    assert [part for part in parts if part not in page] == []


def test_an_attempt_as_it_was(boss: User, quiz: Lesson) -> None:
    leo = make_joined(quiz.course, make_user("leo"))
    make_question(quiz, "Sure")
    make_question(quiz, "Safe")
    id = attempt(quiz, leo, Sure="yes", Safe="no")
    Question.objects.update(text="Other")
    page = signed_in(boss).get(f"{ATTEMPTS}{id}/change/").content.decode()
    assert (
        "<p>Sure <strong>right</strong></p><ol><li>yes <strong>selected, correct</strong></li>"
        "<li>no <strong></strong></li><li>maybe <strong></strong></li></ol>"
        "<p>Safe <strong>wrong</strong></p><ol><li>yes <strong>correct</strong></li>"
        "<li>no <strong>selected</strong></li><li>maybe <strong></strong></li></ol>"
    ) in page


def test_a_question_is_deleted_once(boss: User, quiz: Lesson) -> None:
    question = make_question(quiz)
    seen, client = Event.objects.count(), signed_in(boss)
    page = client.post(f"{QUESTIONS}{question.pk}/delete/", DELETE)
    assert (page.status_code, page["Location"]) == (302, QUESTIONS)
    assert events(seen) == [("question.deleted", question.pk, boss.pk)]
    assert Question.objects.exclude(deleted_at=None).get() == question
    assert client.post(f"{QUESTIONS}{question.pk}/delete/", DELETE).status_code == 403


def test_selected_questions_are_deleted(boss: User, quiz: Lesson) -> None:
    one, two = make_question(quiz), make_question(quiz)
    seen = Event.objects.count()
    selected = {"action": "delete_selected", "_selected_action": [one.pk, two.pk], **DELETE}
    assert signed_in(boss).post(QUESTIONS, selected).status_code == 302
    assert sorted(events(seen)) == [("question.deleted", one.pk, boss.pk), ("question.deleted", two.pk, boss.pk)]


def test_nothing_else_is_written(boss: User, quiz: Lesson) -> None:
    question = make_question(quiz, "Sure")
    id = attempt(quiz, quiz.course.created_by, Sure="yes")
    client, seen = signed_in(boss), Event.objects.count()
    for page in (
        f"{QUESTIONS}add/",
        f"{QUESTIONS}{question.pk}/change/",
        f"{ATTEMPTS}add/",
        f"{ATTEMPTS}{id}/change/",
        f"{ATTEMPTS}{id}/delete/",
    ):
        assert (page, client.post(page, {"text": "Other", **DELETE}).status_code) == (page, 403)
    assert events(seen) == []
    assert Question.objects.get().text == "Sure"


def test_finding_questions_and_attempts(boss: User, quiz: Lesson) -> None:
    leo = make_joined(quiz.course, make_user("leo"))
    make_question(quiz, "Sure")
    make_question(make_lesson(make_section(make_course(boss, "Other")), type="quiz"), "Safe")
    first, second = attempt(quiz, leo, Sure="no"), attempt(quiz, leo, Sure="yes")
    client = signed_in(boss)

    def found(place: str, query: str, column: str) -> list[object]:
        return [getattr(row, column) for row in client.get(f"{place}?{query}").context["cl"].result_list]

    assert found(QUESTIONS, "", "text") == ["Safe", "Sure"]
    assert found(QUESTIONS, f"lesson_id={quiz.pk}", "text") == ["Sure"]
    assert found(QUESTIONS, f"course_id={quiz.course_id}&type__exact=multi_choice", "text") == []
    assert found(ATTEMPTS, "user_id=LEO", "pk") == [second, first]
    assert found(ATTEMPTS, f"lesson_id={quiz.pk}&o=5", "grade") == [0, 100]
    assert found(ATTEMPTS, "user_id=ann", "pk") == []


def test_history_is_the_events_of_the_question(boss: User, quiz: Lesson) -> None:
    question = make_question(quiz)
    page = signed_in(boss).get(f"{QUESTIONS}{question.pk}/history/", follow=True)
    assert [row.kind for row in page.context["cl"].result_list] == ["question.created"]
    link = f'<a href="{QUESTIONS}{question.pk}/change/">question {question.pk}</a>'
    assert page.content.decode().count(link) == 1


def test_not_for_others(quiz: Lesson) -> None:
    question, client = make_question(quiz, "Sure"), signed_in(quiz.course.created_by)
    id = attempt(quiz, quiz.course.created_by, Sure="yes")
    seen = Event.objects.count()
    for path in (f"{QUESTIONS}{question.pk}/change/", f"{QUESTIONS}{question.pk}/delete/", f"{ATTEMPTS}{id}/change/"):
        assert client.post(path, DELETE)["Location"] == f"/admin/login/?next={path}"
    assert events(seen) == []
