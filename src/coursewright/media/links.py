"""Fetching the preview of a link, from public addresses only, with limits of time and size (rules.md 9)."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from coursewright.media import previews, rules

TIMEOUT = 5.0
MAX_BYTES = 2 * 1024 * 1024
MAX_REDIRECTS = 5
CHUNK = 16_384
HEADERS = {
    "User-Agent": "Coursewright link preview",
    "Accept": "text/html,*/*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
AT_ONCE = 4
"""How many pages are fetched at once: each holds a thread that others need."""
_fetching = threading.BoundedSemaphore(AT_ONCE)
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}
SAFE = "/?:@!$&'()*+,;=%-._~"


class PrivateAddress(ValueError):
    """The link leads to an address that is not public, or is no web address."""


class Target(NamedTuple):
    """Where a link leads: the host as it is looked up and named to the server, its port, and the path with a query."""

    scheme: str
    host: str
    port: int
    path: str


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name; a function of its own because it is the outside world."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def preview(url: str) -> previews.Preview:
    """What the page behind a link says of itself, within five seconds.

    PrivateAddress; ConnectionError when the page cannot be had, or as many as may be are being fetched already.
    """
    target(url)
    if not _fetching.acquire(blocking=False):
        raise ConnectionError("Too many pages are being fetched.")
    try:
        return _preview(url)
    finally:
        _fetching.release()


def _preview(url: str) -> previews.Preview:
    deadline = time.monotonic() + TIMEOUT
    for _ in range(MAX_REDIRECTS + 1):
        to = target(url)
        try:
            with _connected(to, _addresses(to, deadline), deadline) as connection:
                connection.request("GET", to.path, headers=HEADERS, preload_content=False)
                with connection.getresponse() as response:
                    if response.status not in REDIRECTS or "Location" not in response.headers:
                        return _read(response, url)
                    location = response.headers["Location"]
        except (OSError, HTTPException, HTTPError) as error:
            raise ConnectionError("The page cannot be fetched.") from error
        try:
            url = urljoin(url, location)
        except ValueError as error:
            raise PrivateAddress("It leads to what is not a web address.") from error
    raise ConnectionError("Too many redirects.")


def target(url: str) -> Target:
    """An http or https address without a user; else PrivateAddress."""
    try:
        parts: SplitResult = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError as error:
        raise PrivateAddress("That is not a web address.") from error
    if parts.scheme not in PORTS or not host or port == 0 or "@" in parts.netloc:
        raise PrivateAddress("Give an http or https address.")
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), SAFE, errors="replace")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def _addresses(to: Target, deadline: float) -> list[str]:
    """Where to connect: all that the name has must be public, and no second look-up can change it."""
    addresses = [address.partition("%")[0] for address in _resolved(to, deadline)]
    if not addresses or not all(rules.is_public(address) for address in addresses):
        raise PrivateAddress("The address is not public.")
    return addresses


def _resolved(to: Target, deadline: float) -> list[str]:
    """What the name has, in a thread of its own, because a look-up knows no limit of time."""
    answer: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            answer.set_result(resolve(to.host, to.port))
        except (OSError, ValueError) as error:
            answer.set_exception(OSError(str(error)))

    threading.Thread(target=look_up, daemon=True).start()
    return answer.result(_left(deadline))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _connected(to: Target, addresses: Sequence[str], deadline: float) -> Iterator[HTTPConnection]:
    """A connection to the first of the addresses that takes one. At the deadline it is cut, whatever it is doing."""
    with _socket(addresses, to.port, deadline) as raw, raw.dup() as guard:
        raw.settimeout(_left(deadline))
        kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
        connection = kind(to.host, to.port, timeout=_left(deadline))
        timer = threading.Timer(_left(deadline), _cut, [guard])
        timer.daemon = True
        timer.start()
        try:
            connection.sock = _secured(raw, to.host) if to.scheme == "https" else raw
            yield connection
        finally:
            timer.cancel()
            connection.close()


def _socket(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), _left(deadline) / len(addresses))
    return socket.create_connection((addresses[-1], port), _left(deadline))


def _secured(raw: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context(cafile=certifi.where()).wrap_socket(raw, server_hostname=host)


def _cut(guard: socket.socket) -> None:
    with suppress(OSError):
        guard.shutdown(socket.SHUT_RDWR)


def _read(response: HTTPResponse, url: str) -> previews.Preview:
    """What has come of the page until it ends, is large enough, or is cut."""
    kind = response.headers.get("Content-Type", "")
    if response.status >= 400 or kind.partition(";")[0].strip().lower() not in previews.KINDS:
        return previews.Preview("", "", [])
    content = bytearray()
    with suppress(OSError, HTTPException, HTTPError):
        while len(content) < MAX_BYTES and (piece := response.read1(CHUNK, decode_content=True)):
            content += piece
    return previews.preview(previews.text(bytes(content[:MAX_BYTES]), kind), url)
