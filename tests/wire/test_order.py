"""The order of the checks (rules.md 1.11)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern

from coursewright.urls import api_v2
from tests.client import Api, codes
from tests.factories import make_course, make_joined, make_lesson, make_section, make_user

OPEN = "jwt/verify_token/"  # needs no credentials, and looks at none
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OTHERS = (
    "TRACE",
    "CONNECT",
    "LINK",
    "BREW",
    "INITIAL",
    "DISPATCH",
    "SETUP",
    "AS_VIEW",
    "PERFORM_AUTHENTICATION",
    "X-Y",
)


def routes() -> Iterator[tuple[str, frozenset[str]]]:
    """Every path of the API, its ids 1, with the methods it has."""
    for route in api_v2:
        assert isinstance(route, URLPattern)
        path = str(route.pattern)
        for name in route.pattern.converters:
            path = path.replace(f"<id:{name}>", "1").replace(f"<str:{name}>", "1")
        view = route.callback.view_class  # type: ignore[attr-defined]  # set by Django's as_view
        yield path, frozenset(verb for verb in VERBS if hasattr(view, verb.lower()))


ROUTES = dict(routes())


def test_every_route_is_known() -> None:
    assert len(ROUTES) == len(api_v2)
    assert ROUTES["course/1/section/1/"] == {"GET", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("path", ROUTES)
def test_a_method_that_is_not_there_is_405_for_everyone(path: str) -> None:
    allow = {*ROUTES[path], "OPTIONS"} | ({"HEAD"} if "GET" in ROUTES[path] else set())
    for verb in (*(verb for verb in VERBS if verb not in ROUTES[path]), *OTHERS):
        for api in (Api(), Api(token="wrong")):
            answer = api.call(verb, path, b"{", content_type="text/plain")
            assert (verb, answer.status, codes(answer)) == (verb, 405, [("", ["method_not_allowed"])])
            assert set(answer.headers["Allow"].split(", ")) == allow
            assert answer.statements == 0


@pytest.mark.parametrize("path", ROUTES)
def test_options(path: str) -> None:
    answer = Api().call("OPTIONS", path)
    assert (answer.status, answer.body, answer.statements) == (204, None, 0)
    assert {*ROUTES[path], "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", [path for path, verbs in ROUTES.items() if "GET" in verbs])
def test_head_is_get_without_a_body(path: str) -> None:
    get, head = Api().get(path), Api().call("HEAD", path)
    assert (head.status, head.body, head.headers["Content-Type"]) == (get.status, None, "application/json")


@pytest.mark.parametrize(
    "path, verb", [(path, verb) for path, verbs in ROUTES.items() for verb in sorted(verbs) if path != OPEN]
)
def test_a_bad_token_comes_before_everything_but_the_method(path: str, verb: str) -> None:
    answer = Api(token="wrong").call(verb, f"{path}?limit=x", b"{", content_type="text/plain")
    assert (answer.status, codes(answer)) == (401, [("", ["authentication_failed"])])


# Who asks for what, with which faults at once, and the one that is answered.
TWO_FAULTS: list[tuple[str, str, str, Any, int]] = [
    ("nobody", "PUT", "course/{open}/section/0/", b"{", 401),
    ("nobody", "PUT", "course/0/", b"{", 401),
    ("nobody", "GET", "course/0/", None, 404),
    ("nobody", "POST", "course/0/join/", b"{", 401),
    ("nobody", "GET", "course/?limit=x", None, 401),
    ("nobody", "POST", "category/", b"{", 401),
    ("nobody", "PUT", "category/0/", b"{", 401),
    ("stranger", "PUT", "course/{draft}/section/{section}/", b"{", 404),
    ("stranger", "PUT", "course/0/section/0/", {"name": ""}, 404),
    ("stranger", "PUT", "course/{open}/section/0/", {"name": ""}, 403),
    ("stranger", "PUT", "course/{open}/section/undefined/", b"{", 403),
    ("stranger", "DELETE", "course/{open}/section/0/lesson/0/", None, 403),
    ("stranger", "POST", "course/{open}/role/", b"{", 403),
    ("stranger", "GET", "course/{open}/users/?limit=x", None, 403),
    ("stranger", "GET", "course/{open}/?view=edit&user=x", None, 403),
    ("stranger", "GET", "course/{open}/?view=other", None, 400),
    ("stranger", "GET", "course/{open}/section/0/lesson/0/", None, 403),
    ("stranger", "POST", "course/{draft}/join/", b"{", 404),
    ("stranger", "PUT", "category/0/", b"{", 404),
    ("stranger", "POST", "category/", b"{", 403),
    ("stranger", "GET", "user/0/courses/?limit=x", None, 404),
    ("joined", "PUT", "course/{open}/section/0/", b"{", 403),
    ("joined", "GET", "course/{open}/section/0/lesson/0/", None, 404),
    ("creator", "PUT", "course/{open}/section/0/", b"{", 404),
    ("creator", "PUT", "course/{open}/section/{foreign}/", b"{", 404),
    ("creator", "PUT", "course/{draft}/section/{section}/", b"{", 404),
    ("creator", "PUT", "course/{open}/section/{section}/lesson/0/", b"{", 404),
    ("creator", "PUT", "course/{open}/section/{foreign}/lesson/{lesson}/", b"{", 404),
    ("creator", "POST", "course/{open}/section/0/lesson/", {"name": ""}, 404),
    ("creator", "PUT", "course/{open}/section/{section}/", b"{", 400),
    ("creator", "GET", "course/{open}/users/?limit=x&ordering=y", None, 400),
]


@pytest.mark.parametrize("who, method, path, body, status", TWO_FAULTS)
def test_two_faults_at_once(who: str, method: str, path: str, body: Any, status: int) -> None:
    ann, bob, cleo = make_user(), make_user("bob"), make_user("cleo")
    course, draft = make_course(ann, "Open"), make_course(ann, "Draft", privacy="")
    make_joined(course, bob)
    lesson = make_lesson(make_section(course))
    ids = {
        "open": course.pk,
        "draft": draft.pk,
        "section": lesson.section_id,
        "foreign": make_section(draft).pk,
        "lesson": lesson.pk,
    }
    api = {"nobody": Api(), "stranger": Api(cleo), "joined": Api(bob), "creator": Api(ann)}[who]
    assert api.call(method, path.format(**ids), body).status == status
