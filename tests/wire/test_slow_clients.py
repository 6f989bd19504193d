"""Threads wait for few clients at once, and not for ever (decision 0016): who is slow holds up nobody else."""

import json
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from coursewright import clients
from coursewright.clients import ALL, EACH, LOOK, MOMENT, PATIENCE, SLOWEST, Clients, Crowded, Line
from tests.cli.test_stop import children, wait_until
from tests.client import Remote, refused
from tests.servers import MakeServer, Server

LINUX = pytest.mark.skipif("sys.platform != 'linux'", reason="other systems do not say how much a connection moved")
CROWDED = "Too many requests are being sent or answered slowly. Try again in a moment."
BIG = 20_000_000
ATTACK = 30


class Source:
    """A body that comes when ``come`` is set, or after some seconds."""

    def __init__(self, come: threading.Event, seconds: float = 20, content: bytes = b"12345") -> None:
        self.come = come
        self.seconds = seconds
        self.content = content

    def read(self, size: int | None = None) -> bytes:
        self.come.wait(self.seconds)
        data, self.content = self.content[:size], self.content[size:] if size else b""
        return data


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Reads three bytes, then the rest."""
    environ["REMOTE_ADDR"] = environ.get("HTTP_X_FORWARDED_FOR", environ["REMOTE_ADDR"])
    stream = environ["wsgi.input"]
    return [stream.read(3) + stream.read(int(environ.get("CONTENT_LENGTH", 100)) - 3)]


def ask(around: Clients, source: Source, peer: str = "10.0.0.1", **more: Any) -> Iterable[bytes]:
    return around({"REMOTE_ADDR": peer, "wsgi.input": source, "CONTENT_LENGTH": "5", **more}, lambda *_: print)


@pytest.fixture
def come() -> Iterator[threading.Event]:
    """What bodies wait for, at most until the end of the test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def pool(come: threading.Event) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(ATTACK) as pool:
        yield pool
        come.set()


def test_one_too_many_of_an_address_is_refused(pool: ThreadPoolExecutor, come: threading.Event) -> None:
    around = Clients(application)
    waiting = [pool.submit(ask, around, Source(come)) for _ in range(EACH)]
    wait_until(lambda: len(around.waits) == EACH)
    for _ in range(3):
        with pytest.raises(Crowded):
            ask(around, Source(come))
    assert ask(around, Source(come, seconds=0), peer="10.0.0.2") == [b"12345"]
    come.set()
    assert [it.result() for it in waiting] == [[b"12345"]] * EACH
    assert ask(around, Source(come)) == [b"12345"]
    assert around.waits == {}


def test_one_too_many_of_all_is_refused(pool: ThreadPoolExecutor, come: threading.Event) -> None:
    around = Clients(application)
    for number in range(ALL):
        pool.submit(ask, around, Source(come), peer=f"10.0.0.{number}")
    wait_until(lambda: len(around.waits) == ALL)
    with pytest.raises(Crowded):
        ask(around, Source(come), peer="10.0.0.99")
    assert len(around.waits) == ALL


def test_callers_of_one_proxy_are_told_apart(pool: ThreadPoolExecutor, come: threading.Event) -> None:
    around = Clients(application)
    for _ in range(EACH):
        pool.submit(ask, around, Source(come), HTTP_X_FORWARDED_FOR="20.0.0.1")
    wait_until(lambda: len(around.waits) == EACH)
    with pytest.raises(Crowded):
        ask(around, Source(come), HTTP_X_FORWARDED_FOR="20.0.0.1")
    assert ask(around, Source(come, seconds=0), HTTP_X_FORWARDED_FOR="20.0.0.2") == [b"12345"]


def test_many_who_are_quick_take_turns(pool: ThreadPoolExecutor, come: threading.Event) -> None:
    around = Clients(application)
    sources = [Source(come, seconds=MOMENT / 6) for _ in range(ATTACK)]
    assert [it.result() for it in [pool.submit(ask, around, it) for it in sources]] == [[b"12345"]] * ATTACK
    assert around.waits == {}


def test_a_refused_body_is_not_read_later(pool: ThreadPoolExecutor, come: threading.Event) -> None:
    def stubborn(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with suppress(Crowded):
            return application(environ, start_response)
        return application(environ, start_response)

    around = Clients(stubborn)
    for _ in range(EACH):
        pool.submit(ask, around, Source(come))
    wait_until(lambda: len(around.waits) == EACH)
    with pytest.raises(Crowded):
        ask(around, Source(come))


@pytest.mark.parametrize("length", ["5", "9", None])
def test_who_has_sent_all_is_not_waited_for(length: str | None, come: threading.Event) -> None:
    """Nor who ended before the end, nor, where no length was told, at the end."""
    counts: list[int] = []

    def works(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if length is None:
            del environ["CONTENT_LENGTH"]
        stream = environ["wsgi.input"]
        found = []
        for size in (3, 100):
            found.append(stream.read(size))
            counts.append(len(around.waits))
        return found

    around = Clients(works)
    assert ask(around, Source(come, seconds=0), CONTENT_LENGTH=length) == [b"123", b"45"]
    assert counts == [1, 0]


def test_a_fault_ends_the_wait(come: threading.Event) -> None:
    def faulty(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read(1)
        raise ZeroDivisionError

    around = Clients(faulty)
    with pytest.raises(ZeroDivisionError):
        ask(around, Source(come, seconds=0))
    assert around.waits == {}


@pytest.mark.parametrize(
    ("taken", "sent", "still"),
    [
        (0, 0, True),
        (0, PATIENCE * SLOWEST - 1, True),  # a body
        (0, PATIENCE * SLOWEST, False),
        (PATIENCE * SLOWEST - 1, 0, True),  # an answer
        (PATIENCE * SLOWEST, 0, False),
        (1, 1, False),  # a request and its answer
    ],
)
def test_who_stands_still(taken: int, sent: int, still: bool) -> None:
    assert clients.stands_still(Line(7, 50, 60), Line(7 + PATIENCE, 50 + taken, 60 + sent)) is still


def _pairs(stack: ExitStack, *addresses: str) -> tuple[int, list[socket.socket]]:
    """A port of this process, and clients of it that have each sent something."""
    listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    port = listener.getsockname()[1]
    found = []
    for it in addresses:
        found.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(it, 0))))
        stack.enter_context(listener.accept()[0]).settimeout(20)
        found[-1].sendall(b"POST")
        found[-1].settimeout(0.2)
    return port, found


def _ended(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except TimeoutError:
        return False


@LINUX
@pytest.mark.parametrize("counts", [True, False])
def test_only_connections_of_who_is_waited_for_are_ended(monkeypatch: pytest.MonkeyPatch, counts: bool) -> None:
    around = Clients(application)
    wait = clients.Wait(around.waits, "127.0.0.2")
    wait.begin("127.0.0.2")
    began = wait.since
    if not counts:  # as a kernel that is made in another way
        monkeypatch.setattr(clients, "_bytes", lambda connection: (0, 0))
    with ExitStack() as stack:
        port, (other, still, busy) = _pairs(stack, "127.0.0.1", "127.0.0.2", "127.0.0.2")
        assert around.look(port, {}, began + LOOK - 1) == {}  # it is not slow yet
        seen = around.look(port, {}, began + LOOK + 1)
        assert len(seen) == 2 * counts
        busy.sendall(b"x" * PATIENCE * SLOWEST)
        assert around.look(port, seen, began + LOOK + PATIENCE) == seen
        around.look(port, seen, began + LOOK + 1 + PATIENCE)
        assert [_ended(it) for it in (other, still, busy)] == [False, counts, False]
        wait.end()
        assert around.look(port, seen, began + 3 * PATIENCE) == {}


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A server with a person, ``ann``, and a large file."""
    server = make_server().start("--no-jobs")
    server.command("user", "add", "ann")
    (server.directory / "media").mkdir(exist_ok=True)
    (server.directory / "media" / "big.pdf").write_bytes(b"x" * BIG)
    return server


def _connect(stack: ExitStack, server: Server, address: str = "127.0.0.1") -> socket.socket:
    client = stack.enter_context(socket.socket())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(20)
    client.bind((address, 0))
    client.connect(("127.0.0.1", server.port))
    return client


def _head(path: str, kind: str, token: str | None, length: int) -> bytes:
    """The head of a request to send something. The cookie is that of a form of the pages."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nAuthorization: Bearer {token}\r\n"
        f"Cookie: csrftoken={'x' * 32}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


FORM = "application/x-www-form-urlencoded"
PLACES = [
    ("/api/v2/course/", "application/json", json.dumps(refused("unavailable", CROWDED), separators=(",", ":"))),
    ("/oauth/token/", FORM, json.dumps({"error": "temporarily_unavailable", "error_description": CROWDED})),
    ("/admin/login/", "multipart/form-data; boundary=b", CROWDED),
]


def _answers(held: list[socket.socket]) -> list[httpx.Response]:
    """What those were answered who were."""
    found = []
    for client in held:
        client.setblocking(False)
        with suppress(BlockingIOError):
            head, _, content = client.recv(2000, socket.MSG_PEEK).partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = [line.split(": ", 1) for line in lines]
            found.append(httpx.Response(int(first.split()[1]), headers=headers, content=content))  # type: ignore[arg-type]
    return found


def _quickest(server: Server) -> None:
    """Whoever is quick is answered, from the address of the slow ones too."""
    began = time.monotonic()
    assert {server.get(path).status_code for path in ("/healthz", "/api/v2/category/", "/sign-in/") * 10} == {200}
    assert time.monotonic() - began < 10


def _elsewhere(server: Server, token: str | None) -> Remote:
    """A caller with another address."""
    api = Remote(server.origin, token)
    server.callers.append(api)
    api.http = httpx.Client(
        base_url=server.origin, transport=httpx.HTTPTransport(local_address="127.0.0.2"), timeout=30
    )
    return api


def _course(name: str) -> dict[str, str]:
    return {"name": name, "type": "self-paced"}


@pytest.mark.parametrize(("path", "kind", "content"), PLACES)
def test_bodies_that_do_not_come(server: Server, path: str, kind: str, content: str) -> None:
    api = server.remote("ann")
    with ExitStack() as stack:
        held = [_connect(stack, server) for _ in range(ATTACK)]
        for client in held:
            client.sendall(_head(path, kind, api.token, 5000))
        _quickest(server)
        wait_until(lambda: len(_answers(held)) == ATTACK - EACH)
        answers = {(it.status_code, it.headers["Retry-After"], it.text) for it in _answers(held)}
        assert answers == {(503, "5", content)}
        assert _elsewhere(server, api.token).post("course/", _course("One")).status == 201
        refusal = api.post("course/", _course("Two"))
        assert (refusal.status, refusal.body) == (503, refused("unavailable", CROWDED))
    wait_until(lambda: api.post("course/", _course("Two")).status == 201)
    assert "Traceback" not in server.errors


def test_a_trusted_proxy_says_who_is_slow(make_server: MakeServer) -> None:
    server = make_server(TRUSTED_PROXIES="127.0.0.1").start("--no-jobs")
    server.command("user", "add", "ann")
    api = server.remote("ann")
    slow = {"X-Forwarded-For": "192.0.2.1"}
    with ExitStack() as stack:
        for number in range(EACH):
            path, kind, _ = PLACES[number % len(PLACES)]
            head = _head(path, kind, api.token, 5000).replace(b"\r\n", b"\r\nX-Forwarded-For: 192.0.2.1\r\n", 1)
            _connect(stack, server).sendall(head)
        wait_until(lambda: api.call("POST", "course/", _course("One"), **slow).status == 503)
        answer = api.call("POST", "course/", _course("Two"), **{"X-Forwarded-For": "192.0.2.2"})
        assert answer.status == 201
        assert api.call("POST", "course/", _course("Three"), **slow).status == 503


def test_answers_that_are_not_taken(server: Server) -> None:
    with ExitStack() as stack:
        held = [_connect(stack, server) for _ in range(ATTACK)]
        for client in held:
            client.sendall(b"GET /media/big.pdf HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        _quickest(server)
        wait_until(lambda: len(_answers(held)) == ATTACK)
        statuses = sorted(it.status_code for it in _answers(held))
        assert statuses == [200] * EACH + [503] * (ATTACK - EACH)
        refusals = {(it.headers["Retry-After"], it.text) for it in _answers(held) if it.status_code == 503}
        assert refusals == {("5", CROWDED)}
        taken = _elsewhere(server, None).http.get("/media/big.pdf")
        assert (taken.status_code, len(taken.content)) == (200, BIG)
    assert "Traceback" not in server.errors


@LINUX
def test_who_stands_still_is_ended_and_who_is_slow_is_not(server: Server) -> None:
    token = server.remote("ann").token
    length = SLOWEST * (PATIENCE + 4 * LOOK)
    body = json.dumps(_course("Slow")).encode().ljust(length)
    with ExitStack() as stack:
        names = ("silent", "half", "idle", "drip", "unread", "slow")
        clients = {name: _connect(stack, server) for name in names}
        clients["half"].sendall(b"GET /hea")
        for name in ("idle", "drip", "slow"):
            clients[name].sendall(_head("/api/v2/course/", "application/json", token, length))
        clients["unread"].sendall(b"GET /media/big.pdf HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        ends: dict[str, int] = {}
        for second, start in enumerate(range(0, length, SLOWEST * 5 // 4)):
            time.sleep(1)
            clients["slow"].sendall(body[start : start + SLOWEST * 5 // 4])
            with suppress(OSError):
                clients["drip"].sendall(b" ")
            there = _there(server)
            for name in names:
                if clients[name].getsockname()[1] not in there:
                    ends.setdefault(name, second)
        assert clients["slow"].recv(1000).startswith(b"HTTP/1.1 201 Created\r\n")
    assert ends.keys() == {"silent", "half", "idle", "drip", "unread"}
    assert all(PATIENCE - 5 < end < PATIENCE + 3 * LOOK for end in ends.values()), ends
    lines = server.errors.splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["a connection of 127.0.0.1 stood still and was ended"] * 3


def _there(server: Server) -> set[int]:
    """The ports of the clients whose connections the server has."""
    (web,) = children(server)
    return {it.raddr.port for it in web.net_connections("tcp") if it.raddr}
