"""Paths and the ids in them (rules.md 1.1, 1.7)."""

import pytest

from tests.client import NOT_FOUND, Api, refused
from tests.factories import make_course, make_lesson, make_section, make_user

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BAD_IDS = (
    "undefined",
    "null",
    "0",
    "-1",
    "+1",
    "01",
    "1.5",
    "1e3",
    "0x1",
    "1_0",
    "%20",
    "%201",
    "1%20",
    "1%0A",
    "%00",
    "1%00",
    "%D9%A1",  # ARABIC-INDIC DIGIT ONE
    "%C2%B9",  # SUPERSCRIPT ONE
    "%FF",
    "%zz",
    "[object%20Object]",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(2**64 + 1),
    "1" + "0" * 100,
    "9" * 5000,
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/course",
        "/api/v2/course/1",
        "/api/v2/course/1/section/2",
        "/api/v2/course/1/section/2/lesson/3/complete",
        "/api/v2/user/me",
        "/api/v2/category",
        "/api/v2/jwt/verify_token",
        "/api/schema",
    ],
)
def test_without_the_final_slash_the_right_path_is_named(method: str, path: str) -> None:
    answer = Api().call(method, f"{path}?limit=5", {"name": "x"})
    message = f"There is nothing at {path}; the path ends with a slash: {path}/"
    assert (answer.status, answer.body) == (404, refused("not_found", message))
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v2/",
        "/api/v2/nothing",
        "/api/v2/nothing/",
        "/api/v2/course/1/nothing/",
        "/api/v2/course//",
        "/api/v2/course/1//section/",
        "/api/v2//course/",
        "/api/v1/course/",
        "/api/v2/course/1/section/2/lesson/3/4/",
        "/api/v2/Course/",
        "/api/v2/course/1/\u2028/",
    ],
)
def test_paths_that_do_not_exist(method: str, path: str) -> None:
    answer = Api().call(method, path, {"name": "x"})
    assert (answer.status, answer.body) == (404, refused("not_found", f"There is nothing at {path}."))


@pytest.mark.parametrize("path", ["/nothing", "/media/nothing", "/images/course/1/huge.png"])
def test_other_paths_answer_text(path: str) -> None:
    answer = Api().get(path)
    assert (answer.status, answer.body) == (404, f"There is nothing at {path}.".encode())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("id", BAD_IDS)
def test_an_id_that_cannot_be_is_404_at_every_place(id: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    course, section = lesson.course_id, lesson.section_id
    api = Api(ann)
    for path in (
        f"course/{id}/",
        f"course/{id}/section/",
        f"course/{id}/join/",
        f"course/{id}/section/{section}/",
        f"course/{course}/section/{id}/",
        f"course/{course}/section/{id}/lesson/",
        f"course/{course}/section/{id}/lesson/{lesson.pk}/",
        f"course/{course}/section/{section}/lesson/{id}/",
        f"course/undefined/section/{id}/lesson/",
        f"user/{id}/",
        f"user/{id}/courses/",
        f"category/{id}/",
        f"dynamic_preference/{id}/",
    ):
        answer = api.get(path)
        assert (path, answer.status, answer.body) == (path, 404, NOT_FOUND)


@pytest.mark.parametrize("id", BAD_IDS)
def test_writes_to_an_id_that_cannot_be_are_404(id: str) -> None:
    ann = make_user(role="admin")
    lesson = make_lesson(make_section(make_course(ann)))
    course, section = lesson.course_id, lesson.section_id
    api = Api(ann)
    for method, path in (
        ("PUT", f"course/{id}/"),
        ("DELETE", f"course/{id}/"),
        ("POST", f"course/{id}/section/"),
        ("POST", f"course/{id}/role/"),
        ("POST", f"course/{id}/join/"),
        ("DELETE", f"course/{id}/join/"),
        ("PUT", f"course/{course}/section/{id}/"),
        ("PATCH", f"course/{course}/section/{id}/"),
        ("DELETE", f"course/{course}/section/{id}/"),
        ("POST", f"course/{course}/section/{id}/lesson/"),
        ("PUT", f"course/{course}/section/{section}/lesson/{id}/"),
        ("DELETE", f"course/{course}/section/{section}/lesson/{id}/"),
        ("POST", f"course/{course}/section/{section}/lesson/{id}/complete/"),
        ("PATCH", f"category/{id}/"),
        ("DELETE", f"category/{id}/"),
    ):
        answer = api.call(method, path, {"name": ""})
        assert (method, path, answer.status, answer.body) == (method, path, 404, NOT_FOUND)
