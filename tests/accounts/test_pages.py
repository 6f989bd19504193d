"""Home, signing in and out."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from coursewright.accounts.actions import delete_user
from coursewright.accounts.models import User
from coursewright.environment import Rate
from tests.factories import NOW, make_application, make_user

POLICY = [
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
]


@pytest.fixture
def ann() -> User:
    return make_user(password="correct horse")


def sign_in(**fields: str) -> Any:
    return Client().post("/sign-in/", {"username": "ann", "password": "correct horse", **fields})


def text(response: Any) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode().partition("<body>")[2])).split())


def policy(response: Any) -> list[str]:
    return sorted(response["Content-Security-Policy"].split("; "))


def test_home() -> None:
    response = Client().get("/")
    page = response.content.decode()
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert re.findall(r'<a href="([^"]*)"', page) == ["/api/docs/", "/admin/", "/sign-in/"]
    assert (policy(response), response["X-Frame-Options"]) == (POLICY, "DENY")
    assert ("<script" in page, "style=" in page, "<style" in page) == (False, False, False)


def test_home_leads_to_the_application(settings: Settings) -> None:
    settings.APPLICATION_URL = "https://app.example.org/courses"
    page = Client().get("/").content.decode()
    assert re.findall(r'<a href="([^"]*)"', page)[0] == "https://app.example.org/courses"


def test_home_of_someone_signed_in(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    page = browser.get("/").content.decode()
    assert re.findall(r'<a href="([^"]*)"', page) == ["/api/docs/", "/admin/", "/password/"]
    assert re.findall(r'<form[^>]*action="([^"]*)"|<span>(ann)</span>', page) == [("/sign-out/", ""), ("", "ann")]


def test_sign_in_page() -> None:
    response = Client().get("/sign-in/?next=/admin/")
    page = response.content.decode()
    assert re.findall(r'<input type="(\w+)" name="(\w+)"(?: value="([^"]*)")?', page)[1:] == [
        ("hidden", "next", "/admin/"),
        ("text", "username", ""),
        ("password", "password", ""),
    ]
    assert re.findall(r"<form[^>]*>", page) == ['<form method="post" action="/sign-in/">']
    assert ('<label for="id_username">' in page, 'autocomplete="current-password"' in page) == (True, True)
    assert (policy(response), "no-store" in response["Cache-Control"]) == (POLICY, True)


def test_signing_in(ann: User) -> None:
    response = sign_in(username="ANN", next="/admin/?x=1")
    assert (response.status_code, response["Location"]) == (302, "/admin/?x=1")
    assert (response.cookies["sessionid"]["httponly"], response.cookies["sessionid"]["samesite"]) == (True, "Lax")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "javascript:alert(1)",
        "http:evil.example",
        "https://testserver@evil.example/",
        "/\t/evil.example/",
        " //evil.example/",
        "http://[",
        "",
    ],
)
def test_next_never_leaves_this_server(ann: User, target: str) -> None:
    assert (sign_in(next=target)["Location"], Client().get("/sign-in/", {"next": target}).status_code) == ("/", 200)


@pytest.mark.parametrize(
    "fields", [{"password": "wrong"}, {"username": "bob"}, {"password": "x" * 10_000}, {"username": "x" * 10_000}]
)
def test_wrong_credentials(ann: User, fields: dict[str, str]) -> None:
    response = sign_in(**fields, next="/admin/")
    assert (response.status_code, "sessionid" in response.cookies) == (200, False)
    assert "Sign in The username or the password is wrong. Username: Password:" in text(response)
    assert '<input type="hidden" name="next" value="/admin/">' in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"username": ""}, "This field is required."),
        ({"username": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_fields_that_cannot_be(ann: User, fields: dict[str, str], problem: str) -> None:
    response = sign_in(**fields)
    assert (response.status_code, problem in text(response)) == (200, True)


def test_disabled_and_deleted_people(ann: User) -> None:
    bob = make_user("bob", password="correct horse")
    User.objects.filter(pk=ann.pk).update(is_active=False)
    delete_user(bob, at=NOW, by=None)
    for username in ("ann", "bob"):
        assert "The username or the password is wrong." in text(sign_in(username=username))


def test_already_signed_in(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    assert "You are signed in as ann . Sign in here to go on as another person." in text(browser.get("/sign-in/"))


def test_form_from_another_site(ann: User) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "ann", "password": "correct horse"})
    assert (response.status_code, "This page is too old" in text(response)) == (403, True)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"--x\r\nbroken", "multipart/form-data", 400),
        (b"a=1&" * 1001, "application/x-www-form-urlencoded", 400),
        (b"x=1", "application/x-www-form-urlencoded; charset=utf-16", 400),
        (b"x" * 9_000_000, "application/x-www-form-urlencoded", 413),
        (b"username=%FF%ED%A0%80&password=%FF", "application/x-www-form-urlencoded", 200),
    ],
)
def test_bodies_that_cannot_be_read(body: bytes, content_type: str, status: int) -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/sign-in/", body, content_type=content_type).status_code == status


def test_the_form_may_lead_through_consent_to_an_application() -> None:
    back = "https://app.example.org/back"
    make_application(client_id="web", authorization_grant_type="authorization-code", redirect_uris=back)
    for path, sources in (
        ("/oauth/authorize/?client_id=web", "'self' https://app.example.org"),
        (f"/oauth/authorize/?client_id=web&redirect_uri={back}", "'self' https://app.example.org"),
        ("/oauth/authorize/?client_id=web&redirect_uri=https://evil.example/", "'self'"),
        ("/oauth/authorize/?client_id=nobody&redirect_uri=https://evil.example/", "'self'"),
        (f"/admin/?client_id=web&redirect_uri={back}", "'self'"),
    ):
        response = Client().get("/sign-in/", {"next": path})
        assert policy(response) == [f"form-action {sources}" if "form" in item else item for item in POLICY]


def test_sign_out(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    assert browser.get("/sign-out/").status_code == 405
    response = browser.post("/sign-out/", {"next": "https://evil.example/"})
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    assert "ann" not in text(browser.get("/"))


def test_session_ends_with_the_password_and_with_the_person(ann: User) -> None:
    browser = Client()
    browser.force_login(ann)
    assert "ann" in text(browser.get("/"))
    User.objects.update(is_active=False)
    assert "ann" not in text(browser.get("/"))


def test_too_many_attempts(settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": Rate(2, 86400)}
    make_user("bob ü", password="correct horse")
    assert [sign_in(username="bob ü", password="wrong").status_code for _ in range(2)] == [200, 200]
    response = sign_in(username="BOB Ü", next="/admin/")
    assert (response.status_code, 0 < int(response["Retry-After"]) <= 86400) == (429, True)
    assert f"Too many attempts. Wait {response['Retry-After']} seconds and try again." in text(response)
    assert '<input type="hidden" name="next" value="/admin/">' in response.content.decode()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("coursewright/pages.css", 'text/css; charset="utf-8"'),
        ("coursewright/cover.svg", "image/svg+xml"),
        ("coursewright/icon.svg", "image/svg+xml"),
        ("admin/css/base.css", 'text/css; charset="utf-8"'),
        ("drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js", 'text/javascript; charset="utf-8"'),
    ],
)
def test_static_files(path: str, content_type: str) -> None:
    response = Client().get(f"/static/{path}")
    response.close()
    assert (response.status_code, response["Content-Type"]) == (200, content_type)
    assert response["Cache-Control"] == "max-age=3600, public"


@pytest.mark.parametrize("path", ["", "coursewright/", "nothing.css", "../settings.py", "%2e%2e/settings.py"])
def test_no_other_static_files(path: str) -> None:
    assert Client().get(f"/static/{path}").status_code == 404
