"""GET /api/v2/course/{id}/ with ``view=edit``, wrong parameters, and ``user``: what somebody else sees."""

from datetime import UTC, datetime
from typing import Any

import pytest

from coursewright.courses.models import Course
from tests.api.authors import (
    category_shape,
    course_shape,
    faults,
)
from tests.api.quizzes import attempt, make_question
from tests.client import FORBIDDEN, NOT_FOUND, Api, codes, wrong
from tests.factories import (
    complete,
    make_category,
    make_course,
    make_invited,
    make_joined,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)


def no_user(id: int) -> dict[str, Any]:
    return faults(("user", "does_not_exist", f"There is no such user: {id}."))


def test_whole_answer() -> None:
    """Everything, drafts and empty sections too, and counted."""
    ann, science = make_user(), make_category()
    course = make_course(ann, description="x", categories=[science.pk])
    one = make_section(course, "One", dripped_at=datetime(2026, 12, 15, 9, tzinfo=UTC), drip_delay=3)
    two = make_section(course, "Two")
    draft, done = make_lesson(one, "Draft", status="draft"), make_lesson(one, "Done", type="quiz")
    make_question(done)
    attempt(done, ann, **{"Is it?": "yes"})
    lesson = {"comments_enabled": True}
    answer = Api(ann).get(f"course/{course.pk}/", view="edit")
    assert (answer.status, answer.body) == (
        200,
        course_shape(
            course,
            description="x",
            categories=[category_shape(science)],
            user_completion_rate=100,
            sections_order=[one.pk, two.pk],
            num_sections=2,
            num_lessons=2,
            sections=[
                {
                    "id": one.pk,
                    "name": "One",
                    "dripped_at": "2026-12-15T09:00:00Z",
                    "drip_delay": 3,
                    "lessons_order": [draft.pk, done.pk],
                    "num_lessons": 2,
                    "lessons": [
                        {
                            **lesson,
                            "id": draft.pk,
                            "name": "Draft",
                            "type": "lesson",
                            "status": "draft",
                            "completion_status": "uncompleted",
                        },
                        {
                            **lesson,
                            "id": done.pk,
                            "name": "Done",
                            "type": "quiz",
                            "status": "published",
                            "completion_status": "completed",
                        },
                    ],
                },
                {
                    "id": two.pk,
                    "name": "Two",
                    "dripped_at": None,
                    "drip_delay": 0,
                    "lessons_order": [],
                    "num_lessons": 0,
                    "lessons": [],
                },
            ],
        ),
    )


def test_an_empty_draft() -> None:
    ann = make_user()
    course = make_course(ann, privacy="")
    answer = Api(ann).get(f"course/{course.pk}/", view="edit")
    assert (answer.status, answer.body) == (
        200,
        course_shape(course, privacy="", sections=[], num_sections=0, num_lessons=0),
    )


@pytest.mark.parametrize("query", ["view=edit", "view=dashboard", "user=1", "user=", "user=x", "view=edit&user=1"])
def test_needs_a_manager(query: str) -> None:
    """Anonymous callers may see an open course, so they too are known to be no managers: 403, not 401."""
    course = make_course(make_user())
    outsiders = [
        Api(make_user("stranger")),
        Api(make_joined(course, make_user("joined"))),
        Api(make_invited(course, make_user("invited"))),
        Api(make_requested(course, make_user("requested"))),
        Api(make_user("root", role="admin")),
        Api(),
    ]
    for api in outsiders:
        answer = api.get(f"course/{course.pk}/?{query}")
        assert (answer.status, answer.body) == (403, FORBIDDEN)
    assert Api(token="nonsense").get(f"course/{course.pk}/?{query}").status == 401


def test_managers_may() -> None:
    course = make_course(make_user())
    max = make_manager(course, make_user("max"))
    assert Api(max).get(f"course/{course.pk}/", view="edit").body["join_status"] == "manager"


@pytest.mark.parametrize("privacy, status", [("", 404), ("private", 403), ("secret", 404)])
def test_strangers_of_other_courses(privacy: str, status: int) -> None:
    course = make_course(make_user(), privacy=privacy)
    assert Api(make_user("eve")).get(f"course/{course.pk}/", view="edit").status == status
    assert Api().get(f"course/{course.pk}/", view="edit").status == status


@pytest.mark.parametrize("view", ["nonsense", "EDIT", "edit,user", "%00"])
def test_another_view(view: str) -> None:
    ann = make_user()
    course = make_course(ann)
    for api in (Api(ann), Api(make_user("eve")), Api()):
        answer = api.get(f"course/{course.pk}/?view={view}")
        assert (answer.status, {field for field, _ in codes(answer)}) == (400, {"view"})


def test_an_empty_view_is_none() -> None:
    ann = make_user()
    course = make_course(ann)
    assert Api(ann).get(f"course/{course.pk}/?view=").body == Api(ann).get(f"course/{course.pk}/").body


@pytest.mark.parametrize("view", ["edit", "dashboard"])
def test_user_goes_with_the_users_view_only(view: str) -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).get(f"course/{course.pk}/", view=view, user=ann.pk)
    assert (answer.status, answer.body) == (400, faults(("user", "invalid", "Goes with view=user only.")))


@pytest.mark.parametrize(
    "user, named", [("999999", 999999), ("0", 0), ("-1", -1), ("9" * 30, 2**63 - 1), ("", 0)], ids=repr
)
def test_unknown_user(user: str, named: int) -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/?user={user}")
    assert (answer.status, answer.body) == (400, no_user(named))


def test_user_that_is_no_number() -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/?user=bob&view=nonsense")
    assert (answer.status, codes(answer)) == (400, wrong(view="invalid_choice", user="invalid invalid"))


def test_deleted_user() -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    type(bob).objects.filter(pk=bob.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert Api(ann).get(f"course/{course.pk}/", user=bob.pk).body == no_user(bob.pk)


@pytest.mark.parametrize("privacy", ["", "open", "private", "secret"])
def test_body_and_status_are_those_the_person_would_get(privacy: str) -> None:
    ann = make_user()
    course = make_course(ann, type="structured", enforce_lessons_order=True)
    section = make_section(course, drip_delay=1)
    lesson = make_lesson(section)
    make_lesson(section, "Draft", status="draft")
    make_section(course, "Empty")
    people = [
        ann,
        make_manager(course, make_user("max")),
        make_joined(course, make_user("joined")),
        make_invited(course, make_user("invited")),
        make_requested(course, make_user("requested")),
        make_user("stranger"),
        make_user("root", role="admin"),
    ]
    complete(lesson, people[2])
    Course.objects.filter(pk=course.pk).update(privacy=privacy)
    for user in people:
        own = Api(user).get(f"course/{course.pk}/")
        for query in ({"user": user.pk}, {"user": user.pk, "view": "user"}):
            answer = Api(ann).get(f"course/{course.pk}/", **query)
            assert (user.username, answer.status, answer.body) == (user.username, own.status, own.body)


def test_unknown_course() -> None:
    ann = make_user()
    for query in ("view=edit", "user=1", "view=nonsense"):
        answer = Api(ann).get(f"course/999999/?{query}")
        assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course, science = make_course(ann), make_category()
    Api(ann).patch(f"course/{course.pk}/", {"categories": [science.pk]})
    make_lesson(make_section(course))
    few = [Api(ann).get(f"course/{course.pk}/", **query).statements for query in ({"view": "edit"}, {"user": ann.pk})]
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    many = [Api(ann).get(f"course/{course.pk}/", **query).statements for query in ({"view": "edit"}, {"user": ann.pk})]
    assert (few, many) == ([4, 5], [4, 5])
