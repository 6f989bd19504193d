"""The API's own entrance says and judges what Django's would (docs/decisions/0013-a-short-way.md)."""

from typing import Any

import pytest
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from coursewright.api.entrance import HOST, QuickRequest
from coursewright.wsgi import application

SECURITY = {"X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}
VALUES: dict[str, list[str | None]] = {
    "HTTP_X_FORWARDED_HOST": [None, "", "localhost", "evil.example"],
    "HTTP_HOST": [None, "", "localhost", "LOCALHOST:80", "[::1]:8000", "evil.example", "localhost:x", "a b", "\x80"],
    "SERVER_NAME": ["localhost", "evil.example"],
    "SERVER_PORT": ["80", "443", "8000"],
    "HTTP_X_FORWARDED_PROTO": [None, "http", "https", "https, http"],
}


def host(request: WSGIRequest) -> str | type[Exception]:
    try:
        return request.get_host()
    except DisallowedHost as error:
        return type(error)


@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_hosts(values: dict[str, str | None]) -> None:
    assert VALUES.keys() == set(HOST)
    given = {name: value for name, value in values.items() if value is not None}
    environ = {name: value for name, value in RequestFactory()._base_environ().items() if name not in HOST} | given
    wanted = host(WSGIRequest(environ))
    assert [host(QuickRequest(environ)) for _ in range(2)] == [wanted, wanted]


@pytest.mark.django_db
def test_what_browsers_are_told() -> None:
    """The same with an operation, an error, and a page."""
    heard = [told(path) for path in ("/api/v2/feature/", "/api/v2/nothing/", "/sign-in/")]
    assert heard[0].keys() == SECURITY
    assert heard == [heard[0]] * 3


def told(path: str) -> dict[str, str]:
    found: list[Any] = []
    environ = RequestFactory()._base_environ(PATH_INFO=path)
    b"".join(application(environ, lambda status, headers, *_: found.extend(headers)))  # type: ignore[arg-type, return-value]
    return {name: value for name, value in found if name in SECURITY}
