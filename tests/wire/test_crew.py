"""Few threads of a web worker take requests (decision 0014), and one that is held up holds up nobody else."""

import fcntl
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue

import pytest

from coursewright import crew
from coursewright.clients import ALL, EACH
from coursewright.crew import Crew, Look
from tests.cli.test_stop import wait_until
from tests.client import Remote
from tests.servers import Databases, MakeServer, Server

Task = Callable[[], object]
BODY = '{"name": "Course %d", "type": "self-paced"}'
LENGTH = len(BODY % 10)


class Threads:
    """A server's threads, which take one task after the other as long as the crew lets them."""

    def __init__(self, posts: int) -> None:
        self.crew = Crew(lambda task: task(), posts)
        self.tasks: SimpleQueue[Task | None] = SimpleQueue()
        self.started: list[threading.Thread] = []

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._work, daemon=True)
        self.started.append(thread)
        thread.start()
        return thread

    def _work(self) -> None:
        while task := self.tasks.get():
            with suppress(ZeroDivisionError):
                self.crew(task)

    def call(self) -> threading.Thread:
        """Which thread does a task."""
        found: SimpleQueue[threading.Thread] = SimpleQueue()
        self.tasks.put(lambda: found.put(threading.current_thread()))
        return found.get(timeout=20)

    def free(self) -> bool:
        """Whether every post is held by someone who has nothing to do."""
        return all(post.holder and not post.request for post in self.crew.posts)


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """What a task waits for, at most until the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def test_the_first_thread_goes_on_and_the_second_stands_by() -> None:
    threads = Threads(posts=1)
    first = threads.start()
    assert threads.call() is first
    wait_until(threads.free)
    second = threads.start()
    assert {threads.call() for _ in range(50)} | {second} == {first, second}  # one task may come to the second
    assert {threads.call() for _ in range(50)} == {first}


def test_a_thread_takes_over_and_the_other_stands_by(held: threading.Event) -> None:
    threads = Threads(posts=1)
    first = threads.start()
    threads.tasks.put(held.wait)
    wait_until(lambda: threads.crew.posts[0].request)
    second = threads.start()
    assert {threads.call() for _ in range(50)} == {second}
    held.set()
    assert {threads.call() for _ in range(50)} == {second}
    assert first.is_alive()


@pytest.mark.parametrize(
    ("before", "now", "relieved"),
    [
        (Look(0, 0, 0, 0), Look(1, 0, 0, 0), False),  # nothing to do
        (Look(0, 7, 0, 0), Look(0.01, 8, 0.01, 0), False),  # another request
        (Look(0, 7, 0, 1), Look(0.01, 7, 0, 1.009), False),  # works
        (Look(0, 7, 0, 1), Look(0.01, 7, 0, 1.004), True),  # waits
        (Look(0.04, 7, 0, 1), Look(0.05, 7, 0, 1.01), False),
        (Look(0.05, 7, 0, 1), Look(0.06, 7, 0, 1.01), True),  # has worked for long
    ],
)
def test_who_is_relieved(before: Look, now: Look, relieved: bool) -> None:
    assert crew.to_be_relieved(before, now) is relieved


def test_who_works_for_long_is_relieved() -> None:
    threads = Threads(posts=1)
    both = threading.Barrier(2)
    threads.start()
    threads.start()
    threads.tasks.put(both.wait)
    threads.tasks.put(both.wait)
    wait_until(threads.free)
    workers: SimpleQueue[threading.Thread] = SimpleQueue()
    threads.tasks.put(lambda: (workers.put(threading.current_thread()), _work(20 * crew.LONG)))
    assert threads.call() is not workers.get()


def _work(seconds: float) -> None:
    """Uses a processor for so long."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_each_post_has_a_thread(held: threading.Event) -> None:
    threads = Threads(posts=2)
    first, second, third = (threads.start() for _ in range(3))
    both = threading.Barrier(2)
    threads.tasks.put(both.wait)
    threads.tasks.put(both.wait)
    wait_until(threads.free)
    threads.tasks.put(held.wait)
    threads.tasks.put(held.wait)
    taken_over = {threads.call() for _ in range(50)}
    assert taken_over < {first, second, third}
    assert len(taken_over) == 1


def test_those_who_stand_by_sleep_while_nothing_happens(monkeypatch: pytest.MonkeyPatch, held: threading.Event) -> None:
    monkeypatch.setattr(crew, "QUIET", 0)
    threads = Threads(posts=1)
    threads.start()
    threads.call()
    wait_until(threads.free)
    second = threads.start()
    wait_until(lambda: threads.call() and threads.crew._begun._waiters)  # type: ignore[attr-defined]
    threads.tasks.put(held.wait)
    assert threads.call() is second


def test_a_thread_that_ended_leaves_its_post() -> None:
    threads = Threads(posts=1)
    first = threads.start()
    threads.call()
    threads.tasks.put(None)
    first.join(20)
    second = threads.start()
    assert {threads.call() for _ in range(50)} == {second}


def test_a_thread_holds_one_post() -> None:
    """Also when the other becomes free: that is for someone else."""
    both = Crew(lambda task: task(), 2)
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        for thread in (first, second):
            thread.submit(both, time.thread_time).result()
        first.shutdown()
        second.submit(both, time.thread_time).result()
        assert [post.holder is None for post in both.posts] == [True, False]


def test_an_error_goes_to_the_server_and_the_post_is_not_lost() -> None:
    threads = Threads(posts=1)
    threads.start()
    threads.tasks.put(lambda: 1 / 0)
    threads.start()
    assert all(threads.call() in threads.started for _ in range(50))
    wait_until(threads.free)


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    """A server with a person, ``ann``."""
    server = make_server().start("--no-jobs")
    server.command("user", "add", "ann")
    return server


def _slow(server: Server, token: str | None, address: str) -> socket.socket:
    """A client that does not send the body it has announced."""
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20, source_address=(address, 0))
    client.sendall(
        "POST /api/v2/course/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {LENGTH}\r\n\r\n".encode()
    )
    return client


def test_slow_clients_hold_up_nobody(server: Server) -> None:
    api = server.remote("ann")
    with ExitStack() as stack:
        addresses = [f"127.0.0.{1 + number // EACH}" for number in range(ALL)]
        clients = [stack.enter_context(_slow(server, api.token, it)) for it in addresses]
        assert [api.get("course/").status for _ in range(20)] == [200] * 20
        for number, client in enumerate(clients):
            client.sendall((BODY % (10 + number)).encode())
            assert client.recv(1000).startswith(b"HTTP/1.1 201 Created\r\n")


def _waiting_for(file: Path) -> bool:
    """Whether someone waits for a lock of the file."""
    lines = Path("/proc/locks").read_text().splitlines()
    return any("-> FLOCK" in line and f":{file.stat().st_ino} " in line for line in lines)


def test_reads_go_on_while_a_writer_waits(server: Server, databases: Databases) -> None:
    if databases.url:
        pytest.skip("writers wait for each other on SQLite; this run is on PostgreSQL")
    api: Remote = server.remote("ann")
    queue = server.directory / "write.lock"
    course = api.post("course/", {"name": "Course", "type": "self-paced"}).body["id"]
    with queue.open("ab") as file, ThreadPoolExecutor(1) as pool:
        fcntl.flock(file, fcntl.LOCK_EX)  # as another process that writes
        writing = pool.submit(api.post, f"course/{course}/section/", {"name": "Section"})
        wait_until(lambda: _waiting_for(queue))
        assert [api.get("course/").status for _ in range(5)] == [200] * 5
        assert not writing.done()
        fcntl.flock(file, fcntl.LOCK_UN)
        assert writing.result(20).status == 201
