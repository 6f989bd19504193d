"""Pages of other origins (rules.md 1.12)."""

import pytest
from django.test import override_settings

from tests.client import Api
from tests.factories import make_course, make_user

APP = "https://app.example.org"
HEADERS = ["authorization", "content-type", "content-range", "if-match", "if-none-match", "idempotency-key"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def preflight(path: str, origin: str = APP, method: str = "PUT") -> dict[str, str]:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    answer = Api().call("OPTIONS", path, **headers, **{"Access-Control-Request-Headers": ", ".join(HEADERS)})
    assert (answer.status, answer.body) == (200, None)
    return answer.headers


def words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",")}


@pytest.mark.parametrize("path", ["course/", "course/1/section/2/", "nothing/", "/oauth/token/"])
@pytest.mark.parametrize("method", METHODS)
def test_preflight(path: str, method: str) -> None:
    headers = preflight(path, method=method)
    assert headers["access-control-allow-origin"] == APP
    assert words(headers["access-control-allow-methods"]) == set(METHODS)
    assert words(headers["access-control-allow-headers"]) >= set(HEADERS)
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("origin", ["https://evil.example", "https://app.example.org.evil.example", "null", "x"])
def test_another_origin(origin: str) -> None:
    assert "access-control-allow-origin" not in preflight("course/", origin)
    assert "access-control-allow-origin" not in Api().call("GET", "category/", None, Origin=origin).headers


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("GET", "category/", None, 200),
        ("GET", "category/?limit=0", None, 400),
        ("GET", "user/me/", None, 401),
        ("GET", "course/0/", None, 404),
        ("GET", "nothing/", None, 404),
        ("GET", "course", None, 404),
        ("PUT", "user/me/", None, 405),
        ("OPTIONS", "course/", None, 204),
    ],
)
def test_answers_may_be_read(method: str, path: str, body: object, status: int) -> None:
    answer = Api().call(method, path, body, Origin=APP)
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == APP
    assert words(answer.headers["access-control-expose-headers"]) == {"ETag", "Retry-After", "WWW-Authenticate"}
    assert "origin" in words(answer.headers["Vary"])


def test_a_fault_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursewright.community.queries.categories", None)
    answer = Api().call("GET", "category/", None, Origin=APP)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (500, APP)


def test_refusals_before_any_view_may_be_read() -> None:
    answer = Api().call("GET", "category/", None, Origin=APP, Host="evil.example")
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (400, APP)


@override_settings(CORS_ALLOW_ALL_ORIGINS=True)
def test_every_origin() -> None:
    assert preflight("course/", "https://any.example")["access-control-allow-origin"] == "*"
    answer = Api(make_user()).call("GET", "user/me/", None, Origin="https://any.example")
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_pages_are_for_this_origin_only() -> None:
    assert "access-control-allow-origin" not in Api().call("GET", "/sign-in/", None, Origin=APP).headers


def test_without_an_origin_nothing_is_said() -> None:
    course = make_course(make_user())
    assert "access-control-allow-origin" not in Api().get(f"course/{course.pk}/").headers
