"""What is kept stays what counting would give, whatever people do (docs/decisions/0012-counts-are-kept.md)."""

from collections import Counter
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from coursewright.accounts.actions import change_user, delete_user
from coursewright.accounts.models import User
from coursewright.comments.actions import create_comment, delete_comment
from coursewright.comments.models import Comment
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.models import Course, Lesson
from coursewright.foundation.errors import NotFound, Refusal
from coursewright.foundation.models import Tally
from coursewright.learning.actions import standings
from coursewright.learning.actions.completions import complete_lesson, uncomplete_lesson
from coursewright.learning.models import Completion
from coursewright.quizzes.actions.attempts import make_attempt
from coursewright.quizzes.actions.questions import create_question, update_lesson
from coursewright.quizzes.models import Question
from tests.api.quizzes import attempt, make_question
from tests.counts import differences, kept
from tests.factories import complete, make_course, make_joined, make_lesson, make_section, make_user
from tests.test_events import Life

RIGHT_AND_WRONG = [{"text": "This", "correct": True}, {"text": "That", "correct": False}]


class BusyLife(Life):
    """What authors do, and learners beside them."""

    def member(self, course: Course) -> int:
        """Someone who joins the course for it, if they are not there yet."""
        user = int(self.chance.choice(self.people))
        standings.join(course.pk, "open", user, at=self.now)
        return user

    def complete(self) -> None:
        lesson = self.one(Lesson)
        complete_lesson(lesson.course_id, lesson.pk, self.member(lesson.course), at=self.now)

    def uncomplete(self) -> None:
        lesson = self.one(Lesson)
        uncomplete_lesson(lesson.course_id, lesson.pk, self.member(lesson.course), at=self.now)

    def make_quiz(self) -> None:
        """A lesson becomes a quiz of one question."""
        lesson = self.turn("quiz")
        if not Question.objects.filter(lesson=lesson).exists():
            values = {"type": "single_choice", "text": "Which?", "answers": RIGHT_AND_WRONG}
            create_question(lesson.pk, values, **self.who)

    def make_plain(self) -> None:
        self.turn("lesson")

    def turn(self, type: str) -> Lesson:
        """Changes the type of a lesson, with its status or without."""
        lesson: Lesson = self.one(Lesson)
        also = self.some({"status": self.chance.choice(["draft", "published"])})
        update_lesson(lesson.course_id, lesson.section_id, lesson.pk, {"type": type, **also}, **self.who)
        return lesson

    def attempt(self) -> None:
        quizzes = list(Lesson.objects.filter(type="quiz", deleted_at=None))
        if not quizzes:
            raise NotFound
        quiz = self.chance.choice(quizzes)
        question = Question.objects.get(lesson=quiz)
        option = self.chance.choice(list(question.answers.all()))
        make_attempt(quiz.course_id, quiz.pk, self.member(quiz.course), [(question.pk, [option.pk])], at=self.now)

    def remove_lesson(self) -> None:
        lesson = self.one(Lesson)
        if self.chance.random() < 0.3:
            delete_lesson(lesson.course_id, lesson.section_id, lesson.pk, **self.who)

    def comment(self) -> None:
        lesson = self.one(Lesson)
        threads = list(Comment.objects.filter(lesson=lesson, parent=None, deleted_at=None))
        values: dict[str, Any] = {"text": "Why?"}
        if threads and self.chance.random() < 0.6:
            values["parent"] = self.chance.choice(threads).pk
        create_comment(lesson.course_id, lesson.pk, values, **self.who)

    def remove_comment(self) -> None:
        comment = self.one(Comment)
        delete_comment(comment.lesson_id, comment.pk, **self.who)

    def change_person(self) -> None:
        user = self.one(User)
        change = self.chance.choice([{"is_active": False}, {"is_active": True}, {"real_name": "Zoë Õ"}])
        change_user(user, change, at=self.now, by=None)
        if self.chance.random() < 0.1:
            delete_user(user, at=self.now, by=None)


@pytest.mark.parametrize("kind, migration", [("found", "0006_courses_found"), ("filed", "0007_courses_filed")])
def test_what_the_migration_counts(kind: str, migration: str) -> None:
    life = BusyLife(0)
    life.live(200)
    before = kept()
    assert Tally.objects.filter(kind=kind).delete()[0]
    with connection.cursor() as cursor:
        cursor.execute(import_module(f"coursewright.migrations.{migration}").COUNT)
    assert kept() == before


def test_what_the_migration_sets_aside() -> None:
    """What was completed of a quiz while it was a lesson, by one who then failed it and by one who did not try."""
    lesson = make_lesson(make_section(make_course(make_user())))
    other = make_lesson(lesson.section)
    leo, kay = (make_joined(lesson.course, make_user(name)) for name in ("leo", "kay"))
    for user in (leo, kay):
        complete(lesson, user)
        complete(other, user)
    Lesson.objects.filter(pk=lesson.pk).update(type="quiz")
    make_question(lesson, "Is it?")
    attempt(lesson, leo, **{"Is it?": "no"})
    with connection.cursor() as cursor:
        for statement in import_module("coursewright.migrations.0009_quizzes_completed_as_lessons").SET_ASIDE:
            cursor.execute(statement)
    assert set(Completion.objects.values_list("lesson_id", "user_id", "status")) == {
        (lesson.pk, leo.pk, "failed"),
        (lesson.pk, kay.pk, "uncompleted"),
        (other.pk, leo.pk, "completed"),
        (other.pk, kay.pk, "completed"),
    }
    assert differences() == {}


@pytest.mark.parametrize("seed", range(3))
def test_a_busy_life(seed: int) -> None:
    life = BusyLife(seed)
    life.live(200)
    things = [getattr(life, name) for name in vars(BusyLife) if name not in ("__module__", "__doc__", "member", "turn")]
    authors = [life.change_lesson, life.make_lesson, life.delete_section, life.change_course, life.move_someone]
    done: Counter[str] = Counter()
    for thing in life.chance.choices([*things, *authors], k=500):
        try:
            thing()
            done[thing.__name__] += 1
        except Refusal:
            continue
    assert {thing.__name__ for thing in things} <= set(done), "everything that can be done was done"
    assert differences() == {}
