"""The record of what happened gives every content row again (foundation/events.py).

A long, random life of a community is written through the actions; then the events are replayed in their order, and
what they give is compared with the tables, to the microsecond.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import models

from coursewright.community.actions import create_category, delete_category, update_category
from coursewright.community.models import Category
from coursewright.courses.actions import courses, lessons, sections
from coursewright.courses.models import Course, CourseCategory, Lesson, Section
from coursewright.foundation.errors import Invalid, NotFound
from coursewright.foundation.models import Event
from coursewright.learning.actions import standings
from coursewright.quizzes.actions.questions import update_lesson
from tests.factories import NOW, make_user
from tests.tables import snapshot

MODELS: dict[str, type[models.Model]] = {"course": Course, "section": Section, "lesson": Lesson, "category": Category}
PLACED = {"sections_order": "section", "lessons_order": "lesson"}
Row = dict[str, Any]


class Life:
    """People who write courses, at random but the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.people = [make_user(f"user{place}").pk for place in range(5)]
        self.now = NOW

    def live(self, steps: int) -> Counter[str]:
        """Does so many things, and answers how often each was done."""
        things: list[Callable[[], object]] = [
            self.make_course,
            self.change_course,
            self.change_course,
            self.delete_course,
            self.restore_course,
            self.make_section,
            self.change_section,
            self.delete_section,
            self.make_lesson,
            self.make_lesson,
            self.change_lesson,
            self.delete_lesson,
            self.make_category,
            self.change_category,
            self.delete_category,
            self.move_someone,
        ]
        done: Counter[str] = Counter()
        for thing in [self.make_category, self.make_course, self.make_section, *self.chance.choices(things, k=steps)]:
            self.now += timedelta(microseconds=self.chance.randrange(1, 10**9))
            before = snapshot()
            try:
                thing()
                done[thing.__name__] += 1
            except (Invalid, NotFound):
                assert snapshot() == before, "a refusal leaves no trace"
        return done

    @property
    def who(self) -> dict[str, Any]:
        return {"at": self.now, "by": self.chance.choice(self.people)}

    def some(self, values: Row) -> Row:
        return {name: value for name, value in values.items() if self.chance.random() < 0.4}

    def one(self, model: type[models.Model]) -> Any:
        """Any row, a deleted one too; actions refuse those."""
        rows = list(model._default_manager.order_by("id"))
        if not rows:
            raise NotFound
        return self.chance.choice(rows)

    def order(self, model: type[models.Model], **parent: int) -> list[int]:
        ids = list(model._default_manager.filter(deleted_at=None, **parent).values_list("id", flat=True))
        return self.chance.sample(ids, self.chance.randint(0, len(ids)))

    def categories(self) -> list[int]:
        return self.order(Category)

    def name(self) -> str:
        return self.chance.choice(["Maths", "MATHS", "Art", "École", "数学", "科学", "a" * 255, "Physics", "Music"])

    def time(self) -> datetime | None:
        return self.chance.choice(
            [None, self.now, self.now + timedelta(microseconds=1), self.now.replace(microsecond=0)]
        )

    def course_values(self) -> Row:
        return {
            "name": self.name(),
            "slug": self.chance.choice(["", "one", "two", "three"]),
            "description": self.chance.choice(["", "x", "Much to say"]),
            "type": self.chance.choice(Course.Type.values),
            "privacy": self.chance.choice(Course.Privacy.values),
            "enforce_lessons_order": self.chance.random() < 0.5,
            "new_comment_notification_enabled": self.chance.random() < 0.5,
            "hide_member_count": self.chance.random() < 0.5,
            "og_title": self.chance.choice(["", "x"]),
            "image_original": None,
            "categories": self.categories(),
        }

    def section_values(self) -> Row:
        return {"name": self.name(), "dripped_at": self.time(), "drip_delay": self.chance.randrange(0, 5)}

    def lesson_values(self) -> Row:
        return {
            "name": self.name(),
            "type": "lesson",
            "status": self.chance.choice(["draft", "published"]),
            "comments_enabled": self.chance.random() < 0.5,
            "text": self.chance.choice(["", "<p>x</p>", "<p onclick=x>y</p>\u2028"]),
            "passing_grade": self.chance.randrange(0, 101),
        }

    def category_values(self) -> Row:
        return {
            "order": self.chance.randrange(-2, 3),
            "name": self.name(),
            "slug": self.chance.choice(["one", "two", "three", "four"]),
            "slogan": self.chance.choice([None, "", "x"]),
            "active": self.chance.random() < 0.5,
            "image_original": None,
        }

    def make_course(self) -> None:
        values = self.course_values()
        courses.create_course({**self.some(values), "name": values["name"], "type": values["type"]}, **self.who)

    def change_course(self) -> None:
        course = self.one(Course)
        orders = {"sections_order": self.order(Section, course_id=course.pk)}
        courses.update_course(course.pk, self.some({**self.course_values(), **orders}), **self.who)

    def delete_course(self) -> None:
        if self.chance.random() < 0.3:
            courses.delete_course(self.one(Course).pk, **self.who)

    def restore_course(self) -> None:
        courses.restore_course(self.one(Course).pk, **self.who)

    def make_section(self) -> None:
        values = self.section_values()
        sections.create_section(self.one(Course).pk, {**self.some(values), "name": values["name"]}, **self.who)

    def change_section(self) -> None:
        section = self.one(Section)
        orders = {"lessons_order": self.order(Lesson, section_id=section.pk)}
        values = self.some({**self.section_values(), **orders})
        sections.update_section(section.course_id, section.pk, values, **self.who)

    def delete_section(self) -> None:
        section = self.one(Section)
        if self.chance.random() < 0.3:
            sections.delete_section(section.course_id, section.pk, **self.who)

    def make_lesson(self) -> None:
        section, values = self.one(Section), self.lesson_values()
        values = {**self.some(values), "name": values["name"], "type": "lesson"}
        lessons.create_lesson(section.course_id, section.pk, values, **self.who)

    def change_lesson(self) -> None:
        lesson = self.one(Lesson)
        values = self.some(self.lesson_values())
        update_lesson(lesson.course_id, lesson.section_id, lesson.pk, values, **self.who)

    def delete_lesson(self) -> None:
        lesson = self.one(Lesson)
        lessons.delete_lesson(lesson.course_id, lesson.section_id, lesson.pk, **self.who)

    def make_category(self) -> None:
        values = self.category_values()
        create_category({**self.some(values), "name": values["name"], "slug": values["slug"]}, **self.who)

    def change_category(self) -> None:
        update_category(self.one(Category).pk, self.some(self.category_values()), **self.who)

    def delete_category(self) -> None:
        if self.chance.random() < 0.3:
            delete_category(self.one(Category).pk, **self.who)

    def move_someone(self) -> None:
        course = self.one(Course)
        others = [id for id in self.people if id != course.created_by_id]
        role = self.chance.choice(["managers", "joined", "unjoined"])
        standings.change_roles(course.pk, {role: [self.chance.choice(others)]}, **self.who)


class Replay:
    """The rows that the events give."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, Row]] = {name: {} for name in MODELS}
        self.categories: dict[int, list[int]] = {}
        self.standings: dict[tuple[int, int], str | None] = {}
        for event in Event.objects.order_by("id"):
            self.take(event, msgspec.json.decode(event.before), msgspec.json.decode(event.after))

    def take(self, event: Event, before: Row, after: Row) -> None:
        if event.object_type == "membership":
            assert event.course_id is not None
            self.standings[event.course_id, event.object_id] = after["status"]
        if event.object_type not in MODELS:
            return
        what = event.kind.partition(".")[2]
        assert what in ("created", "changed", "deleted", "restored")
        rows = self.rows[event.object_type]
        if what == "created":
            assert before == {}
            rows[event.object_id] = {"id": event.object_id, "revision": 0}
        row = rows[event.object_id]
        columns = decoded(MODELS[event.object_type], after)
        if what != "created":
            old = decoded(MODELS[event.object_type], before)
            assert {name: row[name] for name in columns} == old, "an event says what was before"
        row.update(columns, revision=row["revision"] + 1)
        for order, kind in PLACED.items():
            for position, id in enumerate(after.get(order, [])):
                self.rows[kind][id]["position"] = position
        if "categories" in after:
            self.categories[event.object_id] = after["categories"]

    def members(self, course: int) -> int:
        return sum(status in ("manager", "joined") for (id, _), status in self.standings.items() if id == course)


def decoded(model: type[models.Model], values: Row) -> Row:
    """Those values that are columns, as the ORM gives them."""
    found = {}
    for field in model._meta.concrete_fields:
        if field.attname in values:
            value = values[field.attname]
            is_time = isinstance(field, models.DateTimeField) and value is not None
            found[field.attname] = datetime.fromisoformat(value) if is_time else value
    return found


@pytest.mark.parametrize("seed", range(3))
def test_events_give_every_content_row_again(seed: int) -> None:
    done = Life(seed).live(400)
    assert len(done) == 14, "everything that can be done was done"
    replay = Replay()
    for name, model in MODELS.items():
        found = {row["id"]: row for row in model._default_manager.values()}
        expected = replay.rows[name]
        if name == "course":
            expected = {id: {**row, "member_count": replay.members(id)} for id, row in expected.items()}
        assert found == expected
        numbers = Counter(Event.objects.filter(object_type=name).values_list("object_id", flat=True))
        assert {id: row["revision"] for id, row in found.items()} == dict(numbers)
    links: dict[int, list[int]] = {id: [] for id in replay.rows["course"]}
    for course_id, category_id in CourseCategory.objects.order_by("category_id").values_list(
        "course_id", "category_id"
    ):
        links[course_id].append(category_id)
    assert links == replay.categories
