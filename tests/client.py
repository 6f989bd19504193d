"""Calling the API in a test: in this process, or at a running server over HTTP. Both answer alike."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx
from django.http import HttpRequest
from django.test import Client
from django.test.client import ClientHandler

from coursewright.accounts.actions import issue_token
from coursewright.accounts.models import User
from coursewright.api.entrance import API
from coursewright.wsgi import application

ORIGIN = "http://testserver"
READS = ("GET", "HEAD")
BUDGET = {"read": 6, "write": 9}
"""The most SQL statements of an answer of the API, credentials included; every call in a test is held to it."""
EXCEPTIONS = (
    (
        "(PUT|PATCH)",
        r"/lesson/\d+/$",
        13,
        "Another type and status, other media and another order of questions at once: eight writes, of seven tables.",
    ),
    (
        "(PUT|PATCH)",
        r"/course/\d+/$",
        12,
        "Another privacy, a new name, other categories and another order at once: eight writes, of six tables.",
    ),
)
"""Calls that may take more when all they can do is done at once: method, path, how many, why."""


class Answer(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]
    statements: int


def refused(code: str, message: str) -> dict[str, Any]:
    """The body of an error of the whole request."""
    return {"errors": [{"code": code, "message": message}]}


def wrong(**fields: str) -> list[tuple[str, list[str]]]:
    """Field errors as ``codes`` gives them: ``wrong(name="blank")``."""
    return [(field, codes.split()) for field, codes in fields.items()]


def codes(answer: Answer) -> list[tuple[str, list[str]]]:
    """The fields of an answer's errors, each with its codes; an error without a field is ``("", [code])``."""
    return [
        (item["field"], [message["code"] for message in item["messages"]]) if "field" in item else ("", [item["code"]])
        for item in answer.body["errors"]
    ]


NOT_FOUND = refused("not_found", "Not found.")
NOT_AUTHENTICATED = refused("not_authenticated", "Authentication credentials were not provided.")
BAD_TOKEN = refused("authentication_failed", "The token is not valid.")
FORBIDDEN = refused("permission_denied", "You do not have permission to perform this action.")
NOT_JOINED = refused("not_joined", "Join the course first.")


class Handler(ClientHandler):
    """The server in this process; the API has an entrance of its own, as in the server."""

    def get_response(self, request: HttpRequest) -> Any:
        return application.answer(request) if request.path_info.startswith(API) else super().get_response(request)


@cache
def handler() -> Handler:
    """The server in this process, with its middleware loaded once for all tests."""
    found = Handler(enforce_csrf_checks=True)
    found.load_middleware()
    return found


def answered(method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """An answer as tests look at it. One of the API took no more statements than its method may."""
    is_json = headers.get("Content-Type", "").startswith("application/json")
    body = json.loads(content) if content and is_json else content or None
    statements = int(headers["X-Query-Count"])  # always there: what is not counted would be within any budget
    most = BUDGET["read" if method in READS else "write"]
    place = path.partition("?")[0]
    for methods, paths, number, _ in EXCEPTIONS:
        if re.fullmatch(methods, method) and re.search(paths, place):
            most = max(most, number)
    if place.startswith(API):
        assert statements <= most, f"{method} {path} took {statements} statements, and may take {most}."
    return Answer(status, body, dict(headers), statements)


class Api:
    """The API as one person calls it, or anonymously."""

    def __init__(self, user: User | None = None, token: str | None = None) -> None:
        self.token = token or (issue_token(user, days=1, application="tests") if user else None)
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.client.handler = handler()

    def call(
        self, method: str, path: str, body: Any = None, *, content_type: str = "application/json", **headers: str
    ) -> Answer:
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response = self.client.generic(
            method, full(path), data, content_type if data else "application/json", headers=headers
        )
        content = b"".join(response) if response.streaming else response.content
        return answered(method, full(path), response.status_code, response.headers, content)

    def get(self, path: str, **query: Any) -> Answer:
        return self.call("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.call("POST", path, body)

    def put(self, path: str, body: Any = None) -> Answer:
        return self.call("PUT", path, body)

    def patch(self, path: str, body: Any = None) -> Answer:
        return self.call("PATCH", path, body)

    def delete(self, path: str, body: Any = None) -> Answer:
        return self.call("DELETE", path, body)

    def form(self, method: str, path: str, **fields: Any) -> Answer:
        """Sends an urlencoded form."""
        text = urlencode(fields, doseq=True).encode()
        return self.call(method, path, text, content_type="application/x-www-form-urlencoded")

    def multipart(self, method: str, path: str, fields: list[tuple[str, Any]]) -> Answer:
        """Sends a multipart body; a value that is ``(filename, bytes, type)`` is a file."""
        parts = [(name, value if isinstance(value, tuple) else (None, str(value))) for name, value in fields]
        request = httpx.Request(method, ORIGIN, files=parts)
        return self.call(method, path, request.read(), content_type=request.headers["Content-Type"])


def full(path: str) -> str:
    """Paths of the API are given without their common beginning."""
    return path if path.startswith("/") else f"/api/v2/{path}"


class Remote(Api):
    """The same calls at a running server."""

    def __init__(self, origin: str, token: str | None = None) -> None:
        self.token = token
        self.http = httpx.Client(base_url=origin, timeout=30)

    def call(
        self, method: str, path: str, body: Any = None, *, content_type: str = "application/json", **headers: str
    ) -> Answer:
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        if data:
            headers["Content-Type"] = content_type
        response = self.http.request(method, full(path), content=data, headers=headers)
        return answered(method, full(path), response.status_code, response.headers, response.content)
