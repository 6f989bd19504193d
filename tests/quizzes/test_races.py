"""Attempts and edits at the same instant, at a running server: each attempt is whole, and counted once (rules.md 7)."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.client import Answer
from tests.learning.crowd import Person, at_once, crowd
from tests.servers import Server

DELETED = """
import json
from coursewright.foundation.models import Event
found = Event.objects.filter(kind="question.deleted", object_id__in={ids}).order_by("object_id")
print(json.dumps([event.object_id for event in found]))
"""


@pytest.fixture(scope="module")
def people(server: Server) -> Iterator[list[Person]]:
    with crowd(server, ["ann", "leo", "kay"]) as people:
        yield people


def question(text: str, *options: str) -> dict[str, Any]:
    """The first option is right."""
    answers = [{"text": option, "correct": place == 0} for place, option in enumerate(options)]
    return {"type": "single_choice", "text": text, "answers": answers}


def make_quiz(ann: Person, *learners: Person) -> str:
    """The path of a quiz that these people joined."""
    fields = {"name": f"Race {uuid4().hex}", "type": "self-paced", "privacy": "open"}
    course = ann.api.post("course/", fields).body["id"]
    section = ann.api.post(f"course/{course}/section/", {"name": "One"}).body["id"]
    fields = {"name": "Limits", "type": "quiz", "status": "published"}
    quiz = ann.api.post(f"course/{course}/section/{section}/lesson/", fields).body["id"]
    for learner in learners:
        assert learner.api.post(f"course/{course}/join/").status == 200
    return f"course/{course}/section/{section}/lesson/{quiz}/"


def right(made: Answer) -> dict[str, Any]:
    """The body of an attempt that selects the first option."""
    return {"responses": [{"question_id": made.body["id"], "selected_options": [made.body["answers"][0]["id"]]}]}


def test_ten_attempts_of_one_person_are_ten(server: Server, people: list[Person]) -> None:
    ann, leo, kay = people
    quiz = make_quiz(ann, leo, kay)
    body = right(ann.api.post(f"{quiz}question/", question("Is it?", "yes", "no")))
    calls = [partial(person.api.post, f"{quiz}attempt/", body) for person in (leo, kay) for _ in range(10)]
    answers = at_once(calls)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["id"] for answer in answers}) == 20
    for own in (answers[:10], answers[10:]):
        made = [answer.body["quiz_attempt"] for answer in own]
        assert sorted(item["num_attempts"] for item in made) == list(range(1, 11))
        assert all({**item, "num_attempts": 1} == {**made[0], "num_attempts": 1} for item in made)
    for answer, person in zip(answers, [leo] * 10 + [kay] * 10, strict=True):
        assert person.api.get(f"{quiz}attempt/{answer.body['id']}/").body == answer.body


def test_an_attempt_during_edits_is_of_one_version(server: Server, people: list[Person]) -> None:
    """Texts, key and order change together, back and forth, ids stay: an attempt is old or new, never both."""
    ann, leo, _ = people
    quiz = make_quiz(ann, leo)
    made = ann.api.post(f"{quiz}question/", question("Old?", "old yes", "old no"))
    body = right(made)
    yes, no = (answer["id"] for answer in made.body["answers"])
    path = f"{quiz}question/{made.body['id']}/"
    old = {
        "text": "Old?",
        "answers": [{"id": yes, "text": "old yes", "correct": True}, {"id": no, "text": "old no"}],
    }
    new = {
        "text": "New?",
        "answers": [{"id": no, "text": "new no", "correct": True}, {"id": yes, "text": "new yes"}],
    }
    seen = {
        ("Old?", (("old yes", True), ("old no", False)), 100, True),
        ("New?", (("new no", False), ("new yes", True)), 0, False),
    }
    edits = [partial(ann.api.patch, path, edit) for edit in [new, old] * 5]
    attempts = [partial(leo.api.post, f"{quiz}attempt/", body) for _ in range(10)]
    answers = at_once([call for pair in zip(edits, attempts, strict=True) for call in pair])
    assert {answer.status for answer in answers} == {200}
    made_attempts = [answer.body for answer in answers[1::2]]
    for attempt in made_attempts:
        result = attempt["quiz_attempt"]
        (asked,) = result["questions"]
        options = tuple((option["text"], option["selected"]) for option in asked["answers"])
        assert (asked["text"], options, result["grade"], asked["correct"]) in seen
        assert leo.api.get(f"{quiz}attempt/{attempt['id']}/").body == attempt
    assert sorted(attempt["quiz_attempt"]["num_attempts"] for attempt in made_attempts) == list(range(1, 11))


def test_an_attempt_while_the_lesson_changes_is_of_one_version(server: Server, people: list[Person]) -> None:
    """The passing grade is the lesson's, the order that of its questions: they change together."""
    ann, leo, _ = people
    quiz = make_quiz(ann, leo)
    first, second = (ann.api.post(f"{quiz}question/", question(text, "yes", "no")) for text in ("First?", "Second?"))
    both = {"responses": right(first)["responses"] + right(second)["responses"]}
    ids = [first.body["id"], second.body["id"]]
    versions = [{"passing_grade": 30, "questions_order": ids}, {"passing_grade": 60, "questions_order": ids[::-1]}]
    assert ann.api.patch(quiz, versions[1]).status == 200
    edits = [partial(ann.api.patch, quiz, version) for version in versions * 8]
    attempts = [partial(leo.api.post, f"{quiz}attempt/", both) for _ in edits]
    answers = at_once([call for pair in zip(edits, attempts, strict=True) for call in pair])
    assert {answer.status for answer in answers} == {200}
    made = [answer.body["quiz_attempt"] for answer in answers[1::2]]
    for one in made:
        order = [asked["id"] for asked in one["questions"]]
        assert {"passing_grade": one["passing_grade"], "questions_order": order} in versions


def test_a_question_is_deleted_once(server: Server, people: list[Person]) -> None:
    ann, *_ = people
    quiz = make_quiz(ann)
    deleted = []
    for _ in range(10):
        id = ann.api.post(f"{quiz}question/", question("Is it?", "yes", "no")).body["id"]
        delete = partial(ann.api.delete, f"{quiz}question/{id}/")
        calls = [delete, partial(ann.api.patch, quiz, {"questions_order": []})]
        assert {answer.status for answer in at_once(calls)} <= {200, 204, 404}
        deleted.append(id)
    events = json.loads(server.script(DELETED.format(ids=deleted)))
    assert events == deleted


COUNTS = """
import json
from coursewright.courses.models import Lesson
from coursewright.foundation import sql
from tests.counts import differences
passed_by_nobody = '''
SELECT k.id FROM coursewright_completion k JOIN coursewright_lesson l ON l.id = k.lesson_id AND l.type = 'quiz'
WHERE k.status = 'completed' AND k.lesson_id = %(lesson)s
'''
print(differences(), sql.values(passed_by_nobody, {{"lesson": {lesson}}}))
"""


def test_a_lesson_that_is_completed_while_it_becomes_a_quiz(server: Server, people: list[Person]) -> None:
    ann, leo, kay = people
    lesson = make_quiz(ann, leo, kay)
    for _ in range(8):
        assert ann.api.patch(lesson, {"type": "lesson"}).status == 200
        turned = [partial(ann.api.patch, lesson, {"type": type}) for type in ("quiz", "lesson", "quiz")]
        done = [
            partial(person.api.post, f"{lesson}{what}complete/") for person in (leo, kay) for what in ("", "in", "")
        ]
        answers = at_once([call for pair in zip(done, turned * 2, strict=True) for call in pair])
        assert {answer.status for answer in answers} <= {200, 204, 400}
        assert ann.api.patch(lesson, {"type": "quiz"}).status == 200
        id = lesson.split("/")[-2]
        assert server.script(COUNTS.format(lesson=id)) == "{} []\n"
