"""Fetching the preview of a link, from public addresses only, with limits of time and size (rules.md 9)."""

import socket
import time
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import certifi
import urllib3

from coursewright.media import rules

TIMEOUT = 5.0
MAX_BYTES = 2 * 1024 * 1024
MAX_REDIRECTS = 5
CHUNK = 16_384
AGENT = "Coursewright link preview"
REDIRECTS = (301, 302, 303, 307, 308)


class PrivateAddress(ValueError):
    """The link leads to an address that is not public, or is no web address."""


class Preview(NamedTuple):
    """What a page says of itself, cut to what is kept; texts may be empty."""

    title: str
    description: str
    images: list[str]


class _Head(HTMLParser):
    """The title and the Open Graph properties of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.properties: dict[str, str] = {}
        self.images: list[str] = []
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag != "meta":
            return
        values = dict(attrs)
        name = (values.get("property") or values.get("name") or "").lower()
        content = (values.get("content") or "").strip()
        if name == "og:image" and content:
            self.images.append(content)
        elif name and content:
            self.properties.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name; a function of its own because it is the outside world."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _address(host: str, port: int) -> str:
    """The address to connect to: all that the name has must be public, so that no second look-up can change it."""
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise ConnectionError("The name cannot be resolved.") from error
    if not addresses or not all(rules.is_public(address.partition("%")[0]) for address in addresses):
        raise PrivateAddress("The address is not public.")
    return addresses[0]


def _get(url: str, seconds: float) -> urllib3.BaseHTTPResponse:
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise PrivateAddress("Give an http or https address.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port)
    timeout = urllib3.Timeout(total=seconds)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=timeout, server_hostname=host, assert_hostname=host, ca_certs=certifi.where()
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": "text/html,*/*;q=0.1"}
    return pool.request("GET", path, headers=headers, redirect=False, retries=False, preload_content=False)


def preview(url: str) -> Preview:
    """What the page behind a link says of itself. PrivateAddress; ConnectionError when it cannot be had."""
    deadline = time.monotonic() + TIMEOUT
    for _ in range(MAX_REDIRECTS + 1):
        try:
            response = _get(url, max(deadline - time.monotonic(), 0.1))
            if response.status not in REDIRECTS:
                return _read(response, url, deadline)
            target = response.headers.get("Location", "")
            response.close()
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionError("The page cannot be fetched.") from error
        except PrivateAddress:
            raise
        except ValueError as error:
            raise PrivateAddress("That is not a web address.") from error
        url = urljoin(url, target)
    raise ConnectionError("Too many redirects.")


def _read(response: urllib3.BaseHTTPResponse, url: str, deadline: float) -> Preview:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status >= 400 or kind not in ("text/html", "application/xhtml+xml"):
        response.close()
        return Preview("", "", [])
    content = b""
    while len(content) < MAX_BYTES and time.monotonic() < deadline:
        piece = response.read(CHUNK)
        if not piece:
            break
        content += piece
    response.close()
    head = _Head()
    head.feed(content[:MAX_BYTES].decode("utf-8", errors="replace").replace("\0", ""))
    title = head.properties.get("og:title") or " ".join(head.title.split())
    description = head.properties.get("og:description") or head.properties.get("description", "")
    images = [urljoin(url, image) for image in head.images if urlsplit(urljoin(url, image)).scheme in ("http", "https")]
    return Preview(title[:255], description[:2000], images[:5])
