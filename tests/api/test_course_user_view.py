"""GET /api/v2/course/{id}/ (``view=user``): the course as its learners see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coursewright.courses.actions.courses import delete_course
from tests.api.authors import category_shape, course_shape
from tests.api.learners import make_people, minimal_shape
from tests.client import BAD_TOKEN, NOT_FOUND, Api
from tests.clock import Clock
from tests.factories import (
    NOW,
    complete,
    make_category,
    make_course,
    make_joined,
    make_lesson,
    make_manager,
    make_section,
    make_user,
)

DAY = timedelta(days=1)
LESSON = {"type": "lesson", "status": "published", "comments_enabled": True}


def test_whole_answer() -> None:
    """Drafts and sections without a published lesson are left out, of every list and figure."""
    science = make_category()
    course = make_course(
        make_user(),
        type="scheduled",
        enforce_lessons_order=True,
        categories=[science.pk],
        description="From limits to integrals",
    )
    one = make_section(course, "One", dripped_at=datetime(2026, 11, 1, 9, tzinfo=UTC), drip_delay=3)
    make_section(course, "Empty")
    two = make_section(course, "Two", dripped_at=datetime(2026, 12, 15, 9, 0, 0, 500_000, tzinfo=UTC))
    make_lesson(make_section(course, "Drafts"), "Draft", status="draft")
    draft, first, second = make_lesson(one, "Draft", status="draft"), make_lesson(one), make_lesson(one, "Series")
    third = make_lesson(two, "Quiz", type="quiz", comments_enabled=False)
    leo = make_joined(course, make_user("leo"))
    for lesson in (first, draft):
        complete(lesson, leo)
    expected = course_shape(
        course,
        type="scheduled",
        description="From limits to integrals",
        enforce_lessons_order=True,
        categories=[category_shape(science)],
        join_status="joined",
        user_completion_rate=33,
        sections_order=[one.pk, two.pk],
        num_sections=2,
        num_lessons=3,
        num_lessons_completed=1,
        sections=[
            {
                "id": one.pk,
                "name": "One",
                "dripped_at": "2026-11-01T09:00:00Z",
                "drip_delay": 3,
                "lessons_order": [first.pk, second.pk],
                "available_date": "2026-11-01T09:00:00Z",
                "locked": False,
                "num_lessons": 2,
                "num_lessons_completed": 1,
                "lessons": [
                    {**LESSON, "id": first.pk, "name": "Limits", "completion_status": "completed", "locked": False},
                    {**LESSON, "id": second.pk, "name": "Series", "completion_status": "uncompleted", "locked": False},
                ],
            },
            {
                "id": two.pk,
                "name": "Two",
                "dripped_at": "2026-12-15T09:00:00.500000Z",
                "drip_delay": 0,
                "lessons_order": [third.pk],
                "available_date": "2026-12-15T09:00:00.500000Z",
                "locked": True,
                "num_lessons": 1,
                "num_lessons_completed": 0,
                "lessons": [
                    {
                        "id": third.pk,
                        "name": "Quiz",
                        "type": "quiz",
                        "status": "published",
                        "comments_enabled": False,
                        "completion_status": "uncompleted",
                        "locked": True,
                    }
                ],
            },
        ],
    )
    for query in ("", "?view=user", "?view="):
        answer = Api(leo).get(f"course/{course.pk}/{query}")
        assert (answer.status, answer.body) == (200, expected)


def test_managers_see_it_so_too_with_whole_orders() -> None:
    """The outline is the learners', open; the orders are those that a manager writes, which list every id."""
    ann = make_user()
    course = make_course(ann, type="scheduled")
    one, empty = make_section(course), make_section(course, "Empty")
    draft, lesson = make_lesson(one, "Draft", status="draft"), make_lesson(one)
    for user in (ann, make_manager(course, make_user("mia"))):
        body = Api(user).get(f"course/{course.pk}/").body
        assert body["sections_order"] == [one.pk, empty.pk]
        (section,) = body["sections"]
        assert (section["id"], section["lessons_order"], section["locked"]) == (one.pk, [draft.pk, lesson.pk], False)
        assert [(found["id"], found["locked"]) for found in section["lessons"]] == [(lesson.pk, False)]
        assert (body["num_sections"], body["num_lessons"], section["num_lessons"]) == (1, 1, 1)


def outline(body: Any) -> list[tuple[str | None, bool, list[bool]]]:
    """Of each section: when it opens, whether it is locked, and which of its lessons are."""
    return [
        (section["available_date"], section["locked"], [lesson["locked"] for lesson in section["lessons"]])
        for section in body["sections"]
    ]


@pytest.mark.parametrize(
    "type, who, expected",
    [
        ("self-paced", "joined", [(None, False, [False]), (None, False, [False])]),
        ("self-paced", "stranger", [(None, False, [True]), (None, False, [True])]),
        ("scheduled", "joined", [("2026-11-23T10:00:00Z", False, [False]), (None, True, [True])]),
        ("scheduled", "stranger", [("2026-11-23T10:00:00Z", False, [True]), (None, True, [True])]),
        ("scheduled", "manager", [("2026-11-23T10:00:00Z", False, [False]), (None, False, [False])]),
        (
            "structured",
            "joined",
            [("2026-11-23T10:00:00Z", False, [False]), ("2026-11-30T10:00:00Z", True, [True])],
        ),
        ("structured", "invited", [(None, False, [True]), (None, False, [True])]),
        ("structured", "requested", [(None, False, [True]), (None, False, [True])]),
        ("structured", "left", [(None, False, [True]), (None, False, [True])]),
        ("structured", "creator", [(None, False, [False]), (None, False, [False])]),
        (
            "structured",
            "manager",
            [("2026-11-23T10:00:00Z", False, [False]), ("2026-11-30T10:00:00Z", False, [False])],
        ),
    ],
)
def test_what_is_locked(type: str, who: str, expected: Any) -> None:
    ann = make_user()
    course = make_course(ann, type=type)
    make_lesson(make_section(course, dripped_at=NOW))
    make_lesson(make_section(course, "Week two", drip_delay=7))
    user = {"creator": ann, **make_people(course)}[who]
    assert outline(Api(user).get(f"course/{course.pk}/").body) == expected


def test_anonymous_sees_the_outline_of_an_open_course_locked() -> None:
    course = make_course(make_user())
    make_lesson(make_section(course))
    body = Api().get(f"course/{course.pk}/").body
    assert (body["join_status"], outline(body)) == (None, [(None, False, [True])])
    assert Api(token="nonsense").get(f"course/{course.pk}/")[:2] == (401, BAD_TOKEN)


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_who_sees_what(privacy: str) -> None:
    course = make_course(make_user(), privacy=privacy, description="For us")
    make_lesson(make_section(course))
    sees = {
        "open": {"full": ["manager", "joined", "invited", "requested", "left", "stranger", "nobody"], "lock": []},
        "private": {"full": ["manager", "joined", "invited"], "lock": ["requested", "left", "stranger", "nobody"]},
        "secret": {"full": ["manager", "joined", "invited"], "lock": []},
        "": {"full": ["manager"], "lock": []},
    }[privacy]
    for who, user in {**make_people(course), "nobody": None}.items():
        answer = Api(user).get(f"course/{course.pk}/")
        status = who if who in ("manager", "joined", "invited", "requested") else None
        if who in sees["full"]:
            assert (who, answer.status, answer.body["join_status"], answer.body["num_lessons"]) == (who, 200, status, 1)
            assert answer.body["description"] == "For us"
        elif who in sees["lock"]:
            lock = minimal_shape(course, privacy="private", join_status=status)
            assert (who, answer.status, answer.body) == (who, 200, lock)
        else:
            assert (who, *answer[:2]) == (who, 404, NOT_FOUND)


def test_the_lock_screen_tells_what_one_did_before() -> None:
    course = make_course(make_user(), privacy="private")
    lesson = make_lesson(make_section(course))
    lou = make_people(course)["left"]
    complete(lesson, lou)
    answer = Api(lou).get(f"course/{course.pk}/")
    assert answer.body == minimal_shape(course, privacy="private", user_completion_rate=100)


def test_order_opens_one_lesson_after_the_other() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    one, two = make_section(course), make_section(course, "Two")
    lessons = [make_lesson(one, "a"), make_lesson(one, "b"), make_lesson(two, "c")]
    leo = make_joined(course, make_user("leo"))
    seen = []
    for lesson in lessons:
        seen.append([locked for _, _, found in outline(Api(leo).get(f"course/{course.pk}/").body) for locked in found])
        complete(lesson, leo)
    assert seen == [[False, True, True], [False, False, True], [False, False, False]]


def test_at_the_instant(clock: Clock) -> None:
    course = make_course(make_user(), type="scheduled")
    make_lesson(make_section(course, dripped_at=NOW + DAY))
    api = Api(make_joined(course, make_user("leo")))
    seen = []
    for now in (NOW + DAY - timedelta(microseconds=1), NOW + DAY):
        clock.set(now)
        seen.append(outline(api.get(f"course/{course.pk}/").body))
    date = "2026-11-24T10:00:00Z"
    assert seen == [[(date, True, [True])], [(date, False, [False])]]


def test_figures_follow_what_authors_do() -> None:
    ann = make_user()
    course = make_course(ann)
    one, two = make_section(course), make_section(course, "Two")
    a, b, c = make_lesson(one, "a"), make_lesson(one, "b"), make_lesson(two, "c")
    leo = make_joined(course, make_user("leo"))
    for lesson in (a, c):
        complete(lesson, leo)
    author, base = Api(ann), f"course/{course.pk}/section"

    def figures() -> tuple[int, int, int, list[int]]:
        body = Api(leo).get(f"course/{course.pk}/").body
        sections = [section["num_lessons_completed"] for section in body["sections"]]
        return body["user_completion_rate"], body["num_lessons_completed"], body["num_lessons"], sections

    assert figures() == (66, 2, 3, [1, 1])
    author.patch(f"{base}/{one.pk}/lesson/{b.pk}/", {"status": "draft"})
    assert figures() == (100, 2, 2, [1, 1])
    author.patch(f"course/{course.pk}/", {"sections_order": [two.pk, one.pk]})
    author.patch(f"{base}/{one.pk}/lesson/{a.pk}/", {"status": "draft"})
    assert figures() == (100, 1, 1, [1])
    author.patch(f"{base}/{one.pk}/lesson/{b.pk}/", {"status": "published"})
    assert figures() == (50, 1, 2, [1, 0])
    author.patch(f"{base}/{one.pk}/lesson/{a.pk}/", {"status": "published"})
    assert figures() == (66, 2, 3, [1, 1])
    author.delete(f"{base}/{two.pk}/")
    assert figures() == (50, 1, 2, [1])


def test_unknown_and_deleted() -> None:
    ann = make_user()
    course = make_course(ann)
    delete_course(course.pk, at=NOW, by=ann.pk)
    for id in (course.pk, "999999", "undefined", "9" * 30):
        for api in (Api(ann), Api()):
            assert api.get(f"course/{id}/")[:2] == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    make_lesson(make_section(course))
    api = Api(make_joined(course, make_user("leo")))
    few = api.get(f"course/{course.pk}/").statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    assert (api.get(f"course/{course.pk}/").statements, few) == (few, 4)
