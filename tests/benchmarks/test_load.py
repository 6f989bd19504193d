"""Both generators of load send the requests as they are and in turn, count the answers, and tell of errors."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks import load
from benchmarks.wire import Request

SECONDS = {"wrk": 1.0, "bundled": 0.3}
PUTS = [Request("PUT", f"/course/{id}/", "token", {"name": 'A "name" \\ of\n45° two'}) for id in range(3)]


@pytest.fixture(params=SECONDS)
def seconds(request: pytest.FixtureRequest) -> float:
    """How long to drive, by which the generator is chosen."""
    if request.param == "wrk" and not shutil.which("wrk"):
        pytest.skip("wrk is not installed")
    assert load.tool(SECONDS[request.param]) == request.param
    return SECONDS[request.param]


@contextmanager
def answering(status: Callable[[str], int]) -> Iterator[tuple[str, Counter[tuple[str, str, bytes]]]]:
    """A server, and what it was asked: method, path, body."""
    asked: Counter[tuple[str, str, bytes]] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer goes out whole

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status(self.path))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")
            asked[self.command, self.path, body] += 1

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 2 * load.CONNECTIONS

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_requests_in_turn(seconds: float) -> None:
    with answering(lambda _: 200) as (origin, asked):
        found = load.drive(origin, [request.raw("127.0.0.1") for request in PUTS], seconds)
    assert asked.keys() == {(request.method, request.path, request.content()) for request in PUTS}
    assert 0 <= asked.total() - found.requests <= load.CONNECTIONS  # some were under way at the end
    assert max(asked.values()) - min(asked.values()) <= load.CONNECTIONS
    assert seconds <= found.seconds < seconds + 1
    assert 0 < found.p50_ms <= found.p99_ms < 1000 * seconds


def test_an_error_ends_the_benchmark(seconds: float) -> None:
    def status(path: str) -> int:
        return 404 if path == PUTS[2].path else 200

    with answering(status) as (origin, _), pytest.raises(SystemExit, match=r"requests failed"):
        load.drive(origin, [request.raw("127.0.0.1") for request in PUTS], seconds)
