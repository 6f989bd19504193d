"""A course as everyone stands to it, and calls to it."""

import time
import uuid
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.test import Client

from coursewright.accounts.models import User
from coursewright.community.actions import set_preference
from coursewright.community.models import Category
from coursewright.courses.actions.courses import delete_course
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.actions.sections import delete_section
from coursewright.courses.models import Course, Lesson, Membership, Section
from tests import factories
from tests.client import Answer, Api
from tests.factories import NOW
from tests.matrix import oracle


class World(NamedTuple):
    """The course of one privacy, another one that the same people stand to, and what was deleted."""

    privacy: str
    people: dict[str, User]
    callers: dict[str, Api]
    course: Course
    section: Section
    lesson: Lesson
    """The second one of its section."""
    category: Category
    strays: dict[str, dict[str, int]]
    """Ids below the course that do not belong where they are, by what is wrong with them."""
    deleted_course: int


def make_world(privacy: str) -> World:
    """Nine callers and a course. It is open while they come to stand to it: a draft again has them all, too."""
    people = {name: factories.make_user(name, role="admin" if name == oracle.STAFF else "") for name in oracle.PEOPLE}
    creator = people[oracle.CREATOR]
    course, other, gone = (factories.make_course(creator, name) for name in ("Maths", "Physics", "Gone"))
    for each in (course, other, gone):
        factories.make_manager(each, people[oracle.MANAGER])
        factories.make_joined(each, people[oracle.JOINED])
    factories.make_invited(course, people[oracle.INVITED])
    factories.make_requested(course, people[oracle.REQUESTED])
    factories.make_left(course, people[oracle.LEFT])
    section, beside, abroad = (factories.make_section(each) for each in (course, course, other))
    _, lesson, beside_lesson, abroad_lesson, dead_lesson = (
        factories.make_lesson(each) for each in (section, section, beside, abroad, section)
    )
    dead = factories.make_section(course)
    inside_dead = factories.make_lesson(dead)
    delete_section(course.pk, dead.pk, at=NOW, by=None)
    delete_lesson(course.pk, section.pk, dead_lesson.pk, at=NOW, by=None)
    delete_course(gone.pk, at=NOW, by=None)
    Course.objects.filter(pk=course.pk).update(privacy=privacy)
    here = {"section_id": section.pk, "lesson_id": lesson.pk}
    strays = {
        "unknown section": {"section_id": oracle.UNKNOWN_ID},
        "section of another course": {"section_id": abroad.pk},
        "deleted section": {"section_id": dead.pk, "lesson_id": inside_dead.pk},
        "section and lesson of another course": {"section_id": abroad.pk, "lesson_id": abroad_lesson.pk},
        "another section of the course": {"section_id": beside.pk},
        "unknown lesson": {"lesson_id": oracle.UNKNOWN_ID},
        "lesson of another section": {"lesson_id": beside_lesson.pk},
        "lesson of another course": {"lesson_id": abroad_lesson.pk},
        "deleted lesson": {"lesson_id": dead_lesson.pk},
    }
    return World(
        privacy=privacy,
        people=people,
        callers={name: _api(people.get(name)) for name in oracle.CALLERS},
        course=course,
        section=section,
        lesson=lesson,
        category=factories.make_category(),
        strays={"": here, **{name: {**here, **ids} for name, ids in strays.items()}},
        deleted_course=gone.pk,
    )


@cache
def _client() -> Client:
    """One for all: each would load the middleware anew."""
    return Client(raise_request_exception=False)


def _api(user: User | None) -> Api:
    api = Api(user)
    api.client = _client()
    return api


SECTION_STRAYS = ("unknown section", "section of another course", "deleted section")
LESSON_STRAYS = (
    *SECTION_STRAYS,
    "section and lesson of another course",
    "another section of the course",
    "unknown lesson",
    "lesson of another section",
    "lesson of another course",
    "deleted lesson",
)


def arrange(world: World, cell: oracle.Situation) -> None:
    """Makes the database as the cell has it."""
    if not cell.content_availability:
        set_preference("configurations.content_availability", False, at=NOW, by=None)
    if cell.courses_only_staff:
        set_preference("configurations.courses_only_staff_enabled", True, at=NOW, by=None)
    if cell.hide_member_count:
        Course.objects.filter(pk=world.course.pk).update(hide_member_count=True)
    if cell.lesson != oracle.Lesson():
        _arrange_lesson(world, cell.lesson, cell.caller)


def _arrange_lesson(world: World, lesson: oracle.Lesson, caller: str) -> None:
    Course.objects.filter(pk=world.course.pk).update(type=lesson.course_type, enforce_lessons_order=lesson.after_undone)
    dripped_at = None if lesson.opens_in is None else NOW + timedelta(seconds=lesson.opens_in)
    Section.objects.filter(pk=world.section.pk).update(dripped_at=dripped_at, drip_delay=lesson.drip_delay)
    Lesson.objects.filter(pk=world.lesson.pk).update(
        status="published" if lesson.published else "draft", type="quiz" if lesson.quiz else "lesson"
    )
    if lesson.done and caller in world.people:
        factories.complete(world.lesson, world.people[caller])


def call(world: World, operation: oracle.Operation, cell: oracle.Situation) -> Answer:
    """Makes the call of a cell."""
    path = operation.path.format(**_ids(world, operation, cell))
    query, body = _input(world, operation, cell)
    if query:
        path += f"?{urlencode(query)}"
    return world.callers[cell.caller].call(operation.method, path, body)


def standing(world: World, person: str) -> str | None:
    """How a person stands to the course now."""
    found = Membership.objects.filter(course=world.course, user=world.people[person]).values_list("status", flat=True)
    return found.first()


def _ids(world: World, operation: oracle.Operation, cell: oracle.Situation) -> dict[str, int]:
    here = world.course.pk
    if operation.path.startswith("/api/v2/category/"):
        here = world.category.pk
    elif operation.path.startswith("/api/v2/user/"):
        here = world.people[oracle.MANAGER].pk
    elif operation.path.startswith("/api/v2/dynamic_preference/"):
        here = 1
    id = {"here": here, "unknown": oracle.UNKNOWN_ID, "deleted": world.deleted_course}[cell.found]
    return {"id": id, **world.strays[cell.stray]}


def _input(world: World, operation: oracle.Operation, cell: oracle.Situation) -> tuple[dict[str, Any], Any]:
    """The query and the body of a cell."""
    query: dict[str, Any] = {"view": cell.view} if cell.view else {}
    if cell.target and "user" in operation.query:
        query["user"] = world.people[cell.target].pk if cell.target in world.people else oracle.UNKNOWN_ID
    if not operation.body:
        wrong = oracle.wrong_input(operation) if cell.wrong else None
        return {**query, **(wrong[0] if wrong else {})}, None
    wrong = oracle.wrong_input(operation) if cell.wrong else None
    return query, wrong[0] if wrong else _right_body(world, operation, cell)


def _right_body(world: World, operation: oracle.Operation, cell: oracle.Situation) -> dict[str, Any]:
    match operation.id:
        case "verify_jwt":
            return {"token": _jwt(world.people[oracle.OTHER])}
        case "update_preferences":
            return {"configurations.courses_enabled": False}
        case "invite_users_to_course" | "remove_invitation_to_course":
            return {"users": [world.people[oracle.person(operation, cell)].pk]}
        case "change_user_role_course":
            return {cell.role or "managers": [world.people[oracle.person(operation, cell)].pk]}
        case "create_a_course_quiz":
            return {"name": "New", "type": "quiz"}
    return RIGHT[operation.body]


RIGHT = {
    "course": {"name": "New", "type": "structured"},
    "course_section": {"name": "New"},
    "course_lesson": {"name": "New", "type": "lesson"},
    "category": {"name": "New", "slug": "new"},
}
"""Right bodies, by schema: whole enough for POST and PUT, and a change to what is there."""


def _jwt(user: User) -> str:
    now = time.time()
    claims = {"user_id": user.pk, "token_type": "access", "exp": now + 60, "iat": now, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, settings.JWT_SECRET, algorithm="HS256")
