"""Two servers and two workers on one PostgreSQL, as on two machines: they share the database and the secrets only."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import httpx
import pytest

from tests.cli.test_stop import wait_until
from tests.learning.crowd import at_once, crowd
from tests.many.fleet import give_addresses, jobs, needs_postgresql, workers
from tests.servers import PATIENCE, Databases, MakeServer, Server

SECRETS = {"SECRET_KEY": "signs sessions on both of the machines", "JWT_SECRET": "signs tokens on both of the machines"}
PASSWORD = "correct horse battery"


@pytest.fixture
def machines(make_server: MakeServer, databases: Databases) -> list[Server]:
    """Two servers that do not run yet."""
    needs_postgresql(databases)
    first = make_server(**SECRETS, RATE_LIMITS="sign_in=3/day")
    kept = {name: first.settings[name] for name in ("DATABASE_URL", "SECRET_KEY", "JWT_SECRET", "RATE_LIMITS")}
    return [first, make_server(**kept)]


@pytest.fixture
def running(machines: list[Server]) -> Iterator[list[Server]]:
    for machine in machines:
        machine.launch("--no-jobs")
    wait_until(lambda: all("Coursewright is at" in machine.output for machine in machines))
    yield machines
    assert [(machine.stop(), machine.errors) for machine in machines] == [(0, ""), (0, "")]


def test_a_job_runs_once(running: list[Server]) -> None:
    """Of forty jobs that come while two workers look for them, each is done by one of them."""
    first, second = running
    with crowd(first, ["ann", *(f"user{place}" for place in range(40))]) as (ann, *others):
        addresses = give_addresses(first, others)
        with workers(first, second) as both:
            fields = {"name": f"Course {uuid4().hex}", "type": "self-paced", "privacy": "open"}
            course = ann.api.post("course/", fields).body["id"]
            bodies = [{"users": [person.id]} for person in others]
            answers = at_once([partial(ann.api.post, f"course/{course}/invite/", body) for body in bodies])
            assert [answer.status for answer in answers] == [204] * len(others)
            wait_until(lambda: jobs(first) == {"SUCCESSFUL": len(others)})
        assert both[0].mailed() + both[1].mailed() == Counter(addresses)


def offers_to_sign_in(browser: httpx.Client, machine: Server) -> bool:
    return "With your username and password" in browser.get(f"{machine.origin}/").text


def sign_in(browser: httpx.Client, origin: str, password: str) -> int:
    page = browser.get(f"{origin}/sign-in/")
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token, "username": "ann", "password": password}
    return browser.post(f"{origin}/sign-in/", data=form).status_code


def test_sign_ins_are_counted_together(running: list[Server]) -> None:
    first, second = running
    with httpx.Client(timeout=PATIENCE) as browser:
        statuses = [sign_in(browser, machine.origin, "wrong") for machine in (first, second, first, second, first)]
    assert statuses == [200, 200, 200, 429, 429]


def test_who_signs_in_at_one_is_signed_in_at_the_other(running: list[Server]) -> None:
    first = running[0]
    first.command("user", "add", "ann", "--password", PASSWORD)
    with httpx.Client(timeout=PATIENCE) as browser:
        before = [offers_to_sign_in(browser, machine) for machine in running]
        assert sign_in(browser, first.origin, PASSWORD) == 302
        after = [offers_to_sign_in(browser, machine) for machine in running]
    assert (before, after) == ([True, True], [False, False])


class Balancer:
    """Calls the servers in turn, on connections that it keeps, as a balancer of requests does.

    It goes to the other server when a connection is refused, or closed before an answer began.
    """

    def __init__(self, machines: list[Server], token: str | None) -> None:
        self.ports = [machine.port for machine in machines]
        self.kept = {port: http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for port in self.ports}
        self.headers = {"Authorization": f"Bearer {token}"}
        self.answers: Counter[tuple[int, int]] = Counter()

    def call_until(self, done: threading.Event) -> None:
        while not done.is_set():
            self.call()
            self.ports.reverse()
        for connection in self.kept.values():
            connection.close()

    def call(self) -> None:
        """One request. An answer that is cut off is an IncompleteRead."""
        for port in self.ports * 2:  # twice, as the connection that was kept may be one of before the restart
            connection = self.kept[port]
            try:
                connection.request("GET", "/api/v2/user/me/", headers=self.headers)
                answer = connection.getresponse()
            except ConnectionError:
                connection.close()
                continue
            answer.read()
            self.answers[port, answer.status] += 1
            return
        raise AssertionError("neither server answered")


def test_a_rolling_restart_answers_every_request(running: list[Server]) -> None:
    done = threading.Event()
    with crowd(running[0], ["ann"]) as [ann], ThreadPoolExecutor(4) as pool:
        balancers = [Balancer(running, ann.api.token) for _ in range(4)]
        calling = [pool.submit(balancer.call_until, done) for balancer in balancers]
        try:
            for machine in running:
                assert (machine.stop(), machine.errors) == (0, "")
                for balancer in balancers:
                    balancer.answers[machine.port, 200] = 0
                machine.start("--no-jobs")
                wait_until(lambda port=machine.port: all(balancer.answers[port, 200] > 10 for balancer in balancers))
        finally:
            done.set()
        for future in calling:
            future.result(PATIENCE)
    answers = sum((balancer.answers for balancer in balancers), Counter[tuple[int, int]]())
    assert set(answers) == {(machine.port, 200) for machine in running}
