"""GET /api/v2/user/{id}/courses/: a person's courses, as far as the caller may see them."""

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.community.actions import set_preference
from coursewright.courses.models import Course
from tests.api.authors import category_shape, course_shape, faults
from tests.api.learners import every_encoding, ids, listed, make_people
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, Api
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
    """Standing and progress in it are the caller's own, not the person's."""
    leo, sam, science = make_user("leo"), make_user("sam"), make_category()
    maths = make_course(make_user("ann"), description="Numbers", categories=[science.pk])
    art = make_course(make_user("bob"), "Art")
    lesson = make_lesson(make_section(maths))
    make_joined(maths, leo)
    make_manager(art, leo)
    make_joined(maths, sam)
    complete(lesson, sam)
    answer = Api(sam).get(f"user/{leo.pk}/courses/")
    expected = [
        {**course_shape(art, name="Art", slug="art", join_status=None), "member_count": 1},
        {
            **course_shape(
                maths,
                description="Numbers",
                categories=[category_shape(science)],
                join_status="joined",
                user_completion_rate=100,
                sections_order=[lesson.section_id],
            ),
            "member_count": 2,
        },
    ]
    assert (answer.status, answer.body) == (200, listed(*expected))


def make_all(privacy: str) -> dict[str, Course]:
    """One course for each way in which leo can stand to it, under its name."""
    leo, ann = make_user("leo"), make_user("ann")
    courses = {"creator": make_course(leo, "creator", privacy=privacy)}
    for make in (make_manager, make_joined, make_invited, make_requested, make_left):
        name = make.__name__.removeprefix("make_")
        courses[name] = make_course(ann, name, privacy=privacy)
        make(courses[name], leo)
    return courses


@pytest.mark.parametrize(
    "statuses, found",
    [
        (None, ["joined", "manager"]),
        ([], []),
        (["creator"], ["creator"]),
        (["requested", "invited"], ["requested", "invited"]),
        (["creator", "manager", "joined"], ["joined", "manager", "creator"]),
    ],
)
def test_statuses_in_every_encoding(statuses: list[str] | None, found: list[str]) -> None:
    courses = make_all("open")
    leo = courses["creator"].created_by
    for query in [""] if statuses is None else every_encoding("statuses", statuses):
        for api in (Api(leo), Api()):
            answer = api.get(f"user/{leo.pk}/courses/?{query}")
            assert [course["name"] for course in answer.body["results"]] == found
            assert answer.body["count"] == len(found)


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_only_courses_that_the_caller_may_see(privacy: str) -> None:
    course = make_course(make_user(), privacy=privacy)
    leo = make_joined(course, make_user("the learner"))
    sees = {
        "open": ["manager", "joined", "invited", "requested", "left", "stranger", "nobody"],
        "private": ["manager", "joined", "invited", "requested", "left", "stranger", "nobody"],
        "secret": ["manager", "joined", "invited"],
        "": ["manager"],
    }[privacy]
    for who, user in {**make_people(course), "nobody": None}.items():
        answer = Api(user).get(f"user/{leo.pk}/courses/")
        assert (who, ids(answer), answer.body["count"]) == (who, *(([course.pk], 1) if who in sees else ([], 0)))


def test_the_description_of_a_private_course_is_not_shown_to_outsiders() -> None:
    course = make_course(make_user(), privacy="private", description="For us")
    make_lesson(make_section(course))
    leo = make_joined(course, make_user("leo"))
    expected = course_shape(course, privacy="private", join_status=None, description="", sections_order=[])
    for api in (Api(), Api(make_user("sam"))):
        assert api.get(f"user/{leo.pk}/courses/").body == listed({**expected, "member_count": 1})
    assert Api(leo).get(f"user/{leo.pk}/courses/").body["results"][0]["description"] == "For us"


def test_a_hidden_member_count_is_for_managers() -> None:
    ann = make_user()
    course = make_course(ann, hide_member_count=True)
    people = make_people(course)
    leo = people["joined"]
    counts = {
        who: Api(user).get(f"user/{leo.pk}/courses/").body["results"][0]["member_count"]
        for who, user in {"creator": ann, **people, "nobody": None}.items()
    }
    shown = {"creator": 2, "manager": 2}
    assert counts == {who: shown.get(who) for who in counts}


def test_the_member_count_counts_managers_and_joined() -> None:
    ann = make_user()
    course = make_course(ann)
    people = make_people(course)

    def count() -> int:
        (found,) = Api().get(f"user/{ann.pk}/courses/", statuses="creator").body["results"]
        return int(found["member_count"])

    assert count() == 2
    Api(people["stranger"]).post(f"course/{course.pk}/join/")
    assert count() == 3
    Api(ann).post(f"course/{course.pk}/role/", {"joined": [people["manager"].pk], "unjoined": [people["joined"].pk]})
    assert count() == 2
    Api(ann).post(f"course/{course.pk}/invite/", {"users": [people["requested"].pk, people["left"].pk]})
    assert count() == 3
    Api(people["manager"]).delete(f"course/{course.pk}/join/")
    assert count() == 2


def test_who_is_asked_about() -> None:
    leo, gone = make_user("leo"), make_user("gone")
    delete_user(gone, at=NOW, by=None)
    for id in (gone.pk, "999999", "undefined", "9" * 30, "0"):
        assert Api(leo).get(f"user/{id}/courses/?limit=x")[:2] == (404, NOT_FOUND)
    assert Api(leo).get(f"user/{leo.pk}/courses/")[:2] == (200, listed())


def test_anonymous() -> None:
    leo = make_joined(make_course(make_user()), make_user("leo"))
    assert Api().get(f"user/{leo.pk}/courses/").body["count"] == 1
    assert Api(token="nonsense").get(f"user/{leo.pk}/courses/")[:2] == (401, BAD_TOKEN)
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    for id in (leo.pk, 999999):
        assert Api().get(f"user/{id}/courses/")[:2] == (401, NOT_AUTHENTICATED)


def test_wrong_query() -> None:
    leo = make_user("leo")
    answer = Api(leo).get(f"user/{leo.pk}/courses/?statuses=left&offset=-1")
    assert (answer.status, answer.body) == (
        400,
        faults(
            ("offset", "min_value", "Ensure this value is greater than or equal to 0."),
            ("statuses", "invalid_choice", '"left" is not a valid choice.'),
        ),
    )


def test_pages() -> None:
    ann = make_user()
    courses = [make_course(ann, f"Course {place}") for place in range(5)]
    path = f"/api/v2/user/{ann.pk}/courses/"
    answer = Api().get(path, statuses="creator", limit=2, offset=2)
    assert (answer.body["count"], ids(answer)) == (5, [courses[2].pk, courses[1].pk])
    assert answer.body["next"] == f"http://testserver{path}?statuses=creator&limit=2&offset=4"
    assert answer.body["previous"] == f"http://testserver{path}?statuses=creator&limit=2&offset=0"


def test_statements_do_not_grow() -> None:
    ann, leo = make_user(), make_user("leo")
    make_course(ann)
    few = Api(leo).get(f"user/{ann.pk}/courses/", statuses="creator").statements
    for place in range(29):
        make_lesson(make_section(make_course(ann, f"Course {place}")))
    many = Api(leo).get(f"user/{ann.pk}/courses/", statuses="creator", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 6, 30)
