"""POST /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/attempt/"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses.models import Lesson
from coursewright.learning.actions.standings import leave
from coursewright.learning.errors import NotJoined
from coursewright.quizzes.actions.attempts import make_attempt
from coursewright.quizzes.models import Attempt
from tests.api.authors import BAD_NUMBER, NO_LIST, NULL, REQUIRED, assert_hidden, faults, nothing_changes, person
from tests.api.learners import lesson_path, locked, make_people
from tests.api.quizzes import (
    NEEDS_ATTEMPT,
    NO_OBJECT,
    NO_QUESTIONS,
    NOT_A_QUIZ,
    make_question,
    make_quiz,
    option,
    question_path,
    responses,
)
from tests.api.test_course_images import data_url, picture
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.clock import Clock
from tests.factories import NOW, make_course, make_joined, make_lesson, make_section, make_user

EVERY = "Answer every question of the quiz, and no other."
OPTION = "An option is not one of the question's."


def path(quiz: Lesson) -> str:
    return lesson_path(quiz, "attempt/")


def test_whole_answer() -> None:
    """Two of three are right; to a manager with the key."""
    ann = make_user()
    quiz = make_quiz(ann, passing_grade=67)
    make_question(quiz, "A")
    make_question(quiz, "B")
    both = make_question(quiz, "C", type="multi_choice", answers=[{"text": "x", "correct": True}, {"text": "y"}])
    leo = make_joined(quiz.course, make_user("leo", real_name="Leo"))
    body = responses(A="yes", B="no")
    body["responses"].insert(0, {"question_id": str(both.pk), "selected_options": [str(option(both, "x"))]})
    answer = Api(leo).post(path(quiz), body)
    asked = list(quiz.questions.all())

    def shape(place: int, right: bool, selected: str, key: bool) -> dict[str, Any]:
        return {
            "id": asked[place].pk,
            "type": asked[place].type,
            "image": None,
            "text": asked[place].text,
            "answers": [
                {
                    "id": item.pk,
                    "text": item.text,
                    **({"correct": item.correct} if key else {}),
                    "selected": item.text == selected,
                }
                for item in asked[place].answers.all()
            ],
            "correct": right,
        }

    def expected(key: bool) -> dict[str, Any]:
        return {
            "id": Attempt.objects.get().pk,
            "created_at": "2026-11-23T10:00:00Z",
            "lesson_id": quiz.pk,
            "user": person(leo),
            "quiz_attempt": {
                "grade": 67,
                "result": "completed",
                "questions": [shape(0, True, "yes", key), shape(1, False, "no", key), shape(2, True, "x", key)],
                "num_attempts": 1,
                "passing_grade": 67,
                "correct_responses": 2,
            },
        }

    assert answer[:2] == (200, expected(key=False))
    found = lesson_path(quiz, f"attempt/{answer.body['id']}/")
    assert Api(leo).get(found)[:2] == (200, expected(key=False))
    assert Api(ann).get(found)[:2] == (200, expected(key=True))
    assert Api(leo).get(lesson_path(quiz)).body["last_attempt"] == expected(key=False)
    assert Api(ann).get(lesson_path(quiz)).body["last_attempt"] is None


@pytest.mark.parametrize("encoding", ["JSON text", "brackets", "form"])
def test_forms(encoding: str) -> None:
    quiz = make_quiz(make_user())
    question = make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    yes = option(question, "yes")
    text = f'[{{"question_id": {question.pk}, "selected_options": [{yes}]}}]'
    if encoding == "brackets":
        fields = [("responses[0][question_id]", question.pk), ("responses[0][selected_options][]", yes)]
        answer = Api(leo).multipart("POST", path(quiz), fields)
    elif encoding == "form":
        answer = Api(leo).form("POST", path(quiz), responses=text)
    else:
        answer = Api(leo).multipart("POST", path(quiz), [("responses", text)])
    assert (answer.status, answer.body["quiz_attempt"]["grade"]) == (200, 100)


QUESTION, OPTIONS = "responses[0].question_id", "responses[0].selected_options"
BAD: dict[str, tuple[Any, str, str]] = {
    "null": (None, "null", NULL),
    "object": ({"a": 1}, "invalid", NO_LIST),
    "boolean": (True, "invalid", NO_LIST),
    "word": ("x", "invalid", f"responses[0]: {NO_OBJECT}"),
    "broken JSON": ('[{"question_id": 1', "invalid", f"responses[0]: {NO_OBJECT}"),
    "numbers": ([1], "invalid", f"responses[0]: {NO_OBJECT}"),
    "nested": ([[1]], "invalid", f"responses[0]: {NO_OBJECT}"),
    "nulls": ([None], "null", f"responses[0]: {NULL}"),
    "no question": ([{"selected_options": []}], "required", f"{QUESTION}: {REQUIRED}"),
    "no options": ([{"question_id": 1}], "required", f"{OPTIONS}: {REQUIRED}"),
    "question null": ([{"question_id": None, "selected_options": []}], "null", f"{QUESTION}: {NULL}"),
    "question boolean": ([{"question_id": True, "selected_options": []}], "invalid", f"{QUESTION}: {BAD_NUMBER}"),
    "question list": ([{"question_id": [1], "selected_options": []}], "invalid", f"{QUESTION}: {BAD_NUMBER}"),
    "options null": ([{"question_id": 1, "selected_options": None}], "null", f"{OPTIONS}: {NULL}"),
    "options boolean": ([{"question_id": 1, "selected_options": True}], "invalid", f"{OPTIONS}: {NO_LIST}"),
    "options word": ([{"question_id": 1, "selected_options": "x"}], "invalid", f"{OPTIONS}[0]: {BAD_NUMBER}"),
    "options NUL": ([{"question_id": 1, "selected_options": [1, "1\0"]}], "invalid", f"{OPTIONS}[1]: {BAD_NUMBER}"),
    "options nested": ([{"question_id": 1, "selected_options": [[1]]}], "invalid", f"{OPTIONS}[0]: {BAD_NUMBER}"),
    "5001": ([{"question_id": 1, "selected_options": [1]}] * 5001, "max_length", "No more than 5000 items."),
    "empty": ([], "invalid", EVERY),
    "unknown question": ([{"question_id": 10**30, "selected_options": [1]}], "invalid", EVERY),
}


@pytest.mark.parametrize("case", list(BAD))
def test_bad_body(case: str) -> None:
    quiz = make_quiz(make_user())
    make_question(quiz)
    leo = make_joined(quiz.course, make_user("leo"))
    value, code, text = BAD[case]
    with nothing_changes():
        assert Api(leo).post(path(quiz), {"responses": value})[:2] == (400, faults(("responses", code, text)))
        missing = faults(("responses", "required", REQUIRED))
        assert Api(leo).post(path(quiz), {"questions": []})[:2] == (400, missing)


def test_a_quiz_of_501_questions() -> None:
    quiz = make_quiz(make_user())
    for place in range(501):
        make_question(quiz, f"Question {place}")
    leo = make_joined(quiz.course, make_user("leo"))
    right = responses(**{f"Question {place}": "yes" for place in range(501)})
    answer = Api(leo).post(path(quiz), right)
    assert (answer.status, answer.body["quiz_attempt"]["grade"]) == (200, 100)


def test_responses_that_do_not_fit() -> None:
    ann = make_user()
    quiz = make_quiz(ann)
    first, second = make_question(quiz, "A"), make_question(quiz, "B")
    gone = make_question(quiz, "Gone")
    right = responses(A="yes", B="yes")["responses"]
    of_gone = responses(Gone="yes")["responses"]
    Api(ann).delete(question_path(gone))
    leo = make_joined(quiz.course, make_user("leo"))

    def selecting(*options: int) -> list[dict[str, Any]]:
        return [{"question_id": first.pk, "selected_options": list(options)}, right[1]]

    yes, no, foreign = option(first, "yes"), option(first, "no"), option(second, "yes")
    wrong = [
        (right[:1], EVERY),
        (right + of_gone, EVERY),
        ([*right, right[0]], "A question is answered twice."),
        (selecting(foreign), OPTION),
        (selecting(999999), OPTION),
        (selecting(10**30), OPTION),
        (selecting(yes, yes), "An option is selected twice."),
        (selecting(yes, no), "Select exactly one option of a single choice."),
        (selecting(), "Select exactly one option of a single choice."),
    ]
    with nothing_changes():
        for given, text in wrong:
            answer = Api(leo).post(path(quiz), {"responses": given})
            assert answer[:2] == (400, faults(("responses", "invalid", text)))


def test_no_quiz_and_no_questions() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    quiz = make_lesson(make_section(lesson.course), type="quiz")
    leo = make_joined(lesson.course, make_user("leo"))
    with nothing_changes():
        assert Api(leo).post(path(lesson), {"responses": []})[:2] == (400, NOT_A_QUIZ)
        assert Api(leo).post(path(quiz), {"responses": []})[:2] == (400, NO_QUESTIONS)


def test_who_may() -> None:
    quiz = make_quiz(make_user())
    make_question(quiz)
    body = responses(**{"Is it?": "yes"})
    people = make_people(quiz.course)
    for who in ("manager", "joined"):
        answer = Api(people[who]).post(path(quiz), body)
        assert (answer.status, answer.body["quiz_attempt"]["num_attempts"]) == (200, 1)
    with nothing_changes():
        for who in ("invited", "requested", "left", "stranger"):
            assert (who, *Api(people[who]).post(path(quiz), body)[:2]) == (who, 403, NOT_JOINED)
        assert Api().post(path(quiz), body)[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").post(path(quiz), body)[:2] == (401, BAD_TOKEN)
    assert_hidden(quiz.course, "POST", path(quiz), body)


def test_closed_lessons() -> None:
    """What is locked is locked whatever the body; foreign lessons and drafts are not there."""
    course = make_course(make_user(), type="scheduled")
    section = make_section(course, dripped_at=NOW + timedelta(days=1))
    quiz, draft = make_lesson(section, type="quiz"), make_lesson(section, type="quiz", status="draft")
    foreign = make_quiz_elsewhere()
    leo = make_joined(course, make_user("leo"))
    with nothing_changes():
        refusal = locked("it opens on 2026-11-24 at 10:00 UTC.")
        assert Api(leo).post(path(quiz), {"responses": 1})[:2] == (403, refusal)
        assert Api(leo).post(path(draft), {})[:2] == (404, NOT_FOUND)
        moved = path(foreign).replace(f"course/{foreign.course_id}/", f"course/{course.pk}/")
        assert Api(leo).post(moved, {})[:2] == (404, NOT_FOUND)


def make_quiz_elsewhere() -> Lesson:
    return make_lesson(make_section(make_course(make_user("bob"), "Physics")), type="quiz")


def test_standing_progress_and_activity(clock: Clock) -> None:
    """Failed, then passed, then failed again: once passed a quiz stays completed; each attempt is activity."""
    ann = make_user()
    quiz = make_quiz(ann)
    make_question(quiz)
    course, leo = quiz.course, make_joined(quiz.course, make_user("leo"))

    def told() -> tuple[Any, ...]:
        lesson = Api(leo).get(lesson_path(quiz)).body
        page = Api(leo).get(f"course/{course.pk}/").body
        (section,) = page["sections"]
        (row,) = Api(ann).get(f"course/{course.pk}/users/").body["results"]
        last = lesson["last_attempt"] and lesson["last_attempt"]["quiz_attempt"]["num_attempts"]
        assert section["lessons"][0]["completion_status"] == lesson["completion_status"]
        assert page["user_completion_rate"] == row["user_completion_rate"] == 100 * section["num_lessons_completed"]
        return lesson["completion_status"], page["user_completion_rate"], row["last_active_at"], last

    assert told() == ("uncompleted", 0, None, None)
    for minute, choice, expected in (
        (1, "no", ("failed", 0)),
        (2, "yes", ("completed", 100)),
        (3, "no", ("completed", 100)),
    ):
        clock.set(NOW + timedelta(minutes=minute))
        assert Api(leo).post(path(quiz), responses(**{"Is it?": choice})).status == 200
        assert told() == (*expected, f"2026-11-23T10:0{minute}:00Z", minute)
    with nothing_changes():
        for end, refusal in NEEDS_ATTEMPT.items():
            assert Api(leo).post(lesson_path(quiz, end))[:2] == (400, refusal)


def test_a_passed_quiz_opens_the_next_lesson() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    section = make_section(course)
    quiz, following = make_lesson(section, type="quiz"), make_lesson(section, "Next")
    make_question(quiz)
    leo = make_joined(course, make_user("leo"))
    statuses = [Api(leo).get(lesson_path(following)).status]
    for choice in ("no", "yes"):
        Api(leo).post(path(quiz), responses(**{"Is it?": choice}))
        statuses.append(Api(leo).get(lesson_path(following)).status)
    assert statuses == [403, 403, 200]


def test_an_attempt_stays_as_it_was(settings: Any, tmp_path: Path) -> None:
    """Whatever is edited later: texts, the key, the picture, the passing grade, the question itself."""
    settings.MEDIA_ROOT = tmp_path
    ann = make_user()
    quiz = make_quiz(ann)
    question = make_question(quiz)
    pictured = Api(ann).patch(question_path(question), {"image": data_url(picture())}).body["image"]
    leo = make_joined(quiz.course, make_user("leo"))
    answer = Api(leo).post(path(quiz), responses(**{"Is it?": "no"}))
    assert answer.body["quiz_attempt"]["questions"][0]["image"] == pictured
    found = lesson_path(quiz, f"attempt/{answer.body['id']}/")
    answers = [{"text": "no", "correct": True}, {"text": "new"}]
    edits: list[tuple[str, dict[str, Any]]] = [
        (question_path(question), {"text": "Other", "answers": answers, "image": None}),
        (question_path(question), {"type": "multi_choice"}),
        (lesson_path(quiz), {"passing_grade": 0}),
        (lesson_path(quiz), {"questions_order": []}),
    ]
    for where, edit in edits:
        assert Api(ann).patch(where, edit).status == 200
        assert Api(leo).get(found)[:2] == (200, answer.body)
        assert Api(leo).get(lesson_path(quiz)).body["completion_status"] == "failed"
    assert Api().get(pictured.removeprefix("http://testserver")).status == 200


def test_the_same_number_of_statements() -> None:
    quiz = make_quiz(make_user())
    make_question(quiz, "Q0")
    leo, kay = make_joined(quiz.course, make_user("leo")), make_joined(quiz.course, make_user("kay"))
    one = Api(leo).post(path(quiz), responses(Q0="yes"))
    for place in range(1, 30):
        make_question(quiz, f"Q{place}")
    many = Api(kay).post(path(quiz), responses(**{f"Q{place}": "yes" for place in range(30)}))
    assert (one.status, many.status, len(many.body["quiz_attempt"]["questions"])) == (200, 200, 30)
    assert one.statements == many.statements == 9


def test_who_leaves_meanwhile_makes_none() -> None:
    """Between the look at the standing and the attempt, of which nothing is left."""
    quiz = make_quiz(make_user())
    asked, leo = make_question(quiz, "A"), make_joined(quiz.course, make_user("leo"))
    leave(quiz.course_id, leo.pk, at=NOW, by=leo.pk)
    with nothing_changes(), pytest.raises(NotJoined):
        make_attempt(quiz.course_id, quiz.pk, leo.pk, [(asked.pk, [option(asked, "yes")])], at=NOW)
