"""Rate limits (the setting RATE_LIMITS)."""

import ipaddress
from typing import Any

import pytest
from django.test import override_settings

from coursewright.api import throttling
from coursewright.api.models import RateCount
from coursewright.api.proxies import client
from coursewright.environment import Rate
from tests.client import Api, codes
from tests.factories import make_user

LIMITS = {"anonymous": Rate(2, 60), "user": Rate(3, 60)}
PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]


class Time:
    """Real time, stopped."""

    def __init__(self) -> None:
        self.seconds = 6000.0

    def time(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """A minute begins."""
    throttling.in_memory.clear()
    time = Time()
    monkeypatch.setattr(throttling, "time", time)
    return time


@override_settings(RATE_LIMITS=LIMITS)
def test_an_address_may_call_so_often(time: Time) -> None:
    assert [Api().get("category/").status for _ in range(2)] == [200, 200]
    time.seconds += 20.5
    answer = Api().get("category/")
    assert (answer.status, codes(answer), answer.headers["Retry-After"]) == (429, [("", ["throttled"])], "40")
    time.seconds += 39.49999
    assert Api().get("category/").headers["Retry-After"] == "1"
    time.seconds += 0.001
    assert Api().get("category/").status == 200


@override_settings(RATE_LIMITS=LIMITS)
def test_a_person_may_call_so_often_from_wherever() -> None:
    ann, bob = Api(make_user()), Api(make_user("bob"))
    assert [ann.get("category/").status for _ in range(4)] == [200, 200, 200, 429]
    assert [bob.get("category/").status for _ in range(4)] == [200, 200, 200, 429]
    assert [Api().get("category/").status for _ in range(3)] == [200, 200, 429]


@override_settings(RATE_LIMITS=LIMITS)
def test_what_cannot_be_is_said_before() -> None:
    assert [Api().put("category/", {}).status for _ in range(4)] == [405] * 4
    assert [Api().get("course/0/").status for _ in range(3)] == [404, 404, 429]


@override_settings(RATE_LIMITS=LIMITS)
def test_a_bad_token_counts_for_the_address() -> None:
    assert [Api(token="wrong").get("category/").status for _ in range(3)] == [401, 401, 429]
    assert Api().get("category/").status == 429


@override_settings(RATE_LIMITS={"user": Rate(1, 60)})
def test_a_limit_that_is_not_set() -> None:
    assert [Api().get("category/").status for _ in range(4)] == [200] * 4


@override_settings(RATE_LIMITS={"sign_in": Rate(2, 60)})
def test_sign_ins_are_counted_in_the_database(time: Time) -> None:
    """In a table that keeps no windows of the past."""
    assert [throttling.wait("sign_in", "ann") for _ in range(3)] == [0, 0, 60]
    assert throttling.wait("sign_in", "bob") == 0
    assert rate_counts() == [("sign_in:ann", 6060, 3), ("sign_in:bob", 6060, 1)]
    time.seconds += 60
    assert throttling.wait("sign_in", "ann") == 0
    assert rate_counts() == [("sign_in:ann", 6120, 1)]


def rate_counts() -> list[tuple[str, int, int]]:
    return list(RateCount.objects.order_by("key").values_list("key", "until", "calls"))


@override_settings(RATE_LIMITS=LIMITS)
def test_the_address_is_not_what_a_stranger_says() -> None:
    statuses = [
        Api().call("GET", "category/", None, **{"X-Forwarded-For": f"192.0.2.{place}"}).status for place in range(3)
    ]
    assert statuses == [200, 200, 429]


@override_settings(RATE_LIMITS=LIMITS, TRUSTED_PROXIES=[ipaddress.ip_network("127.0.0.1")])
def test_behind_a_proxy_each_caller_counts_for_itself() -> None:
    def call(forwarded: str) -> int:
        return Api().call("GET", "category/", None, **{"X-Forwarded-For": forwarded}).status

    assert [call("192.0.2.1") for _ in range(3)] == [200, 200, 429]
    assert [call("192.0.2.2") for _ in range(3)] == [200, 200, 429]
    assert [call(f"192.0.2.{place}, 192.0.2.3") for place in range(3)] == [200, 200, 429]
    assert [call(f"made up {place}") for place in range(3)] == [200, 200, 429]


@override_settings(TRUSTED_PROXIES=PROXIES)
@pytest.mark.parametrize(
    "peer, forwarded, found",
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.9, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.9,192.0.2.1,10.0.0.3,10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "192.0.2.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "x" * 5000, "10.0.0.1"),
        ("10.0.0.1", " 2001:db8::1 ", "2001:db8::1"),
        ("10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("fd00::1", "192.0.2.1, ::ffff:10.0.0.2", "192.0.2.1"),
    ],
)
def test_who_called(peer: str, forwarded: str, found: Any) -> None:
    assert client(peer, forwarded) == found


def test_memory_keeps_the_windows_that_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of many callers those who came last."""
    monkeypatch.setattr(throttling, "MOST", 2)
    memory = throttling.Memory()
    assert [memory.count("ann", 60, 0), memory.count("ann", 60, 59), memory.count("ann", 3600, 59)] == [1, 2, 1]
    assert memory._windows == {60: {"ann": 2}, 3600: {"ann": 1}}
    assert [memory.count(name, 120, 60) for name in ("ann", "bob", "bob", "cid", "bob")] == [1, 1, 2, 1, 3]
    assert memory._windows == {120: {"bob": 3, "cid": 1}, 3600: {"ann": 1}}
