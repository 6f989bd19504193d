"""GET /api/v2/course/: the caller's courses."""

import pytest

from coursewright.courses.actions.courses import delete_course
from coursewright.courses.models import Course
from tests.api.authors import category_shape, course_shape, faults
from tests.api.learners import every_encoding, ids, listed
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import (
    NOW,
    complete,
    make_category,
    make_course,
    make_invited,
    make_joined,
    make_left,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)


def test_whole_answer() -> None:
    """Managed and joined, newest first; ``sections_order`` is whole for managers, for others what they see."""
    ann, science = make_user(), make_category()
    own = make_course(ann)
    other = make_course(make_user("bob"), "Physics", description="Of bodies", categories=[science.pk])
    managed = make_course(make_user("eve"), "Art", privacy="")
    section, empty = make_section(other), make_section(other, "Empty")
    lesson, draft = make_lesson(section), make_section(managed, "Empty too")
    make_lesson(section, "Series")
    make_joined(other, ann)
    make_manager(managed, ann)
    complete(lesson, ann)
    answer = Api(ann).get("course/")
    art = course_shape(managed, name="Art", slug="art", privacy="", join_status="manager", sections_order=[draft.pk])
    physics = course_shape(
        other,
        name="Physics",
        slug="physics",
        description="Of bodies",
        categories=[category_shape(science)],
        join_status="joined",
        user_completion_rate=50,
        sections_order=[section.pk],
    )
    assert (answer.status, answer.body) == (200, listed(art, physics))
    mine = Api(ann).get("course/", statuses="creator,joined")
    assert mine.body == listed(physics, course_shape(own))
    whole = Api(other.created_by).get("course/", statuses="creator").body["results"]
    assert [course["sections_order"] for course in whole] == [[section.pk, empty.pk]]


def make_all() -> dict[str, Course]:
    """One course for each way in which ann can stand to it, under its name."""
    ann, bob = make_user(), make_user("bob")
    courses = {"creator": make_course(ann, "creator")}
    for make in (make_manager, make_joined, make_invited, make_requested, make_left):
        name = make.__name__.removeprefix("make_")
        courses[name] = make_course(bob, name, privacy="private")
        make(courses[name], ann)
    make_course(bob, "other")
    return courses


@pytest.mark.parametrize(
    "statuses, found",
    [
        (None, ["joined", "manager"]),
        ([], []),
        (["creator"], ["creator"]),
        (["invited"], ["invited"]),
        (["requested", "requested"], ["requested"]),
        (["creator", "manager"], ["manager", "creator"]),
        (
            ["creator", "manager", "joined", "invited", "requested"],
            ["requested", "invited", "joined", "manager", "creator"],
        ),
    ],
)
def test_statuses_in_every_encoding(statuses: list[str] | None, found: list[str]) -> None:
    courses = make_all()
    api = Api(courses["creator"].created_by)
    for query in [""] if statuses is None else every_encoding("statuses", statuses):
        answer = api.get(f"course/?{query}")
        assert [(course["name"], course["join_status"]) for course in answer.body["results"]] == [
            (name, name) for name in found
        ]
        assert answer.body["count"] == len(found)


def test_a_requested_course_shows_no_more_than_its_lock_screen() -> None:
    ann = make_user()
    course = make_course(make_user("bob"), privacy="private", description="For us")
    make_lesson(make_section(course))
    make_requested(course, ann)
    expected = course_shape(course, privacy="private", join_status="requested", description="", sections_order=[])
    assert Api(ann).get("course/", statuses="requested").body == listed(expected)


@pytest.mark.parametrize("privacy, seen", [("open", 4), ("private", 4), ("secret", 3), ("", 1)])
def test_a_standing_to_a_course_that_is_not_there_shows_nothing(privacy: str, seen: int) -> None:
    courses = make_all()
    ann = courses["creator"].created_by
    Course.objects.exclude(name="creator").update(privacy=privacy)
    answer = Api(ann).get("course/", statuses="manager,joined,invited,requested")
    assert (answer.body["count"], len(ids(answer))) == (seen, seen)


def test_deleted_courses_are_gone() -> None:
    ann = make_user()
    course = make_course(ann)
    delete_course(course.pk, at=NOW, by=ann.pk)
    assert Api(ann).get("course/", statuses="creator").body == listed()


def test_created_by() -> None:
    ann, bob, eve = make_user(), make_user("bob"), make_user("eve")
    courses = [make_course(bob, "one"), make_course(eve, "two"), make_course(bob, "three")]
    for course in courses:
        make_joined(course, ann)
    api = Api(ann)
    assert ids(api.get("course/", created_by=bob.pk)) == [courses[2].pk, courses[0].pk]
    assert ids(api.get("course/", created_by="")) == [courses[2].pk, courses[1].pk, courses[0].pk]
    for unknown in (ann.pk, 999999, 0, -1, "9" * 30):
        assert api.get("course/", created_by=unknown)[:2] == (200, listed())


def test_wrong_query() -> None:
    answer = Api(make_user()).get("course/?statuses=left,joined&created_by=bob&limit=0")
    assert (answer.status, answer.body) == (
        400,
        faults(
            ("limit", "min_value", "Ensure this value is greater than or equal to 1."),
            ("created_by", "invalid", "A valid integer is required."),
            ("statuses", "invalid_choice", '"left" is not a valid choice.'),
        ),
    )


def test_anonymous() -> None:
    assert Api().get("course/?limit=x")[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get("course/")[:2] == (401, BAD_TOKEN)


def test_pages() -> None:
    ann, bob = make_user(), make_user("bob")
    courses = [make_course(bob, f"Course {place}") for place in range(5)]
    for course in reversed(courses):
        make_joined(course, ann)
    answer = Api(ann).get("course/", limit=2, offset=1)
    assert (answer.body["count"], ids(answer)) == (5, [courses[3].pk, courses[2].pk])
    assert answer.body["next"] == "http://testserver/api/v2/course/?limit=2&offset=3"
    assert answer.body["previous"] == "http://testserver/api/v2/course/?limit=2&offset=0"


def test_statements_do_not_grow() -> None:
    ann, science = make_user(), make_category()
    make_course(ann, categories=[science.pk])
    few = Api(ann).get("course/", statuses="creator").statements
    for place in range(29):
        make_lesson(make_section(make_course(ann, f"Course {place}", categories=[science.pk])))
    many = Api(ann).get("course/", statuses="creator", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 5, 30)
