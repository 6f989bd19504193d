"""Times in and out (rules.md 1.5)."""

import contextlib
from datetime import UTC, datetime

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from coursewright.api.shapes import Time
from tests.client import Api, codes, wrong
from tests.factories import make_course, make_section, make_user

GOOD = {
    "2026-12-15T09:00:00Z": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00z": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00Z": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:05": "2026-12-15T09:00:05Z",
    "2026-12-15T09:00:00.000Z": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00.5Z": "2026-12-15T09:00:00.500000Z",
    "2026-12-15T09:00:00.000001Z": "2026-12-15T09:00:00.000001Z",
    "2026-12-15T09:00:00.123456789Z": "2026-12-15T09:00:00.123456Z",
    "2026-12-15T09:00:00.9999999Z": "2026-12-15T09:00:00.999999Z",
    "2026-12-15T09:00:00+00:00": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00-00:00": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00-0000": "2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00+05:30": "2026-12-15T03:30:00Z",
    "2026-12-15T09:00:00+0530": "2026-12-15T03:30:00Z",
    "2026-12-15T09:00:00+05": "2026-12-15T04:00:00Z",
    "2026-12-15T09:00:00.25-03:30": "2026-12-15T12:30:00.250000Z",
    "2026-12-15T23:59:59+23:59": "2026-12-15T00:00:59Z",
    "2024-02-29T00:00Z": "2024-02-29T00:00:00Z",
    "1900-01-01T00:00Z": "1900-01-01T00:00:00Z",
    "1900-01-01T12:00+12:00": "1900-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z": "9999-12-31T23:59:59.999999Z",
}
BAD = [
    "tomorrow",
    "2026-12-15",
    "2026-02-30T00:00Z",
    "2025-02-29T00:00Z",
    "2026-13-01T00:00Z",
    "2026-00-10T00:00Z",
    "2026-12-15T24:00:00Z",
    "2026-12-15T25:00:00Z",
    "2026-12-15T09:60:00Z",
    "2026-12-15T09:00:60Z",
    "2026-12-15T09Z",
    "2026-12-15T09:00.5Z",
    "2026-12-15T09:00:00.Z",
    "2026-12-15T09:00:00,5Z",
    "2026-12-15 09:00:00Z",
    "2026-12-15t09:00:00Z",
    " 2026-12-15T09:00:00Z",
    "2026-12-15T09:00:00Z\n",
    "2026-12-15T09:00:00 Z",
    "2026-12-15T09:00:00+24:00",
    "2026-12-15T09:00:00+05:60",
    "2026-12-15T09:00:00+5",
    "2026-12-15T09:00:00+05:30:10",
    "2026-12-15T09:00:00UTC",
    "2026-W50-2T09:00Z",
    "20261215T0900Z",
    "226-12-15T09:00Z",
    "12026-12-15T09:00Z",
    "10000-01-01T00:00Z",
    "+2026-12-15T09:00Z",
    "1899-12-31T23:59:59Z",
    "1900-01-01T00:00:00+01:00",
    "0001-01-01T00:00+12:00",
    "0000-01-01T00:00Z",
    "9999-12-31T23:59-12:00",
    "２０２６-12-15T09:00Z",  # noqa: RUF001 - digits of another script
    "2026-12-15T09:00:00Z\0",
    "\ud800",
    "   ",
    1797325200,
    1797325200.5,
    0,
    True,
    False,
    [],
    ["2026-12-15T09:00:00Z"],
    {},
    {"date": "2026-12-15T09:00:00Z"},
]


@pytest.mark.parametrize("sent", GOOD)
def test_good_times_come_out_in_utc(sent: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"))
    path = f"course/{section.course_id}/section/{section.pk}/"
    put = Api(ann).put(path, {"name": "One", "dripped_at": sent})
    assert (put.status, put.body["dripped_at"]) == (200, GOOD[sent])
    assert Api(ann).get(path).body == put.body


@pytest.mark.parametrize("sent", BAD, ids=repr)
def test_bad_times_are_refused(sent: object) -> None:
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"))
    answer = Api(ann).patch(f"course/{section.course_id}/section/{section.pk}/", {"dripped_at": sent})
    assert answer.status == 400
    assert answer.body == {
        "errors": [
            {
                "field": "dripped_at",
                "messages": [{"code": "invalid", "message": "Write a time like 2026-12-15T09:00:00Z."}],
            }
        ]
    }


def test_an_empty_text_is_null_where_null_is_allowed() -> None:
    ann = make_user()
    section = make_section(make_course(ann), dripped_at=datetime.fromisoformat("2026-12-15T09:00:00Z"))
    path = f"course/{section.course_id}/section/{section.pk}/"
    assert Api(ann).patch(path, {"dripped_at": ""}).body["dripped_at"] is None
    assert Api(ann).form("PATCH", path, dripped_at="2026-12-15T09:00").body["dripped_at"] == "2026-12-15T09:00:00Z"
    assert Api(ann).form("PATCH", path, dripped_at="").body["dripped_at"] is None


@pytest.mark.parametrize(
    "zone, sent, kept",
    [
        ("Europe/Rome", "2026-12-15T09:00", "2026-12-15T08:00:00Z"),
        ("Europe/Rome", "2026-06-15T09:00", "2026-06-15T07:00:00Z"),
        ("Europe/Rome", "2026-12-15T09:00Z", "2026-12-15T09:00:00Z"),
        ("Europe/Rome", "2026-03-29T02:30", "2026-03-29T01:30:00Z"),  # an hour that the clocks leave out
        ("Europe/Rome", "2026-10-25T02:30", "2026-10-25T00:30:00Z"),  # an hour that comes twice: the first
        ("Asia/Kolkata", "2026-12-15T09:00:00.5", "2026-12-15T03:30:00.500000Z"),
    ],
)
def test_without_an_offset_it_is_in_the_servers_time_zone(zone: str, sent: str, kept: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    timezone.get_default_timezone.cache_clear()
    with override_settings(TIME_ZONE=zone):
        answer = Api(ann).patch(f"course/{section.course_id}/section/{section.pk}/", {"dripped_at": sent})
    assert (answer.status, answer.body["dripped_at"]) == (200, kept)


@pytest.mark.parametrize("sent", ["9999-12-31T23:59", "1900-01-01T00:00"])
def test_the_time_zone_may_push_a_time_out_of_range(sent: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    zone = "America/New_York" if sent.startswith("9") else "Asia/Tokyo"
    with override_settings(TIME_ZONE=zone):
        answer = Api(ann).patch(f"course/{section.course_id}/section/{section.pk}/", {"dripped_at": sent})
    assert (answer.status, codes(answer)) == (400, wrong(dripped_at="invalid"))


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{0,20}", fullmatch=True))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    found = None
    with contextlib.suppress(ValidationError):
        found = Time().run_validation(text)
    assert found is None or (found.tzinfo is UTC and 1900 <= found.year <= 9999)
