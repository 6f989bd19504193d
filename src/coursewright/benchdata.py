"""Bulk data for measurements, written straight into the tables of an empty database: nobody did it, so no one is told.

It is what the actions would have made, with the counts that they keep and the events of the memberships.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import click
from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction

from coursewright.accounts.actions import add_user
from coursewright.accounts.models import User
from coursewright.comments.models import Comment
from coursewright.courses import rules
from coursewright.courses.models import Course, CourseWord, Lesson, Membership, Section
from coursewright.foundation.batches import batches
from coursewright.foundation.models import Event
from coursewright.foundation.text import name_key, slugify, words
from coursewright.recount import recount

SECTIONS, LESSONS = 10, 10
BATCH = 2000
TEXT = "<p>A rope is only as good as the knot in it, and a knot only as good as the hand that ties it.</p>"
HTML = TEXT * (2048 // len(TEXT))
SUBJECTS = ("Algebra", "Botany", "Chemistry", "Drawing", "Economics", "French", "Geometry", "History", "Icelandic")
CREATOR, LEARNER = "bench-creator", "bench-learner"

Row = TypeVar("Row", bound=models.Model)


class Made(NamedTuple):
    """What was made: the first course, and usernames for which ``coursewright token`` works."""

    course_id: int
    creator: str
    learner: str


def fill(courses: int, members: int, comments: int, *, at: datetime) -> Made:
    """Makes the data in one transaction.

    ``courses`` open courses by one creator; the first has 10 sections of 10 published lessons of 2 KB, ``members``
    joined members, and ``comments`` comments on its first lesson. click.ClickException: there are people here already.
    """
    if User.objects.exists():
        raise click.ClickException("There are people here already; bulk data is for an empty database.")
    with transaction.atomic():
        creator_id = add_user(CREATOR, None, at=at, real_name="Bench Creator")
        course_ids = _make_courses(courses, creator_id, at)
        lesson_id = _make_lessons(course_ids[0], creator_id, at)
        people = _make_members(course_ids[0], members, creator_id, at)
        _make_comments(course_ids[0], lesson_id, comments, people, at)
        click.echo("counts", err=True)
        recount()
    return Made(course_ids[0], CREATOR, LEARNER)


def analyze() -> None:
    """What the database's own caretaker would do a little later: plans are made from the sizes of tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _insert(label: str, model: type[Row], rows: Iterable[Row], count: int) -> list[int]:
    """Inserts rows in batches behind a progress bar, and answers their ids."""
    ids: list[int] = []
    with click.progressbar(length=count, label=f"{label:<12}", file=sys.stderr) as bar:
        for batch in batches(rows, BATCH):
            ids += [row.pk for row in model._default_manager.bulk_create(batch)]
            bar.update(len(batch))
    return ids


def _make_courses(number: int, creator_id: int, at: datetime) -> list[int]:
    names = [f"{SUBJECTS[place % len(SUBJECTS)]} {place + 1}" for place in range(number)]
    shared: dict[str, Any] = {"type": rules.SELF_PACED, "privacy": rules.OPEN, "created_by_id": creator_id}
    made = (
        Course(
            name=name,
            name_key=name_key(name),
            slug=slugify(name),
            created_at=at + timedelta(seconds=place),
            **shared,
        )
        for place, name in enumerate(names)
    )
    ids = _insert("courses", Course, made, number)
    found = [(id, word) for id, name in zip(ids, names, strict=True) for word in dict.fromkeys(words(name))]
    _insert("words", CourseWord, (CourseWord(course_id=id, word=word, in_name=True) for id, word in found), len(found))
    standing = {"user_id": creator_id, "status": rules.CREATOR}
    _insert("creators", Membership, (Membership(course_id=id, **standing) for id in ids), number)
    return ids


def _make_lessons(course_id: int, creator_id: int, at: datetime) -> int:
    """Ten sections of ten lessons; the id of the first lesson."""
    sections = (
        Section(course_id=course_id, name=f"Section {place + 1}", position=place, created_at=at)
        for place in range(SECTIONS)
    )
    shared: dict[str, Any] = {"course_id": course_id, "type": "lesson", "status": rules.PUBLISHED, "html": HTML}
    lessons = (
        Lesson(
            section_id=section_id,
            name=f"Lesson {place + 1}",
            position=place,
            created_by_id=creator_id,
            created_at=at,
            **shared,
        )
        for section_id in _insert("sections", Section, sections, SECTIONS)
        for place in range(LESSONS)
    )
    return _insert("lessons", Lesson, lessons, SECTIONS * LESSONS)[0]


def _make_members(course_id: int, number: int, creator_id: int, at: datetime) -> list[int]:
    names = [LEARNER if place == 0 else f"member-{place}" for place in range(max(number, 1))]
    no_password = make_password(None)
    people = (
        User(
            username=name,
            username_key=name_key(name),
            real_name=name.replace("-", " ").title(),
            real_name_key=name_key(name.replace("-", " ").title()),
            password=no_password,
            date_joined=at,
        )
        for name in names
    )
    ids = _insert("people", User, people, len(names))
    joined = [(id, at + timedelta(seconds=place)) for place, id in enumerate(ids[:number])]
    members = (
        Membership(course_id=course_id, user_id=id, status=rules.JOINED, joined_at=joined_at)
        for id, joined_at in joined
    )
    _insert("members", Membership, members, number)
    events = (
        Event(
            at=joined_at,
            actor_id=creator_id,
            kind="membership.changed",
            course_id=course_id,
            object_type="membership",
            object_id=id,
            before='{"status":null,"joined_at":null}',
            after=f'{{"status":"joined","joined_at":"{joined_at:%Y-%m-%dT%H:%M:%SZ}"}}',
        )
        for id, joined_at in joined
    )
    _insert("events", Event, events, number)
    return ids


def _make_comments(course_id: int, lesson_id: int, number: int, people: Sequence[int], at: datetime) -> None:
    comments = (
        Comment(
            course_id=course_id,
            lesson_id=lesson_id,
            html=f"<p>Question {place + 1}</p>",
            created_by_id=people[place % len(people)],
            created_at=at + timedelta(seconds=place),
        )
        for place in range(number)
    )
    _insert("comments", Comment, comments, number)
