"""Clients that a thread waits for: few at once, and not for ever (docs/decisions/0016-threads-wait-for-few.md)."""

import logging
import math
import os
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from coursewright.foundation.errors import Refusal

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse

logger = logging.getLogger("coursewright.clients")

EACH = 8
"""Requests of one address that threads wait for at once: to send a body, or to take an answer."""
ALL = 12
"""The same of all addresses. Fewer than stand by (``serving.STAND_BY``): the others answer those who are quick."""
MOMENT = 0.25
"""Seconds that a quick client may take. Until those before it had them, one too many is not refused but waits."""
PAUSE = 0.005
"""Seconds from one look for a turn to the next."""
SLOWEST = 240
"""Bytes a second that a client has to send or to take."""
PATIENCE = 30
"""Seconds over which that is measured, as long as granian lets a client take for the head of a request."""
LOOK = 5
"""Seconds from one look at the connections to the next."""
BYTES = struct.Struct("QQ")
BYTES_AT = 120
"""Where Linux's ``tcp_info`` has tcpi_bytes_acked and tcpi_bytes_received."""


class Crowded(Refusal):
    """Threads wait for as many clients already as they may."""

    status = 503
    code = "unavailable"
    message = "Too many requests are being sent or answered slowly. Try again in a moment."


class Wait:
    """A request that a thread waits for, or soon may.

    ``peer``: whose connection it is. ``who``: who called, which differs behind a proxy that is trusted. ``since``: when
    it began, on the monotonic clock; 0 before, and infinite until it has its turn.
    """

    __slots__ = ("_waits", "peer", "since", "who")
    who: str

    def __init__(self, waits: dict["Wait", None], peer: str) -> None:
        self._waits = waits
        self.peer = peer
        self.since = 0.0

    def begin(self, who: str) -> None:
        """Crowded: there are too many."""
        self.who = who
        self.since = time.monotonic()
        self._waits[self] = None
        if len(self._waits) > EACH:
            self._take_turn()

    def end(self) -> None:
        self._waits.pop(self, None)

    def _take_turn(self) -> None:
        self.since = math.inf
        while before := self._too_many():
            if time.monotonic() - max(wait.since for wait in before) > MOMENT:
                self.end()
                self.since = 0
                raise Crowded
            time.sleep(PAUSE)
        self.since = time.monotonic()

    def _too_many(self) -> list["Wait"]:
        """Those who came before, if they are too many."""
        waits = list(self._waits)
        before = waits[: waits.index(self)]
        same = [wait for wait in before if wait.who == self.who]
        return same if len(same) >= EACH else before if len(before) >= ALL else []


class Body(Wait):
    """The body of a request, read as ``wsgi.input``. It waits from the first read until all of it is there."""

    __slots__ = ("_environ", "_left", "input")

    def __init__(self, waits: dict[Wait, None], environ: WSGIEnvironment) -> None:
        super().__init__(waits, environ["REMOTE_ADDR"])
        self.input = environ["wsgi.input"]
        self._environ = environ

    def read(self, size: int | None = None) -> bytes:
        if not self.since:
            self._begin()
        data: bytes = self.input.read(size)
        self._left -= len(data)
        if self._left <= 0 or size is None or len(data) < size:
            self.end()
        return data

    def readline(self, size: int | None = None) -> bytes:
        if not self.since:
            self._begin()
        line: bytes = self.input.readline(size)
        return line

    def _begin(self) -> None:
        self._left = int(self._environ.get("CONTENT_LENGTH") or 0) or math.inf  # without a length it ends when it ends
        self.begin(self._environ["REMOTE_ADDR"])  # the middleware has put the caller of a trusted proxy there


class Pieces(Wait):
    """An answer that is given piece by piece, each when the client took those before."""

    __slots__ = ("_answer",)

    def __init__(self, waits: dict[Wait, None], peer: str, answer: "StreamingHttpResponse") -> None:
        super().__init__(waits, peer)
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        self.end()
        self._answer.close()


class Line(NamedTuple):
    """A connection as it was seen: when, in seconds, and how many bytes the client had taken and sent by then."""

    at: float
    taken: int
    sent: int


def stands_still(before: Line, now: Line) -> bool:
    """Whether it is slow in the midst of a request: between two of them a client sends some, and takes some."""
    taken, sent = now.taken - before.taken, now.sent - before.sent
    return min(taken, sent) == 0 and max(taken, sent) < SLOWEST * (now.at - before.at)


class Clients:
    """Stands around the application, and keeps the waits, in the order in which they began.

    Only bodies and answers in pieces can hold a thread: granian takes any other answer whole.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self.waits: dict[Wait, None] = {}  # each step on it is one of the interpreter's, so there is no lock

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"] = Body(self.waits, environ)
        try:
            answer = self._application(environ, start_response)
        finally:
            body.end()
            environ["wsgi.input"] = body.input  # else each would hold the other
        if not getattr(answer, "streaming", False):
            return answer
        pieces = Pieces(self.waits, body.peer, cast("StreamingHttpResponse", answer))
        try:
            pieces.begin(environ["REMOTE_ADDR"])
        except Crowded as refusal:
            pieces.close()
            return _refused(refusal, environ, start_response)
        return pieces

    def watch(self, port: int) -> None:
        """Ends the connections at ``port`` that stand still in the midst of a request. Never returns."""
        seen: dict[int, Line] = {}
        while True:
            time.sleep(LOOK)
            seen = self.look(port, seen, time.monotonic())

    def look(self, port: int, seen: dict[int, Line], now: float) -> dict[int, Line]:
        """What is seen now of the connections to clients that are waited for, by the number of the socket."""
        peers = {wait.peer for wait in list(self.waits) if now - wait.since > LOOK}
        found = {}
        for number, connection in _connections(port) if peers else ():
            with suppress(OSError):  # it may end meanwhile
                peer = connection.getpeername()[0].partition("%")[0]
                if peer not in peers:
                    continue
                line = Line(now, *_bytes(connection))
                if not line.sent:
                    continue  # whoever is waited for has sent something: this kernel does not count
                found[number] = before = seen.get(number, line)
                if now - before.at < PATIENCE:
                    continue
                found[number] = line
                if stands_still(before, line):
                    connection.shutdown(socket.SHUT_RDWR)
                    logger.warning("a connection of %s stood still and was ended", peer)
        return found


def _refused(refusal: Refusal, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    from django.core.handlers.wsgi import WSGIRequest

    from coursewright.api.errors import bad_request

    response = bad_request(WSGIRequest(environ), refusal)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def _connections(port: int) -> Iterator[tuple[int, socket.socket]]:
    """The connections of this process at its own ``port``, each with its number, which no two have.

    granian keeps them to itself, but they are open files of this process. Each is duplicated first, so that none can be
    closed, and its number go to another, while it is looked at.
    """
    for file in Path("/proc/self/fd").iterdir() if sys.platform == "linux" else ():
        with suppress(OSError), _duplicate(int(file.name)) as connection:
            if connection.family in (socket.AF_INET, socket.AF_INET6) and connection.getsockname()[1] == port:
                yield os.fstat(connection.fileno()).st_ino, connection


def _duplicate(number: int) -> socket.socket:
    """OSError: it is no socket, or no longer open."""
    number = os.dup(number)
    try:
        return socket.socket(fileno=number)
    except OSError:
        os.close(number)
        raise


def _bytes(connection: socket.socket) -> tuple[int, int]:
    """How many bytes its other end has taken, and sent."""
    return BYTES.unpack_from(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256), BYTES_AT)
