"""Pages and their links (rules.md 1.8)."""

import ipaddress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings

from tests.client import Answer, Api, codes, wrong
from tests.factories import make_category, make_course, make_user

PROXY = {"TRUSTED_PROXIES": [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8")]}
HOSTS = ["testserver", "learn.example.org", "[::1]"]


def make_categories(count: int = 5) -> list[int]:
    return [make_category(f"Category {place}", order=place).pk for place in range(count)]


def ids(answer: Answer) -> list[int]:
    return [row["id"] for row in answer.body["results"]]


@pytest.mark.parametrize(
    "query, slice_",
    [
        ("", slice(0, 20)),
        ("limit=2", slice(0, 2)),
        ("limit=2&offset=1", slice(1, 3)),
        ("offset=24", slice(24, 25)),
        ("offset=25", slice(25, 25)),
        ("limit=100", slice(0, 25)),
        ("limit=101", slice(0, 25)),
        ("limit=" + "9" * 90, slice(0, 25)),
        ("limit=+7", slice(0, 7)),
        ("limit=007", slice(0, 7)),
        ("limit=%207%20", slice(0, 7)),
        ("limit=3&limit=4", slice(0, 4)),
        ("offset=" + str(2**63 - 1), slice(0, 0)),
        ("offset=" + str(2**63), slice(0, 0)),
        ("offset=" + "9" * 90, slice(0, 0)),
        ("offset=" + "9" * 900, slice(0, 0)),
        ("&&limit=2&&", slice(0, 2)),
    ],
)
def test_windows(query: str, slice_: slice) -> None:
    found = make_categories(25)
    answer = Api().get(f"category/?{query}")
    assert (answer.status, ids(answer), answer.body["count"]) == (200, found[slice_], 25)


def test_at_most_100() -> None:
    found = make_categories(101)
    answer = Api().get("category/?limit=1000")
    assert ids(answer) == found[:100]
    assert answer.body["next"] == "http://testserver/api/v2/category/?limit=100&offset=100"
    assert ids(Api().get(answer.body["next"].removeprefix("http://testserver"))) == found[100:]


@pytest.mark.parametrize(
    "query, errors",
    [
        ("limit=0", wrong(limit="min_value")),
        ("limit=-1", wrong(limit="min_value")),
        ("limit=" + "-" + "9" * 90, wrong(limit="min_value")),
        ("offset=-1", wrong(offset="min_value")),
        ("limit=", wrong(limit="invalid")),
        ("offset=%20", wrong(offset="invalid")),
        ("limit=x", wrong(limit="invalid")),
        ("limit=--5", wrong(limit="invalid")),
        ("limit=-", wrong(limit="invalid")),
        ("limit=1.5", wrong(limit="invalid")),
        ("limit=1e2", wrong(limit="invalid")),
        ("limit=1_0", wrong(limit="invalid")),
        ("limit=[5]", wrong(limit="invalid")),
        ("limit=null", wrong(limit="invalid")),
        ("limit=%D9%A5", wrong(limit="invalid")),
        ("limit=%zz", wrong(limit="invalid")),
        ("limit=%FF", wrong(limit="invalid")),
        ("limit=" + "9" * 5000, wrong(limit="invalid")),
        ("limit=5%00", wrong(limit="invalid")),
        ("limit[a]=5", wrong(limit="invalid")),
        ("limit=x&offset=-1", wrong(limit="invalid", offset="min_value")),
        ("offset=y&active=perhaps&limit=0", wrong(limit="min_value", offset="invalid", active="invalid")),
    ],
)
def test_windows_that_are_wrong(query: str, errors: list[Any]) -> None:
    answer = Api().get(f"category/?{query}")
    assert (answer.status, codes(answer)) == (400, errors)


def test_links_walk_through_all_and_back() -> None:
    found = make_categories(5)
    first = Api().get("category/?limit=2")
    assert (first.body["previous"], ids(first)) == (None, found[:2])
    assert first.body["next"] == "http://testserver/api/v2/category/?limit=2&offset=2"
    second = Api().get("category/?limit=2&offset=2")
    assert second.body["next"] == "http://testserver/api/v2/category/?limit=2&offset=4"
    assert second.body["previous"] == "http://testserver/api/v2/category/?limit=2&offset=0"
    last = Api().get("category/?limit=2&offset=4")
    assert (last.body["next"], ids(last)) == (None, found[4:])
    odd = Api().get("category/?offset=1&limit=2")
    assert odd.body["previous"] == "http://testserver/api/v2/category/?limit=2&offset=0"
    beyond = Api().get("category/?offset=100&limit=2")
    assert beyond.body == {
        "count": 5,
        "next": None,
        "previous": "http://testserver/api/v2/category/?limit=2&offset=98",
        "results": [],
    }


@pytest.mark.parametrize(
    "query, kept",
    [
        ("search=cat", {"search": ["cat"]}),
        ("search=", {"search": [""]}),
        ("search=ca%26t%20%C3%A9&active=true", {"search": ["ca&t é"], "active": ["true"]}),
        ('statuses=["creator","manager"]', {"statuses": ['["creator","manager"]']}),
        ("statuses=creator,manager", {"statuses": ["creator,manager"]}),
        ("statuses=creator&statuses=manager", {"statuses": ["creator", "manager"]}),
        ("statuses[]=creator&statuses[]=manager", {"statuses[]": ["creator", "manager"]}),
        ("statuses[0]=creator&statuses[1]=manager", {"statuses[0]": ["creator"], "statuses[1]": ["manager"]}),
        ("unknown=1&unknown=2", {"unknown": ["1", "2"]}),
    ],
)
def test_links_keep_every_other_parameter(query: str, kept: dict[str, list[str]]) -> None:
    ann = make_user()
    for place in range(4):
        make_course(ann, f"Cat {place}", description="ca t é")
    path = "course/" if "statuses" in query or "unknown" in query else "category/"
    if path == "category/":
        for place in range(4):
            make_category(f"ca&t é cat {place}")
    if path == "course/" and "statuses" not in query:
        query += "&statuses=creator"
        kept = {**kept, "statuses": ["creator"]}
    answer = Api(ann).get(f"{path}?offset=1&{query}&limit=2")
    for link, offset in ((answer.body["next"], "3"), (answer.body["previous"], "0")):
        text = urlsplit(link).query
        assert parse_qs(text, keep_blank_values=True) == {**kept, "limit": ["2"], "offset": [offset]}
        assert text.index("limit=") < text.index("offset=")
        assert Api(ann).get(link.removeprefix("http://testserver")).status == 200


@pytest.mark.parametrize(
    "settings, headers, origin",
    [
        ({}, {}, "http://testserver"),
        ({}, {"Host": "learn.example.org:8443"}, "http://learn.example.org:8443"),
        ({}, {"X-Forwarded-Host": "learn.example.org", "X-Forwarded-Proto": "https"}, "http://testserver"),
        (PROXY, {"X-Forwarded-Host": "learn.example.org"}, "http://learn.example.org"),
        (PROXY, {"Host": "testserver", "X-Forwarded-Proto": "https"}, "https://testserver"),
        (PROXY, {"Host": "testserver", "X-Forwarded-Proto": "https, http"}, "https://testserver"),
        (
            PROXY,
            {"X-Forwarded-Host": "learn.example.org:444", "X-Forwarded-Proto": "https"},
            "https://learn.example.org:444",
        ),
        ({"PUBLIC_URL": "https://learn.example.org"}, {}, "https://learn.example.org"),
        (
            {**PROXY, "PUBLIC_URL": "https://learn.example.org"},
            {"X-Forwarded-Host": "testserver", "X-Forwarded-Proto": "http"},
            "https://learn.example.org",
        ),
    ],
)
def test_links_are_on_the_public_origin(settings: dict[str, Any], headers: dict[str, str], origin: str) -> None:
    make_categories(2)
    with override_settings(ALLOWED_HOSTS=HOSTS, **settings):
        answer = Api().call("GET", "category/?limit=1", None, **headers)
    assert (answer.status, answer.body["next"]) == (200, f"{origin}/api/v2/category/?limit=1&offset=1")


@override_settings(ALLOWED_HOSTS=HOSTS, **PROXY)
def test_a_forwarded_host_that_is_not_allowed() -> None:
    answer = Api().call("GET", "category/", None, **{"X-Forwarded-Host": "evil.example"})
    assert (answer.status, codes(answer)) == (400, [("", ["parse_error"])])


def test_preferences_and_features_come_whole() -> None:
    for path in ("dynamic_preference/", "feature/"):
        answer = Api().get(f"{path}?limit=1&offset=1")
        assert (answer.body["next"], answer.body["previous"]) == (None, None)
        assert answer.body["count"] == len(answer.body["results"]) > 1
