"""Anything may be sent: never a fault, and a refusal changes nothing."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.courses.models import Section
from tests.client import Answer, Api
from tests.factories import make_category, make_course, make_joined, make_lesson, make_section, make_user
from tests.tables import snapshot

FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
TEXT = st.text(st.characters(), max_size=20) | st.sampled_from(
    ["", " ", "\0", "\ud800", "null", "true", "[]", "[1", "{}", "2026-12-15T09:00Z", "open", "self-paced", "a,b", "-0"]
)
NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([2**63, -(2**63), 10**300])
SCALAR = st.none() | st.booleans() | NUMBER | TEXT
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)


def bodies(*fields: str) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the fields, and others."""
    return st.dictionaries(st.sampled_from(fields), VALUE) | st.dictionaries(st.sampled_from(fields) | TEXT, VALUE)


SECTION = ("name", "dripped_at", "drip_delay", "lessons_order", "id", "type")
LESSON = ("name", "type", "status", "comments_enabled", "text", "medias", "passing_grade", "questions_order")
COURSE = (
    "name",
    "slug",
    "description",
    "type",
    "privacy",
    "enforce_lessons_order",
    "sections_order",
    "image_original",
    "categories",
    "og_image",
)


@pytest.fixture
def world() -> Section:
    """A course with everything in it, by Ann, whom every request comes from."""
    ann = make_user(role="admin")
    course = make_course(ann, categories=[make_category().pk])
    make_joined(course, make_user("bob"))
    section = make_section(course)
    make_lesson(section)
    return section


def checked(section: Section, method: str, path: str, body: bytes, content_type: str = "application/json") -> None:
    api = Api(section.course.created_by)
    before = snapshot()
    answer: Answer = api.call(method, path.format(c=section.course_id, s=section.pk), body, content_type=content_type)
    assert answer.status < 500
    if answer.status >= 400:
        assert snapshot() == before
        assert answer.body["errors"]
        for error in answer.body["errors"]:
            assert set(error) in ({"field", "messages"}, {"code", "message"})


@FUZZ
@given(body=bodies(*SECTION), method=st.sampled_from(["PUT", "PATCH"]))
def test_sections(world: Section, body: Any, method: str) -> None:
    checked(world, method, "course/{c}/section/{s}/", json.dumps(body).encode())


@FUZZ
@given(body=bodies(*COURSE))
def test_courses(world: Section, body: Any) -> None:
    checked(world, "POST", "course/", json.dumps(body).encode())
    checked(world, "PATCH", "course/{c}/", json.dumps(body).encode())


@FUZZ
@given(body=bodies(*LESSON))
def test_lessons(world: Section, body: Any) -> None:
    checked(world, "POST", "course/{c}/section/{s}/lesson/", json.dumps(body).encode())


@FUZZ
@given(body=bodies("managers", "joined", "unjoined", "users"), path=st.sampled_from(["role/", "invite/"]))
def test_people(world: Section, body: Any, path: str) -> None:
    checked(world, "POST", f"course/{{c}}/{path}", json.dumps(body).encode())


@FUZZ
@given(body=bodies("name", "slug", "order", "active", "html_info", "image_original", "emotional_image_position"))
def test_categories(world: Section, body: Any) -> None:
    checked(world, "POST", "category/", json.dumps(body).encode())


@FUZZ
@given(body=bodies("configurations.courses_enabled", "colors.colorprimary"))
def test_preferences(world: Section, body: Any) -> None:
    checked(world, "PATCH", "dynamic_preference/", json.dumps(body).encode())


@FUZZ
@given(
    body=st.binary(max_size=200) | VALUE.map(lambda value: json.dumps(value).encode()),
    content_type=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", ""]
    ),
)
def test_bytes(world: Section, body: bytes, content_type: str) -> None:
    checked(world, "PUT", "course/{c}/section/{s}/", body, content_type)


@FUZZ
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(SECTION + COURSE).flatmap(lambda name: st.sampled_from([name, f"{name}[]", f"{name}[0]"])),
            st.text(max_size=20),
        )
    ),
    path=st.sampled_from(["course/{c}/section/{s}/", "course/{c}/"]),
)
def test_forms(world: Section, pairs: list[tuple[str, str]], path: str) -> None:
    body = urlencode(pairs, errors="surrogatepass").encode()
    checked(world, "PATCH", path, body, "application/x-www-form-urlencoded")


@FUZZ
@given(parts=st.lists(st.binary(max_size=60) | st.just(b'Content-Disposition: form-data; name="name"\r\n\r\nx')))
def test_multipart(world: Section, parts: list[bytes]) -> None:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    checked(world, "PUT", "course/{c}/section/{s}/", body, "multipart/form-data; boundary=b")


PARAMETERS = ("limit", "offset", "search", "statuses", "categories", "ordering", "view", "user", "created_by", "active")


@FUZZ
@given(
    query=st.lists(
        st.tuples(
            st.sampled_from(PARAMETERS).flatmap(lambda name: st.sampled_from([name, f"{name}[]", f"{name}[1]"])), TEXT
        ),
        max_size=5,
    ),
    path=st.sampled_from(
        [
            "course/",
            "course/search/",
            "course/{c}/",
            "course/{c}/join/",
            "course/{c}/users/",
            "course/{c}/user/",
            "course/{c}/request_join/",
            "category/",
            "user/search/",
            "suggestion/course/",
            "feature/",
            "dynamic_preference/",
        ]
    ),
)
def test_queries(world: Section, query: list[tuple[str, str]], path: str) -> None:
    checked(world, "GET", f"{path}?{urlencode(query, errors='surrogatepass')}", b"")
