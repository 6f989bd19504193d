"""GET /api/v2/category/"""

import pytest

from coursewright.community.actions import set_preference
from tests.api.authors import category_shape
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api, codes, wrong
from tests.factories import NOW, make_category, make_user


def names(api: Api, **query: object) -> list[str]:
    return [category["name"] for category in api.get("category/", **query).body["results"]]


def test_whole_answer() -> None:
    science, art = make_category(), make_category("Art", active=False)
    answer = Api().get("category/")
    assert (answer.status, answer.body) == (
        200,
        {
            "count": 2,
            "next": None,
            "previous": None,
            "results": [category_shape(art, active=False), category_shape(science)],
        },
    )


def test_none() -> None:
    answer = Api().get("category/")
    assert (answer.status, answer.body) == (200, {"count": 0, "next": None, "previous": None, "results": []})


def test_order() -> None:
    """By ``order``, then by name without case."""
    for name, order in (("b", 1), ("C", 1), ("a", 1), ("z", -1), ("É", 0)):
        make_category(name, slug=f"s{ord(name)}", order=order)
    assert names(Api()) == ["z", "É", "a", "b", "C"]


def test_active() -> None:
    make_category("On")
    make_category("Off", active=False)
    for value, expected in (("true", ["On"]), ("1", ["On"]), ("false", ["Off"]), ("0", ["Off"]), ("", ["Off", "On"])):
        assert names(Api(), active=value) == expected
    answer = Api().get("category/", active="maybe")
    assert (answer.status, codes(answer)) == (400, wrong(active="invalid"))


@pytest.mark.parametrize(
    "search, expected",
    [("ART", ["Art", "Martial arts"]), ("école", ["École"]), ("%", ["100%"]), ("_", []), ("nothing", [])],
)
def test_search(search: str, expected: list[str]) -> None:
    for slug, name in enumerate(("Art", "Martial arts", "École", "100%")):
        make_category(name, slug=str(slug))
    assert names(Api(), search=search) == expected


def test_pages() -> None:
    for place in range(5):
        make_category(f"Category {place}")
    answer = Api().get("category/", active="true", limit=2, offset=2)
    assert [category["name"] for category in answer.body["results"]] == ["Category 2", "Category 3"]
    assert (answer.body["count"], answer.body["next"], answer.body["previous"]) == (
        5,
        "http://testserver/api/v2/category/?active=true&limit=2&offset=4",
        "http://testserver/api/v2/category/?active=true&limit=2&offset=0",
    )


def test_deleted_ones_are_gone() -> None:
    category = make_category()
    Api(make_user(role="admin")).delete(f"category/{category.pk}/")
    assert names(Api()) == []


def test_readers() -> None:
    make_category()
    assert names(Api(make_user())) == ["Science"]
    assert Api(token="nonsense").get("category/").body == BAD_TOKEN
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    answer = Api().get("category/", limit="x")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert names(Api(make_user("bob"))) == ["Science"]


def test_statements_do_not_grow() -> None:
    make_category()
    few = Api().get("category/").statements
    for place in range(29):
        make_category(f"Category {place}")
    many = Api().get("category/", limit=30)
    assert (few, many.statements, len(many.body["results"])) == (3, 3, 30)
