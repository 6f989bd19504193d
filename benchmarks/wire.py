"""Requests as they go over the wire."""

import http.client
import json
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Request(NamedTuple):
    """One request of a person to the API; ``body`` is JSON."""

    method: str
    path: str
    token: str
    body: Any = None

    def content(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()

    def headers(self) -> dict[str, str]:
        typed = {"Content-Type": "application/json"} if self.body is not None else {}
        return {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **typed}

    def raw(self, host: str) -> bytes:
        """All bytes of the request, for a connection that is kept."""
        content = self.content()
        headers = {"Host": host, **self.headers()}
        if content:
            headers["Content-Length"] = str(len(content))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + content


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)


class Connection:
    """A kept connection to a server, for requests whose answers matter."""

    def __init__(self, origin: str) -> None:
        self.http = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=60)

    def send(self, request: Request) -> Answer:
        """The answer; one that is not 2xx ends the benchmark."""
        self.http.request(request.method, request.path, request.content() or None, request.headers())
        response = self.http.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read())
        if not 200 <= answer.status < 300:
            raise SystemExit(f"{request.method} {request.path} was answered {answer.status}: {answer.content[:500]!r}")
        return answer

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
