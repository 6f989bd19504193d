"""What the tests of members' and learners' operations share: shapes, pages, people."""

from typing import Any
from urllib.parse import urlencode

from coursewright.accounts.models import User
from coursewright.courses.models import Course, Lesson, Membership
from tests.api.authors import course_shape, person
from tests.client import Answer, refused
from tests.factories import make_invited, make_joined, make_left, make_manager, make_requested, make_user
from tests.wire.test_lists import encodings

FULL_ONLY = ("description", "enforce_lessons_order", "new_comment_notification_enabled", "sections_order")


def minimal_shape(course: Course, **values: Any) -> dict[str, Any]:
    """A course as ``course_minimal``, seen by a stranger unless told."""
    shape = course_shape(course, join_status=None)
    return {**{name: shape[name] for name in shape if name not in FULL_ONLY}, **values}


def listed(*results: Any) -> dict[str, Any]:
    """A page that holds all there is."""
    return {"count": len(results), "next": None, "previous": None, "results": list(results)}


def brief(user: User) -> dict[str, Any]:
    """Someone as ``user_brief``."""
    return {
        "id": user.pk,
        "username": user.username,
        "real_name": user.real_name,
        "ext_id": user.ext_id,
        "avatar": None,
    }


def progress(user: User, status: str, **values: Any) -> dict[str, Any]:
    """Someone as ``course_user_dashboard``, who joined at NOW and did nothing unless told."""
    return {
        **{name: value for name, value in person(user).items() if name in ("id", "username", "real_name", "avatar")},
        "join_status": status,
        "user_completion_rate": 0,
        "last_active_at": None,
        "joined_at": "2026-11-23T10:00:00Z" if status in ("manager", "joined") else None,
        **values,
    }


def ids(answer: Answer) -> list[int]:
    """The ids of a page, in its order."""
    return [result["id"] for result in answer.body["results"]]


def every_encoding(name: str, items: list[Any]) -> list[str]:
    """Query strings for a list, one for each way in which clients write it."""
    return [urlencode(pairs) for pairs in encodings(name, items).values()]


def make_people(course: Course) -> dict[str, User]:
    """One of each standing but the creator's, someone who left, and a stranger, under these usernames."""
    return {
        "manager": make_manager(course, make_user("mia")),
        "joined": make_joined(course, make_user("leo")),
        "invited": make_invited(course, make_user("ivy")),
        "requested": make_requested(course, make_user("ray")),
        "left": make_left(course, make_user("lou")),
        "stranger": make_user("sam"),
    }


def standing(course: Course, user: User) -> str | None:
    """How someone stands to the course by now."""
    return Membership.objects.filter(course=course, user=user).values_list("status", flat=True).first()


def counted(course: Course) -> int:
    """The members that the course counts, which are those it has."""
    members = Membership.objects.filter(course=course, status__in=["manager", "joined"]).count()
    assert Course.objects.get(pk=course.pk).member_count == members
    return members


def lesson_path(lesson: Lesson, end: str = "") -> str:
    return f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/{end}"


def locked(message: str) -> dict[str, Any]:
    """The refusal of a lesson that is closed."""
    return refused("lesson_locked", f"This lesson is locked: {message}")
