"""Bodies without a length, with a wrong one, and what follows them on a connection: on a real server."""

import pytest

from tests.client import NOT_FOUND, refused
from tests.wire.conftest import Connection, Server

TOO_LARGE = refused("too_large", "The request body is too large.")
NAME_REQUIRED = {
    "errors": [{"field": "name", "messages": [{"code": "required", "message": "This field is required."}]}]
}
LAST = b"0\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"
BODY = b'{"name":"x"}'
MB = 1024 * 1024


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def name(server: Server) -> str:
    """What the section is called now."""
    connection = Connection(server.port)
    connection.send(server.head("GET"))
    reply = connection.reply()
    connection.close()
    assert reply
    return str(reply.body["name"])


def test_a_chunked_body(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", CHUNKED))
    for part in (b'{"name"', b':"in three', b' parts"}'):
        connection.send(chunk(part))
    connection.send(LAST)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body["name"]) == (200, "in three parts")


def test_a_chunked_body_that_is_empty(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", CHUNKED) + LAST)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (400, NAME_REQUIRED)


def test_a_body_that_does_not_say_what_it_is(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", f"Content-Length: {len(BODY)}", kind="") + BODY)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body["errors"][0]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_no_body_at_all(server: Server, connection: Connection, method: str) -> None:
    connection.send(server.head(method))
    reply = connection.reply()
    assert reply
    assert reply.status == (400 if method == "PUT" else 200)


def test_a_chunked_body_of_2_mb(server: Server, connection: Connection) -> None:
    body = b'{"name":"large","ignored":"' + b"x" * (2 * MB - 29) + b'"}'
    assert len(body) == 2 * MB
    connection.send(server.head("PUT", CHUNKED))
    for start in range(0, len(body), 65536):
        connection.send(chunk(body[start : start + 65536]))
    connection.send(LAST)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body["name"]) == (200, "large")


def test_a_chunked_body_that_is_too_large(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", CHUNKED) + chunk(b"x" * (2 * MB + 1)) + LAST)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (413, TOO_LARGE)


def test_a_request_behind_one_that_is_too_large_is_not_taken_for_its_body(
    server: Server, connection: Connection
) -> None:
    evil = server.head("PUT", f"Content-Length: {len(BODY)}") + BODY.replace(b"x", b"evil")
    connection.send(server.head("PUT", f"Content-Length: {3 * MB}"))
    connection.send(evil * 100)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (413, TOO_LARGE)
    assert connection.reply() is None
    assert name(server) != "evil"


def test_a_larger_body_is_refused_before_it_is_sent(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", f"Content-Length: {3 * MB}", "Expect: 100-continue"))
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (413, TOO_LARGE)


def test_a_body_is_asked_for(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", f"Content-Length: {len(BODY)}", "Expect: 100-continue"))
    asked = connection.reply()
    connection.send(BODY)
    reply = connection.reply()
    assert asked
    assert reply
    assert (asked.status, reply.status, reply.body["name"]) == (100, 200, "x")


def test_nobody_waits_for_the_body_of_another(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", f"Content-Length: {len(BODY)}", "Expect: 100-continue"))
    asked = connection.reply()
    other = Connection(server.port)
    other.send(server.head("PUT", f"Content-Length: {len(BODY)}") + BODY)
    quick = other.reply()
    other.close()
    connection.send(BODY)
    slow = connection.reply()
    assert asked
    assert quick
    assert slow
    assert (asked.status, quick.status, slow.status) == (100, 200, 200)


def test_who_may_not_is_told_so_before_the_body_is_sent(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", "Content-Length: 12", "Expect: 100-continue", path="/api/v2/course/0/"))
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (404, NOT_FOUND)


def test_a_body_that_ends_early(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", "Content-Length: 50") + b'{"name":"cut"}')
    connection.socket.shutdown(1)
    reply = connection.reply()
    assert reply
    message = "The body is shorter than its length says."
    assert (reply.status, reply.body) == (400, refused("parse_error", message))
    assert name(server) != "cut"


def test_a_chunked_body_that_ends_early(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", CHUNKED) + chunk(b'{"name":"cut"'))
    connection.socket.shutdown(1)
    reply = connection.reply()
    assert reply
    assert (reply.status, reply.body) == (400, refused("parse_error", "The body is not JSON."))


def test_a_body_longer_than_its_length(server: Server, connection: Connection) -> None:
    connection.send(server.head("PUT", f"Content-Length: {len(BODY)}") + BODY + b"more\r\n\r\n")
    first, second = connection.reply(), connection.reply()
    assert first
    assert second
    assert (first.status, first.body["name"], second.status) == (200, "x", 400)


@pytest.mark.parametrize("length", ["-1", "x", "12, 13"])
def test_a_length_that_is_none(server: Server, connection: Connection, length: str) -> None:
    connection.send(server.head("PUT", f"Content-Length: {length}") + BODY)
    reply = connection.reply()
    assert reply
    assert reply.status == 400
    assert connection.reply() is None


def test_requests_in_a_row(server: Server, connection: Connection) -> None:
    put = server.head("PUT", f"Content-Length: {len(BODY)}") + BODY
    connection.send(put + server.head("GET") + server.head("PUT", CHUNKED) + chunk(BODY) + LAST + server.head("GET"))
    replies = [connection.reply() for _ in range(4)]
    assert [reply and (reply.status, reply.body["name"]) for reply in replies] == [(200, "x")] * 4


def test_head_and_options(server: Server, connection: Connection) -> None:
    connection.send(server.head("HEAD"))
    head = connection.reply("HEAD")
    connection.send(server.head("OPTIONS"))
    options = connection.reply()
    assert head
    assert options
    assert (head.status, head.body, int(head.headers["content-length"]) > 0) == (200, b"", True)
    assert (options.status, options.body) == (204, b"")
    assert options.headers["allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/api/v2/course/%00%FF%2F/", "/api/v2/course/\x7f/", "/api/v2/" + "x" * 70_000])
def test_odd_paths(connection: Connection, path: str) -> None:
    connection.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    reply = connection.reply()
    assert reply
    assert 400 <= reply.status < 500


@pytest.mark.parametrize(
    "parameters",
    [
        *(
            f"charset={name}"
            for name in ("base64", "rot13", "undefined", "idna", "punycode", "nonsense", '"a b"', "..")
        ),
        "charset=utf-16",
        "charset*=nonsense''x",
        "boundary*=nonsense''x",
        "charset*=utf-8''hex",
    ],
)
@pytest.mark.parametrize("path", ["/api/v2/course/search/?search=%C3%A9", "/healthz?x=%C3%A9"])
def test_what_a_content_type_may_say(server: Server, connection: Connection, path: str, parameters: str) -> None:
    connection.send(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; {parameters}\r\n\r\n".encode()
    )
    reply = connection.reply()
    assert reply
    assert reply.status == 200


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "hex"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize("path", ["/oauth/token/", "/sign-in/", "/api/v2/course/"])
def test_charsets_that_make_what_is_no_text(
    server: Server, connection: Connection, path: str, kind: str, charset: str
) -> None:
    """Half a character would be a fault wherever it is written."""
    texts = ("\\ud800", "+2AA-")
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n{text}\r\n' for text in texts)
    body = f"{parts}--b--\r\n" if "multipart" in kind else "&".join(f"a={text}" for text in texts)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}; charset={charset}\r\n"
    connection.send(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    reply = connection.reply()
    assert reply
    assert reply.status in (400, 401, 403)
