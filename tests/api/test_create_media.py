"""POST /api/v2/media/: links. A real server on this machine stands for the pages outside."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from coursewright.media import links, rules
from coursewright.media.models import Media
from tests.api.authors import NULL, REQUIRED, faults, nothing_changes
from tests.client import NOT_AUTHENTICATED, Answer, Api
from tests.factories import make_user

HTML = "Content-Type: text/html\r\n"
HOST = "school.example.org"
PRIVATE = faults(("url", "invalid", "The address is not public."))
NO_ADDRESS = faults(("url", "invalid", "Enter a valid URL."))
ODD_ADDRESS = faults(("url", "invalid", "Give an http or https address."))


def page(body: str | bytes, head: str = HTML, status: str = "200 OK") -> bytes:
    """An answer of a server, whole."""
    content = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\n{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


class Outside:
    """A server that answers each path with bytes, or with what a function sends; and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Callable[[socket.socket], None]] = {}
        self.otherwise: bytes | Callable[[socket.socket], None] = b""
        self.heard: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = connection.recv(65536).decode("latin-1")
            self.heard.append(request)
            answer = self.pages.get(request.partition(" ")[2].partition(" ")[0], self.otherwise)
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)

    def url(self, path: str = "/") -> str:
        return f"http://{HOST}:{self.port}{path}"


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """All names lead to a server on this machine, whose address counts as public; others as they are."""
    server, is_public = Outside(), rules.is_public
    monkeypatch.setattr(links, "resolve", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(rules, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
    yield server
    server.listener.close()


def create(url: Any) -> Answer:
    return Api(make_user()).post("media/", {"type": "url", "url": url})


def seen(url: str) -> tuple[str, str, list[str]]:
    """The title, description and images of a link that was kept."""
    answer = create(url)
    assert (answer.status, answer.body["embed"]["metadata"]["url"]) == (201, url)
    metadata = answer.body["embed"]["metadata"]
    return metadata["title"], metadata["description"], metadata["images"]


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def test_whole_answer(outside: Outside) -> None:
    outside.pages["/sea?a=1"] = page(
        '<html><head><title>Plain</title><meta name="description" content="Less">'
        '<meta property="og:title" content="The &quot;sea&quot;"><meta property="og:description" content="More">'
        '<meta property="og:image" content="/a.png"><meta property="og:image" content="https://cdn.example.org/b.png">'
    )
    url = outside.url("/sea?a=1")
    answer = create(url)
    media = Media.objects.get()
    metadata = {
        "url": url,
        "title": 'The "sea"',
        "description": "More",
        "images": [outside.url("/a.png"), "https://cdn.example.org/b.png"],
    }
    assert (answer.status, answer.body) == (
        201,
        {
            "id": media.pk,
            "added_at": "2026-11-23T10:00:00Z",
            "type": "url",
            "title": 'The "sea"',
            "description": "More",
            "url": url,
            "image": None,
            "image_thumbnail": None,
            "image_width": None,
            "image_height": None,
            "order": 0,
            "embed": {"id": media.pk, "embed_type": "link", "embed_id": url, "url": url, "metadata": metadata},
        },
    )
    assert outside.heard[0].split("\r\n")[:2] == ["GET /sea?a=1 HTTP/1.1", f"Host: {HOST}:{outside.port}"]
    assert answer.statements == 4


def test_without_open_graph(outside: Outside) -> None:
    outside.pages["/"] = page("<title> The\n sea </title><meta name=description content='Deep'><title>No</title>")
    assert seen(outside.url()) == ("The sea", "Deep", [])


def test_texts_are_cut(outside: Outside) -> None:
    outside.pages["/"] = page(f"<title>{'x' * 300}</title><meta name=description content='{'y' * 3000}'>")
    assert seen(outside.url()) == ("x" * 255, "y" * 2000, [])


def test_images_that_a_browser_should_not_load(outside: Outside) -> None:
    images = [
        "javascript:alert(1)",
        "data:image/png;base64,x",
        "http://[x",
        "x" * 3000,
        *[f"{n}.png" for n in range(9)],
    ]
    outside.pages["/"] = page("".join(f'<meta property="og:image" content="{image}">' for image in images))
    assert seen(outside.url()) == ("", "", [outside.url(f"/{n}.png") for n in range(5)])


@pytest.mark.parametrize(
    "head, content",
    [
        (HTML, "<title>Caff\u00e8 \u20ac</title>".encode()),
        ("Content-Type: text/html; charset=ISO-8859-1\r\n", "<title>Caff\u00e8 \u20ac</title>".encode("cp1252")),
        ("Content-Type: text/html; charset='windows-1252'\r\n", "<title>Caff\u00e8 \u20ac</title>".encode("cp1252")),
        (HTML, '<meta charset="windows-1252"><title>Caff\u00e8 \u20ac</title>'.encode("cp1252")),
        (
            HTML,
            '<meta http-equiv="x" content="text/html; charset=cp1252"><title>Caff\u00e8 \u20ac</title>'.encode(
                "cp1252"
            ),
        ),
        (HTML, "<title>Caff\u00e8 \u20ac</title>".encode("utf-8-sig")),
        (HTML, "\ufeff<title>Caff\u00e8 \u20ac</title>".encode("utf-16-le")),
        ("Content-Type: text/html; charset=punycode\r\n", "<title>Caff\u00e8 \u20ac</title>".encode()),
        ("Content-Type: text/html; charset=hex\r\n", "<title>Caff\u00e8 \u20ac</title>".encode()),
        ("Content-Type: text/html; charset=x\r\n", "<title>Caff\u00e8 \u20ac</title>".encode()),
    ],
)
def test_what_it_is_written_in(head: str, content: bytes, outside: Outside) -> None:
    outside.pages["/"] = page(content, head)
    assert seen(outside.url())[0] == "Caff\u00e8 \u20ac"


def test_odd_bytes(outside: Outside) -> None:
    outside.pages["/"] = page(b"<title>a\0b \xff &#0; &#xD800;</title>")
    assert seen(outside.url())[0] == "ab \ufffd \ufffd \ufffd"


@pytest.mark.parametrize(
    "answer",
    [
        page("<title>x</title>", status="404 Not Found"),
        page("<title>x</title>", status="500 Error"),
        page(b"\x89PNG", "Content-Type: image/png\r\n"),
        page("<title>x</title>", ""),
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + HTML.encode() + b"Content-Encoding: gzip\r\n\r\nno gzip",
        page("", "Location: /\r\n", "302 Found"),
        page("", "Location: /next\r\n", "302 Found"),
    ],
)
def test_a_page_that_cannot_be_had_is_kept_as_a_bare_link(answer: bytes, outside: Outside) -> None:
    outside.pages["/"] = answer
    assert seen(outside.url()) == ("", "", [])


def test_nobody_listens(outside: Outside) -> None:
    outside.listener.close()
    assert seen(outside.url()) == ("", "", [])


def test_a_name_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror

    monkeypatch.setattr(links, "resolve", resolve)
    assert seen(f"http://{HOST}/") == ("", "", [])


def test_https_without_a_good_certificate(outside: Outside) -> None:
    outside.pages["/"] = page("<title>x</title>")
    assert seen(outside.url().replace("http:", "https:")) == ("", "", [])


def test_redirects(outside: Outside) -> None:
    outside.pages["/"] = page("", "Location: ../a b/\u00e9?x#y\r\n", "301 Moved")
    outside.pages["/a%20b/%C3%83%C2%A9?x"] = page("", f"Location: {outside.url('/end')}\r\n", "307 Moved")
    outside.pages["/end"] = page('<title>End</title><meta property="og:image" content="a.png">')
    assert seen(outside.url()) == ("End", "", [outside.url("/a.png")])


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "//localhost/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_redirects_to_addresses_that_are_not_public(
    location: str, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own look-up reads all ways to write an address."""
    look_up = socket.getaddrinfo

    def resolve(host: str, port: int) -> list[str]:
        if host == HOST:
            return ["127.0.0.1"]
        found = [str(info[4][0]) for info in look_up(host, port, type=socket.SOCK_STREAM)]
        return [address.replace("127.0.0.1", "127.0.0.2") for address in found]

    monkeypatch.setattr(links, "resolve", resolve)
    outside.pages["/"] = page("", f"Location: {location}\r\n", "302 Found")
    answer = create(outside.url())
    assert (answer.status, answer.body, len(outside.heard)) == (400, PRIVATE, 1)


@pytest.mark.parametrize("location", ["ftp://a.example.org/", "file:///etc/passwd", "gopher://x/", "http://a@b.c/"])
def test_redirects_to_what_is_no_web_address(location: str, outside: Outside) -> None:
    outside.pages["/"] = page("", f"Location: {location}\r\n", "302 Found")
    answer = create(outside.url())
    assert (answer.status, answer.body) == (400, ODD_ADDRESS)


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1111", "::1"], ["::ffff:127.0.0.1"], ["fe80::1%eth0"], []],
)
def test_every_address_of_a_name_must_be_public(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "resolve", lambda host, port: addresses)
    ann = Api(make_user())
    with nothing_changes():
        answer = ann.post("media/", {"type": "url", "url": f"https://{HOST}/"})
    assert (answer.status, answer.body) == (400, PRIVATE)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "http://localhost:8000/", "http://[::1]:80/", "http://0.0.0.0/"]
)
def test_addresses_of_this_machine(url: str) -> None:
    answer = create(url)
    assert (answer.status, answer.body) == (400, PRIVATE)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f000001/",
        "http://",
        "school",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://a.example.org:99999999/",
        "http://[::1",
        "http://a b.example.org/",
        "http://a.example.org/\r\nX: y",
    ],
)
def test_what_is_no_address(url: str) -> None:
    answer = create(url)
    assert (answer.status, answer.body) == (400, NO_ADDRESS)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example.org/",
        "http://ann:secret@a.example.org/",
        "http://ann@a.example.org/",
        "http://a.example.org:0/",
    ],
)
def test_addresses_that_are_not_taken(url: str) -> None:
    answer = create(url)
    assert (answer.status, answer.body) == (400, ODD_ADDRESS)


def test_an_address_in_another_script(outside: Outside) -> None:
    outside.pages["/%C3%A9"] = page("<title>x</title>")
    url = f"http://b\u00fccher.example.org:{outside.port}/\u00e9"
    assert seen(url)[0] == "x"
    assert outside.heard[0].split("\r\n")[1] == f"Host: xn--bcher-kva.example.org:{outside.port}"


def test_the_second_address_when_the_first_does_not_answer(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "is_public", lambda address: True)
    monkeypatch.setattr(links, "resolve", lambda host, port: ["127.0.0.9", "127.0.0.1"])
    outside.pages["/"] = page("<title>x</title>")
    assert seen(outside.url())[0] == "x"


def drip(connection: socket.socket) -> None:
    """A byte now and then, for ever."""
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\n{HTML}\r\n<title>Slow</title>".encode())
    drip(connection)


def drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    drip(connection)


@pytest.mark.parametrize("answer, title", [(drip_body, "Slow"), (drip_head, ""), (drip, ""), (time.sleep, "")])
def test_a_slow_server_is_cut_off(answer: Any, title: str, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has come by then counts."""
    monkeypatch.setattr(links, "TIMEOUT", 0.7)
    outside.pages["/"] = answer if answer is not time.sleep else lambda connection: time.sleep(3)
    with within(2):
        assert seen(outside.url()) == (title, "", [])


def test_a_slow_handshake_is_cut_off(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "TIMEOUT", 0.7)
    outside.otherwise = lambda connection: time.sleep(3)
    with within(2):
        assert seen(outside.url().replace("http:", "https:")) == ("", "", [])


def test_a_slow_look_up_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "TIMEOUT", 0.3)
    monkeypatch.setattr(links, "resolve", lambda host, port: time.sleep(2))
    with within(1.5):
        assert seen(f"http://{HOST}/") == ("", "", [])


def test_a_link_has_five_seconds() -> None:
    assert links.TIMEOUT == 5.0


def test_a_link_is_kept_bare_while_many_pages_are_fetched(outside: Outside) -> None:
    """Each that is fetched holds a thread of the server."""
    outside.pages["/"] = page("<title>First</title>")
    with ExitStack() as stack:
        for _ in range(links.AT_ONCE):
            stack.enter_context(links._fetching)
        assert seen(outside.url()) == ("", "", [])
    assert links.preview(outside.url()).title == "First"


def test_only_the_first_two_megabytes_are_read(outside: Outside) -> None:
    filler = "<!--" + "x" * links.MAX_BYTES + "-->"
    outside.pages["/"] = page(f"<title>First</title>{filler}<meta property='og:title' content='Late'>")
    assert seen(outside.url())[0] == "First"


def test_a_page_that_is_compressed(outside: Outside) -> None:
    outside.pages["/"] = page(gzip.compress(b"<title>x</title>"), HTML + "Content-Encoding: gzip\r\n")
    assert seen(outside.url())[0] == "x"


def test_a_bomb(outside: Outside) -> None:
    """A hundred megabytes in a hundred kilobytes, of which two are unpacked."""
    content = gzip.compress(b"<title>x</title>" + bytes(100 * 1024 * 1024), 9)
    outside.pages["/"] = page(content, HTML + "Content-Encoding: gzip\r\n")
    with within(3):
        assert seen(outside.url())[0] == "x"


@pytest.mark.parametrize(
    "body, found",
    [
        ({}, [("type", "required", REQUIRED), ("url", "required", REQUIRED)]),
        ({"type": "url", "url": None}, [("url", "null", NULL)]),
        ({"type": "url", "url": ""}, [("url", "blank", "This field may not be blank.")]),
        ({"type": "image", "url": "http://a.bc/"}, [("type", "invalid_choice", '"image" is not a valid choice.')]),
        (
            {"type": "url", "url": "http://a.bc/" + "x" * 2000},
            [("url", "max_length", "Ensure this field has no more than 2000 characters.")],
        ),
    ],
)
def test_wrong_fields(body: dict[str, Any], found: list[tuple[str, str, str]]) -> None:
    answer = Api(make_user()).post("media/", body)
    assert (answer.status, answer.body) == (400, faults(*found))


def test_who_may_not() -> None:
    answer = Api().post("media/", {"type": "url", "url": f"http://{HOST}/"})
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
