"""GET /api/v2/course/{id}/request_join/: who asked to join, for managers."""

from datetime import UTC, date, datetime

import pytest

from coursewright.accounts.models import User
from tests.api.authors import assert_hidden, assert_managers_only, faults
from tests.api.learners import ids, listed, make_people
from tests.client import Api
from tests.factories import make_course, make_joined, make_requested, make_user


def test_whole_answer() -> None:
    """Whole people, not brief ones: the clients show ``date_joined``."""
    ann = make_user()
    course = make_course(ann, privacy="private")
    ray = make_requested(course, make_user("ray", real_name="Ray Orr", ext_id="x-4"))
    User.objects.filter(pk=ray.pk).update(date_of_birth=date(1990, 5, 17), gender="Male", bio="Hi", location="Oslo")
    answer = Api(ann).get(f"course/{course.pk}/request_join/")
    person = {
        "id": ray.pk,
        "username": "ray",
        "real_name": "Ray Orr",
        "ext_id": "x-4",
        "date_joined": "2026-11-23T10:00:00Z",
        "bio": "Hi",
        "location": "Oslo",
        "location_lat_lng": "",
        "position_lat_lng": "",
        "date_of_birth": "1990-05-17",
        "description": "",
        "gender": "Male",
        "website": "",
        "deleted": False,
        "deleted_at": None,
        "avatar": None,
        "followings_counter": None,
        "followers_counter": None,
        "posts_counter": None,
        "discussions_counter": None,
        "polls_counter": None,
        "connection_status": None,
        "categories_counter": None,
        "cover": None,
        "tags": [],
        "reputation": 0,
        "community_badge": False,
        "reg_approved": True,
        "company_name": "",
        "company_role": "",
        "can_send_pm_to": False,
    }
    assert (answer.status, answer.body) == (200, listed(person))


def test_only_those_who_asked_and_in_that_order() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    people = make_people(course)
    late = make_requested(course, make_user("kay"))
    answer = Api(people["manager"]).get(f"course/{course.pk}/request_join/")
    assert (answer.body["count"], ids(answer)) == (2, [people["requested"].pk, late.pk])


def test_managers_only() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "GET", f"course/{course.pk}/request_join/?limit=x")
    assert_hidden(course, "GET", f"course/{course.pk}/request_join/")


@pytest.mark.parametrize(
    "search, found",
    [
        ("", ["ray", "Zoë"]),
        ("RAY", ["ray"]),
        ("orr", ["ray"]),
        ("zoË", ["Zoë"]),
        ("LÉON", ["Zoë"]),
        (" ray ", ["ray"]),
        ("leo", []),
        ("_", []),
        ("%", []),
        ("x" * 2000, []),
    ],
)
def test_search_in_the_names_without_case(search: str, found: list[str]) -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    make_joined(course, make_user("leo"))
    make_requested(course, make_user("ray", real_name="Ray Orr"))
    make_requested(course, make_user("Zoë", real_name="Zoë Léon"))
    answer = Api(ann).get(f"course/{course.pk}/request_join/", search=search)
    assert [user["username"] for user in answer.body["results"]] == found
    assert answer.body["count"] == len(found)


def test_statuses_say_nothing_here() -> None:
    """The clients send senseless ones."""
    ann = make_user()
    course = make_course(ann, privacy="private")
    ray = make_requested(course, make_user("ray"))
    for statuses in ('["joined","manager"]', "nonsense"):
        answer = Api(ann).get(f"course/{course.pk}/request_join/", statuses=statuses, search="")
        assert (answer.status, ids(answer)) == (200, [ray.pk])


def test_wrong_query() -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/request_join/?limit=0&search=%00")
    assert (answer.status, answer.body) == (
        400,
        faults(
            ("limit", "min_value", "Ensure this value is greater than or equal to 1."),
            ("search", "invalid", "Null characters are not allowed."),
        ),
    )


def test_a_deleted_person_is_shown_as_deleted() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    ray = make_requested(course, make_user("ray"))
    User.objects.filter(pk=ray.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    (result,) = Api(ann).get(f"course/{course.pk}/request_join/").body["results"]
    assert (result["deleted"], result["deleted_at"]) == (True, "2026-01-01T00:00:00Z")


def test_pages() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    asked = [make_requested(course, make_user(f"user{place}")).pk for place in range(5)]
    path = f"/api/v2/course/{course.pk}/request_join/"
    answer = Api(ann).get(path, limit=2, offset=2, search="user")
    assert (answer.body["count"], ids(answer)) == (5, asked[2:4])
    assert answer.body["next"] == f"http://testserver{path}?search=user&limit=2&offset=4"
    assert answer.body["previous"] == f"http://testserver{path}?search=user&limit=2&offset=0"


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    make_requested(course, make_user("one"))
    few = Api(ann).get(f"course/{course.pk}/request_join/").statements
    for place in range(29):
        make_requested(course, make_user(f"user{place}"))
    many = Api(ann).get(f"course/{course.pk}/request_join/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)
