"""Writes of questions. Each is one transaction that records its event, the answers with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from coursewright.courses import rules as course_rules
from coursewright.courses.actions import lessons, orders
from coursewright.courses.models import Lesson
from coursewright.foundation import content, sql
from coursewright.foundation.errors import Faults
from coursewright.media import images
from coursewright.media.queries import UsableRow
from coursewright.quizzes import rules
from coursewright.quizzes.errors import NotAQuiz
from coursewright.quizzes.models import Question
from coursewright.quizzes.queries import questions

ANSWERS = """
SELECT id, text, correct FROM coursewright_answer WHERE question_id = %(question)s ORDER BY position, id
"""
DROP = "DELETE FROM coursewright_answer WHERE question_id = %(question)s"
ADD = """
INSERT INTO coursewright_answer (id, question_id, text, correct, position) VALUES {rows} RETURNING id, position
"""
NEW_ID = {"postgresql": "DEFAULT", "sqlite": "NULL"}


class Updated(NamedTuple):
    """A lesson's columns as they were written, and its media and questions in their order.

    None: they were not looked at.
    """

    values: content.Values
    medias: list[UsableRow] | None
    questions: list[rules.Question] | None


def create_question(
    lesson_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> rules.Question:
    """Adds a question at the end of a quiz and answers it. NotFound: the lesson is gone; NotAQuiz; Invalid."""
    found = faults or Faults()
    _check_answers(values.get("type"), values.get("answers"), found)
    found.settle()
    with images.kept(values.get("image")) as image, transaction.atomic():
        lesson = content.lock(Lesson, lesson_id)
        if lesson["type"] != course_rules.QUIZ:
            raise NotAQuiz
        columns = {
            "course_id": lesson["course_id"],
            "lesson_id": lesson_id,
            "type": values["type"],
            "text": values["text"],
            "image": image,
        }
        id, row = content.insert(Question, columns, at=at, last_in="lesson_id")
        answers = _replace_answers(id, [], values["answers"])
        content.record_creation(
            Question, id, row, at=at, by=by, course_id=lesson["course_id"], also={"answers": ([], answers)}
        )
        return _question(id, row, answers)


def update_question(
    lesson_id: int,
    question_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> rules.Question:
    """Changes what is named and answers the question; ``answers`` replaces the list.

    NotFound: not a question of this lesson. Invalid.
    """
    found = faults or Faults()
    image_given = values.get("image") if not found.fields else None
    with images.kept(image_given) as image, transaction.atomic():
        row = content.lock(Question, question_id, lesson_id=lesson_id)
        before = _answers(question_id)
        wanted = values.get("answers", before)
        if not found.fields.keys() & {"type", "answers"}:
            _check_answers(values.get("type", row["type"]), wanted, found)
        found.settle()
        columns = {name: values[name] for name in ("type", "text") if name in values}
        if "image" in values:
            columns["image"] = image
        after = _replace_answers(question_id, before, wanted)
        content.change(Question, row, columns, at=at, by=by, also={"answers": (before, after)})
        return _question(question_id, row | columns, after)


@transaction.atomic
def delete_question(lesson_id: int, question_id: int, *, at: datetime, by: int) -> None:
    """Deletes a question; attempts keep it as it was. NotFound: not a question of this lesson.

    The lesson is locked first, as by those who put its questions in another order, or leave some out.
    """
    content.lock(Lesson, lesson_id)
    content.delete(Question, content.lock(Question, question_id, lesson_id=lesson_id), at=at, by=by)


def update_lesson(
    course_id: int,
    section_id: int,
    lesson_id: int,
    values: Mapping[str, Any],
    *,
    at: datetime,
    by: int,
    faults: Faults | None = None,
) -> Updated:
    """Changes a lesson, its questions' order with it, and answers it.

    A question left out of ``questions_order`` is deleted, unless nobody saw it: a plain lesson has none to show.

    NotFound: not a lesson of this section. Invalid: a ``type`` that changes after attempts, ids that are not there.
    """
    found, written = faults or Faults(), lessons.columns(values)
    with transaction.atomic():
        row = lessons.locked(course_id, section_id, lesson_id)
        changes_type = values.get("type", row["type"]) != row["type"]
        if not changes_type and "questions_order" not in values:
            medias = lessons.update_locked(row, written, values, at=at, by=by, faults=found, also={}, more={})
            return Updated(row | written, medias, None)
        state = questions.state(lesson_id)
        if changes_type and state.attempted:
            found.add("type", "invalid", "The type cannot change once there are attempts.")
        was_quiz = row["type"] == course_rules.QUIZ
        has_questions = was_quiz or values.get("type") == course_rules.QUIZ
        by_id = {question.id: question for question in state.questions if has_questions}
        present = list(by_id)
        wanted = list(values.get("questions_order", present))
        with_others = orders.checked("questions_order", present, wanted, found)
        order = wanted if was_quiz else with_others
        gone = [id for id in present if id not in order]
        also, more = {"questions_order": (present, order)}, content.deletions(Question, gone, at)
        medias = lessons.update_locked(row, written, values, at=at, by=by, faults=found, also=also, more=more)
        if present != order:
            content.place_or_delete(Question, order, gone, at=at)
        return Updated(row | written, medias, [by_id[id] for id in order])


def _check_answers(type: str | None, answers: Sequence[Mapping[str, Any]] | None, faults: Faults) -> None:
    if type is None or answers is None:
        return
    problem = rules.answers_fault(type, [bool(answer.get("correct")) for answer in answers])
    if problem:
        faults.add("answers", "invalid", problem)


def _answers(question_id: int) -> list[dict[str, Any]]:
    found = sql.values(ANSWERS, {"question": question_id})
    return [{"id": id, "text": text, "correct": bool(correct)} for id, text, correct in found]


def _question(id: int, row: content.Values, answers: Sequence[Mapping[str, Any]]) -> rules.Question:
    return rules.Question(id, row["type"], row["text"], row["image"], [rules.Answer(**answer) for answer in answers])


def _replace_answers(
    question_id: int, before: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Makes the stored options those wanted, in their order, in at most two statements; answers them with ids.

    An option with the id of a present one keeps it, once; any other is new.
    """
    free = {answer["id"] for answer in before}
    after: list[dict[str, Any]] = []
    for answer in wanted:
        id = answer.get("id")
        after.append({"id": id if id in free else None, "text": answer["text"], "correct": bool(answer.get("correct"))})
        free.discard(id)
    if after == before:
        return after
    if before:
        sql.execute(DROP, {"question": question_id})
    for id, position in _add(question_id, after):
        after[position]["id"] = id
    return after


def _add(question_id: int, answers: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Inserts the options, with the ids that they have or new ones; pairs of id and position."""
    parameters: dict[str, Any] = {"question": question_id}
    rows = []
    for place, answer in enumerate(answers):
        id = NEW_ID[connection.vendor] if answer["id"] is None else f"%(id{place})s"
        rows.append(f"({id}, %(question)s, %(text{place})s, %(correct{place})s, {place})")
        parameters |= {f"{name}{place}": answer[name] for name in ("id", "text", "correct")}
    return [(id, position) for id, position in sql.values(ADD.format(rows=", ".join(rows)), parameters)]
