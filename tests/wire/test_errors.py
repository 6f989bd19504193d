"""The body of every error, and the headers that go with it (rules.md 1.9, 1.10)."""

import logging
import re
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import override_settings

from coursewright.environment import Rate
from tests.api.learners import lesson_path
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Answer, Api, codes, refused
from tests.factories import make_course, make_joined, make_lesson, make_section, make_user

FAULT = re.compile(r"The server made a mistake\. If it happens again, report it with the number ([0-9a-f]{16})\.")


def fault_id(answer: Answer) -> str:
    """The number in the answer to a fault, which has nothing else."""
    message = answer.body["errors"][0]["message"]
    match = FAULT.fullmatch(message)
    assert match
    assert (answer.status, answer.body) == (500, refused("error", message))
    return match[1]


def test_fields_in_the_order_of_the_schema_all_at_once() -> None:
    ann = make_user()
    make_course(ann, "Maths")
    body = {
        "categories": [999],
        "description": "x" * 2001,
        "hide_member_count": "perhaps",
        "image_original": {},
        "privacy": "hidden",
        "sections_order": [5],
        "slug": "not a slug",
        "type": "other",
        "name": "maths",
    }
    answer = Api(ann).post("course/", body)
    assert answer.status == 400
    assert codes(answer) == [
        ("name", ["unique"]),
        ("slug", ["invalid"]),
        ("description", ["max_length"]),
        ("type", ["invalid_choice"]),
        ("privacy", ["invalid_choice"]),
        ("hide_member_count", ["invalid"]),
        ("sections_order", ["does_not_exist"]),
        ("image_original", ["invalid_image"]),
        ("categories", ["does_not_exist"]),
    ]
    assert answer.body["errors"][0] == {
        "field": "name",
        "messages": [{"code": "unique", "message": "Course with this name already exists."}],
    }


def test_a_fault_inside_a_list_says_where_it_is() -> None:
    ann = make_user()
    answer = Api(ann).post(f"course/{make_course(ann).pk}/invite/", {"users": ["a", 1, None]})
    assert answer.body == {
        "errors": [
            {
                "field": "users",
                "messages": [
                    {"code": "invalid", "message": "users[0]: A valid integer is required."},
                    {"code": "null", "message": "users[2]: This field may not be null."},
                ],
            }
        ]
    }


def test_a_fault_inside_an_object_of_a_list_says_where_it_is() -> None:
    ann = make_user()
    path = lesson_path(make_lesson(make_section(make_course(ann)), type="quiz"), "question/")
    answers = [{"txt": "left"}, {"text": "right", "correct": "maybe"}]
    answer = Api(ann).post(path, {"type": "single_choice", "text": "Which?", "answers": answers})
    assert answer.body == {
        "errors": [
            {
                "field": "answers",
                "messages": [
                    {"code": "required", "message": "answers[0].text: This field is required."},
                    {"code": "invalid", "message": "answers[1].correct: Must be a valid boolean."},
                ],
            }
        ]
    }


def test_a_list_in_a_query_says_the_same_only_once() -> None:
    answer = Api(make_user()).get("course/?statuses=lost,lost")
    message = '"lost" is not a valid choice.'
    assert answer.body == {
        "errors": [{"field": "statuses", "messages": [{"code": "invalid_choice", "message": message}]}]
    }


def test_400_of_a_query() -> None:
    answer = Api(make_user()).get("course/?limit=x&statuses=lost,creator&created_by=me")
    assert (answer.status, answer.body) == (
        400,
        {
            "errors": [
                {"field": "limit", "messages": [{"code": "invalid", "message": "A valid integer is required."}]},
                {"field": "created_by", "messages": [{"code": "invalid", "message": "A valid integer is required."}]},
                {
                    "field": "statuses",
                    "messages": [{"code": "invalid_choice", "message": '"lost" is not a valid choice.'}],
                },
            ]
        },
    )


def test_401() -> None:
    answer = Api().get("user/me/")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="coursewright"'
    for path in ("user/me/", "category/", "course/1/"):
        answer = Api(token="wrong").get(path)
        assert (answer.status, answer.body) == (401, BAD_TOKEN)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="coursewright"'


def test_403_and_404() -> None:
    bob, course = make_user("bob"), make_course(make_user())
    answer = Api(bob).put(f"course/{course.pk}/", {})
    assert (answer.status, answer.body) == (403, FORBIDDEN)
    assert "WWW-Authenticate" not in answer.headers
    answer = Api(bob).put("course/0/", {})
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_405_says_what_is_allowed() -> None:
    answer = Api().put("course/", {})
    assert (answer.status, answer.body) == (405, refused("method_not_allowed", 'Method "PUT" not allowed.'))
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "x", "json"])
def test_406(accept: str) -> None:
    answer = Api().call("GET", "category/", None, Accept=accept)
    message = "Could not satisfy the request Accept header."
    assert (answer.status, answer.body) == (406, refused("not_acceptable", message))
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "application/*",
        "application/json, text/plain, */*",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        "application/json; charset=utf-8",
        "text/html, application/json;q=0.1",
        "",
    ],
)
def test_accepted(accept: str) -> None:
    answer = Api().call("GET", "category/", None, Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


@override_settings(RATE_LIMITS={"anonymous": Rate(1, 60)})
def test_429() -> None:
    assert Api().get("category/").status == 200
    answer = Api().get("category/")
    seconds = answer.headers["Retry-After"]
    plural = "second" if seconds == "1" else "seconds"
    message = f"Request was throttled. Expected available in {seconds} {plural}."
    assert (answer.status, answer.body) == (429, refused("throttled", message))
    assert 1 <= int(seconds) <= 60


def test_500_has_a_number_that_is_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret of the vault")

    monkeypatch.setattr("coursewright.courses.queries.sections", broken)
    ann = make_user()
    course = make_course(ann)
    number = fault_id(Api(ann).get(f"course/{course.pk}/section/"))
    record = next(record for record in caplog.records if record.name == "coursewright.errors")
    assert record.getMessage() == f"fault {number} at /api/v2/course/{course.pk}/section/"
    assert record.levelno == logging.ERROR
    assert "the secret of the vault" in caplog.text
    assert "in broken" in caplog.text


def test_500_outside_of_an_operation(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the secret of the vault")

    monkeypatch.setattr("coursewright.api.views.encoded", broken)
    number = fault_id(Api().get("feature/"))
    assert f"fault {number} at /api/v2/feature/" in caplog.text
    assert "the secret of the vault" in caplog.text


def test_500_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret of the vault")

    monkeypatch.setattr("coursewright.media.images.drawn", broken)
    answer = Api().get("/images/course/1/small.png")
    assert (answer.status, FAULT.fullmatch(answer.body.decode()) is not None) == (500, True)


def test_500_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = make_user()
    section = make_section(make_course(ann), "Before")
    path = f"course/{section.course_id}/section/{section.pk}/"

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("coursewright.foundation.events.record_kinds", broken)
        fault_id(Api(ann).put(path, {"name": "After"}))
    assert Api(ann).get(path).body["name"] == "Before"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", ["category/", "course/1/", "feature/?limit=x", "user/search/"])
def test_503_when_the_database_is_away(error: type[Exception], path: str, caplog: pytest.LogCaptureFixture) -> None:
    def away(*_: Any) -> None:
        raise error("connection to server at 10.1.2.3 refused")

    with connection.execute_wrapper(away):
        answer = Api(token="any").get(path)
    message = "The database cannot be reached. Try again in a moment."
    assert (answer.status, answer.body) == (503, refused("unavailable", message))
    assert answer.headers["Retry-After"] == "5"
    assert "connection to server at 10.1.2.3 refused" in caplog.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "a_b!", "", "x" * 300, "[::2]", "testserver@evil"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_host_name_that_is_not_allowed(host: str, method: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = Api().call(method, "course/1/", None, Host=host)
    message = "This server does not answer to the host name of the request."
    assert (answer.status, answer.body) == (400, refused("parse_error", message))
    assert Api().call(method, "/sign-in/", None, Host=host).body == message.encode()
    assert caplog.text == ""


@pytest.mark.parametrize("path", ["category/", "course/search/", "user/search/", "feature/"])
def test_more_than_1000_parameters(path: str) -> None:
    answer = Api().get(f"{path}?{'&'.join(['a=1'] * 1001)}")
    assert (answer.status, answer.body) == (400, refused("parse_error", "The request has more than 1000 fields."))
    assert Api().get(f"{path}?{'&'.join(['a=1'] * 1000)}").status == 200


@pytest.mark.parametrize(
    "query", ["%", "%zz=%", "search=%", "search=%FF%FE", "search=%C3%28", "=", "&&&", "?", "a=b=c", "search=%ED%A0%80"]
)
def test_broken_percent_encoding_is_text_like_any_other(query: str) -> None:
    answer = Api().get(f"category/?{query}")
    assert (answer.status, answer.body["results"]) == (200, [])


@pytest.mark.parametrize("path", ["course/%", "course/%zz/", "course/%FF/", "%C3%28", "course/%2F/", "course/1%2F"])
def test_broken_percent_encoding_in_a_path(path: str) -> None:
    answer = Api().get(path)
    assert (answer.status, codes(answer)) == (404, [("", ["not_found"])])


def test_a_refusal_of_standing_names_no_field() -> None:
    ann = make_user()
    course = make_course(ann)
    make_joined(course, make_user("bob"))
    answer = Api(ann).delete(f"course/{course.pk}/join/")
    message = "The creator of a course cannot leave it or be given another role."
    assert (answer.status, answer.body) == (403, refused("permission_denied", message))
