"""GET /api/v2/user/search/"""

from typing import Any

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.community.actions import set_preference
from tests.client import NOT_AUTHENTICATED, Answer, Api, codes, wrong
from tests.factories import NOW, make_disabled, make_user

PATH = "user/search/"


def names(answer: Answer) -> list[str]:
    assert (answer.status, answer.body["count"]) == (200, len(answer.body["results"]))
    return [person["username"] for person in answer.body["results"]]


def search(**query: Any) -> list[str]:
    return names(Api().get(PATH, **query))


def test_whole_answer() -> None:
    ann = make_user(real_name="Ann Rossi", email="ann@example.org")
    answer = Api(ann).get(PATH)
    assert (answer.status, answer.body) == (
        200,
        {"count": 1, "next": None, "previous": None, "results": [Api(ann).get(f"user/{ann.pk}/").body]},
    )


def test_nobody() -> None:
    assert Api().get(PATH, user="x").body == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"user": "an"}, ["ann", "joanna", "zed"]),
        ({"user": "ANN"}, ["ann", "joanna"]),
        ({"user": "ａｎｎ"}, ["ann", "joanna"]),  # noqa: RUF001 - wide letters
        ({"user": " ann "}, ["ann", "joanna"]),
        ({"user": "strasse"}, ["ann"]),
        ({"user": "STRAẞE"}, ["ann"]),
        ({"user": "gauß an"}, ["zed"]),
        ({"username": "an"}, ["ann", "joanna"]),
        ({"real_name": "an"}, ["zed"]),
        ({"user": "n", "username": "jo"}, ["joanna"]),
        ({"username": "z", "real_name": "gauss"}, ["zed"]),
        ({"username": "z", "real_name": "rossi"}, []),
        ({"user": ""}, ["ann", "joanna", "zed"]),
        ({}, ["ann", "joanna", "zed"]),
        ({"search": "zed"}, ["ann", "joanna", "zed"]),
    ],
)
def test_substrings_without_case_and_width(query: dict[str, str], found: list[str]) -> None:
    make_user("zed", real_name="Gauss Anton")
    make_user("ann", real_name="Rossi Straße")
    make_user("joanna")
    assert search(**query) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("%", ["per%cent"]), ("_", ["under_score"]), ("!", ["bang!"]), ("\\", ["back\\slash"]), ("'", ["o'neil"])],
)
def test_signs_stand_for_themselves(text: str, found: list[str]) -> None:
    for username in ("per%cent", "under_score", "bang!", "back\\slash", "o'neil", "plain"):
        make_user(username)
    assert search(user=text) == search(username=text) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Ann", "bob", "zoe", "Émile"]),
        ({"ordering": "username"}, ["Ann", "bob", "zoe", "Émile"]),
        ({"ordering": "-username"}, ["Émile", "zoe", "bob", "Ann"]),
        ({"ordering": "real_name"}, ["bob", "zoe", "Émile", "Ann"]),
        ({"ordering": "-real_name"}, ["Ann", "Émile", "zoe", "bob"]),
    ],
)
def test_orderings(query: dict[str, str], found: list[str]) -> None:
    make_user("zoe", real_name="alpha")
    make_user("Ann", real_name="delta")
    make_user("Émile", real_name="Beta")
    make_user("bob")
    assert search(**query) == found


def test_equal_names_in_the_order_of_ids() -> None:
    ids = [make_user(name, real_name="Ann").pk for name in ("zoe", "bob", "ann")]
    rising, falling = (Api().get(PATH, ordering=way).body["results"] for way in ("real_name", "-real_name"))
    assert [person["id"] for person in rising] == ids
    assert [person["id"] for person in falling] == ids[::-1]


@pytest.mark.parametrize("ordering", ["id", "email", "-", "username,real_name", "password"])
def test_unknown_ordering(ordering: str) -> None:
    answer = Api().get(PATH, ordering=ordering)
    assert (answer.status, codes(answer)) == (400, wrong(ordering="invalid_choice"))


def test_disabled_and_deleted_people_are_not_found() -> None:
    make_user()
    delete_user(make_user("gone"), at=NOW, by=None)
    make_disabled("disabled")
    assert search() == ["ann"]


def test_pages() -> None:
    for place in range(7):
        make_user(f"user{place}")
    first = Api().get(PATH, limit=3, user="USER", ordering="-username")
    kept = "user=USER&ordering=-username"
    assert (first.body["count"], first.body["previous"]) == (7, None)
    assert first.body["next"] == f"http://testserver/api/v2/user/search/?{kept}&limit=3&offset=3"
    last = Api().get(PATH, limit=3, user="USER", ordering="-username", offset=6)
    assert ([person["username"] for person in last.body["results"]], last.body["next"]) == (["user0"], None)
    assert last.body["previous"] == f"http://testserver/api/v2/user/search/?{kept}&limit=3&offset=3"


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ({"limit": 0}, wrong(limit="min_value")),
        ({"limit": "x", "offset": -1}, wrong(limit="invalid", offset="min_value")),
        ({"user": "a\0b"}, wrong(user="invalid")),
    ],
)
def test_wrong_parameters(query: dict[str, Any], faults: list[Any]) -> None:
    answer = Api().get(PATH, **query)
    assert (answer.status, codes(answer)) == (400, faults)


@pytest.mark.parametrize("text", ["x" * 5000, "ﷺ" * 300, "\ufffd", "🎓"])
def test_strange_texts(text: str) -> None:
    make_user()
    assert search(user=text) == []


def test_statements() -> None:
    api = Api(make_user())
    one = api.get(PATH).statements
    for place in range(30):
        make_user(f"user{place}", real_name="Many")
    many = api.get(PATH, limit=100, user="m")
    assert (many.body["count"], many.statements, one) == (30, 3, 3)


def test_anonymous_where_content_is_for_members() -> None:
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    answer = Api().get(PATH)
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert Api(make_user()).get(PATH).status == 200
