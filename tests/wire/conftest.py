"""A real server, for what only shows on a socket."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from coursewright.accounts.actions import issue_token
from tests.factories import make_course, make_section, make_user
ann = make_user()
section = make_section(make_course(ann))
print(f"/api/v2/course/{section.course_id}/section/{section.pk}/", issue_token(ann, days=1, application="tests"))
"""


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any


class Connection:
    """One connection, byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self, method: str = "PUT") -> Reply | None:
        """The next answer, its JSON read; None when the server has closed."""
        try:
            line = self.file.readline()
        except ConnectionError:
            return None
        if not line:
            return None
        headers = {}
        while (header := self.file.readline().strip()) != b"":
            name, _, value = header.decode().partition(": ")
            headers[name.lower()] = value
        body = b"" if method == "HEAD" else self.file.read(int(headers.get("content-length", 0)))
        is_json = headers.get("content-type") == "application/json" and body
        return Reply(int(line.split()[1]), headers, json.loads(body) if is_json else body)

    def close(self) -> None:
        self.file.close()
        self.socket.close()


class Server(NamedTuple):
    """A server with one section, which ``token`` may change at ``path``."""

    port: int
    path: str
    token: str

    def head(
        self, method: str = "PUT", *headers: str, path: str = "", kind: str = "Content-Type: application/json"
    ) -> bytes:
        """The head of a request for the section. ``kind``: what it says the body is, if anything."""
        lines = [f"{method} {path or self.path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.token}"]
        return "\r\n".join([*lines, *filter(None, [kind, *headers]), "", ""]).encode()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """granian, as it is run, on a database of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSEWRIGHT_")}
    environment |= {
        "COURSEWRIGHT_DATA_DIR": str(tmp_path_factory.mktemp("wire")),
        "COURSEWRIGHT_TESTING": "1",
        "DJANGO_SETTINGS_MODULE": "coursewright.settings",
    }
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    path, token = prepared.stdout.split()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ["--interface", "wsgi", "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *arguments, "coursewright.wsgi:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield Server(port, path, token)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server has ended"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")


@pytest.fixture
def connection(server: Server) -> Iterator[Connection]:
    """A fresh connection to the server."""
    connection = Connection(server.port)
    yield connection
    connection.close()
