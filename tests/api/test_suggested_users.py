"""GET /api/v2/course/{id}/user/: people who could be added, for managers."""

import pytest

from coursewright.accounts.actions import delete_user
from tests.api.authors import assert_hidden, assert_managers_only, faults
from tests.api.learners import brief, ids, listed, make_people
from tests.client import Api
from tests.factories import NOW, make_course, make_disabled, make_user


def test_whole_answer() -> None:
    """Everyone without a standing, who left too, by username; nobody who is disabled or deleted."""
    ann = make_user()
    course = make_course(ann)
    people = make_people(course)
    bob = make_user("Bob", real_name="Bob Orr", ext_id="x-9")
    make_disabled("off")
    delete_user(make_user("gone"), at=NOW, by=None)
    for user in (ann, people["manager"]):
        answer = Api(user).get(f"course/{course.pk}/user/")
        expected = listed(brief(bob), brief(people["left"]), brief(people["stranger"]))
        assert (answer.status, answer.body) == (200, expected)


def test_managers_only() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "GET", f"course/{course.pk}/user/?limit=x")
    assert_hidden(course, "GET", f"course/{course.pk}/user/")


@pytest.mark.parametrize(
    "search, found",
    [
        ("", ["bob", "kay", "Zoë"]),
        ("  ", ["bob", "kay", "Zoë"]),
        ("ZOË", ["Zoë"]),
        ("o", ["bob", "Zoë"]),
        ("lund", ["kay"]),
        ("_", []),
        ("leo", []),
        ("y" * 2000, []),
    ],
)
def test_search_in_the_names_without_case(search: str, found: list[str]) -> None:
    ann = make_user()
    course = make_course(ann)
    for name in ("bob", "Zoë"):
        make_user(name)
    make_user("kay", real_name="Kay Lund")
    answer = Api(ann).get(f"course/{course.pk}/user/", search=search)
    assert [user["username"] for user in answer.body["results"]] == found
    assert answer.body["count"] == len(found)


def test_wrong_query() -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/user/?offset=-1")
    message = "Ensure this value is greater than or equal to 0."
    assert (answer.status, answer.body) == (400, faults(("offset", "min_value", message)))


def test_pages() -> None:
    ann = make_user()
    course = make_course(ann)
    people = [make_user(f"user{place}").pk for place in range(5)]
    path = f"/api/v2/course/{course.pk}/user/"
    answer = Api(ann).get(path, limit=2, offset=2, search="user")
    assert (answer.body["count"], ids(answer)) == (5, people[2:4])
    assert answer.body["next"] == f"http://testserver{path}?search=user&limit=2&offset=4"
    assert answer.body["previous"] == f"http://testserver{path}?search=user&limit=2&offset=0"


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    make_user("one")
    few = Api(ann).get(f"course/{course.pk}/user/").statements
    for place in range(29):
        make_user(f"user{place}")
    many = Api(ann).get(f"course/{course.pk}/user/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)
