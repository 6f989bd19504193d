"""The record of what happened gives every question with its answers again (foundation/events.py)."""

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from coursewright.courses.models import Lesson
from coursewright.foundation.errors import Invalid, NotFound
from coursewright.foundation.models import Event
from coursewright.quizzes.actions import questions
from coursewright.quizzes.models import Question
from tests.api.quizzes import make_quiz
from tests.factories import NOW, make_user
from tests.tables import snapshot

Row = dict[str, Any]


def change_at_random(chance: random.Random, quiz: Lesson, at: datetime) -> None:
    """Makes, changes, reorders or deletes questions; some of it is refused."""
    who: Row = {"at": at, "by": quiz.created_by_id}
    found = list(Question.objects.order_by("id"))
    present = [question.pk for question in found if question.deleted_at is None]
    values: Row = {
        "type": chance.choice(["single_choice", "multi_choice"]),
        "text": chance.choice(["Is it?", "Was it?", "数学?"]),
        "answers": [
            {"id": chance.randrange(1, 60), "text": chance.choice("abc"), "correct": chance.random() < 0.4}
            for _ in range(chance.randrange(1, 5))
        ],
    }
    what = chance.random()
    if what < 0.4 or not found:
        questions.create_question(quiz.pk, values, **who)
    elif what < 0.8:
        some = {name: value for name, value in values.items() if chance.random() < 0.6}
        questions.update_question(quiz.pk, chance.choice(found).pk, some, **who)
    elif what < 0.9:
        questions.delete_question(quiz.pk, chance.choice(found).pk, **who)
    else:
        order = chance.sample(present, max(0, len(present) - chance.randrange(2)))
        questions.update_lesson(quiz.course_id, quiz.section_id, quiz.pk, {"questions_order": order}, **who)


def replayed() -> dict[int, Row]:
    """The questions that the events give."""
    rows: dict[int, Row] = {}
    for event in Event.objects.order_by("id"):
        before, after = msgspec.json.decode(event.before), msgspec.json.decode(event.after)
        if event.object_type == "question":
            if event.kind == "question.created":
                rows[event.object_id] = {"revision": 0}
            row = rows[event.object_id]
            assert before == {name: row[name] for name in after if event.kind != "question.created"}
            row.update(after, revision=row["revision"] + 1)
        for position, id in enumerate(after.get("questions_order", [])):
            rows[id]["position"] = position
    return rows


def stored() -> dict[int, Row]:
    """The questions that there are, as events write values."""
    rows: dict[int, Row] = {}
    for found in Question.objects.values():
        id = found["id"]
        row = {name: value for name, value in found.items() if name != "id"}
        answers = Question.objects.get(pk=id).answers.order_by("position", "id").values("id", "text", "correct")
        rows[id] = {**msgspec.json.decode(msgspec.json.encode(row)), "answers": list(answers)}
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_events_give_every_question_again(seed: int) -> None:
    chance, quiz = random.Random(seed), make_quiz(make_user())  # noqa: S311 - no secret
    refused = 0
    for step in range(150):
        before = snapshot()
        try:
            change_at_random(chance, quiz, NOW + timedelta(seconds=step))
        except (Invalid, NotFound):
            refused += 1
            assert snapshot() == before, "a refusal leaves no trace"
    kinds = set(Event.objects.filter(object_type="question").values_list("kind", flat=True))
    assert kinds == {"question.created", "question.changed", "question.deleted"}
    assert 0 < refused < 150
    assert replayed() == stored()
