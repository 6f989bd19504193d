"""Bodies: content types, parsing, limits, texts (rules.md 1.2, 1.4, 1.6, 1.13)."""

import gzip
import itertools
import json
from io import BytesIO
from typing import Any

import pytest

from tests.client import Answer, Api, codes, refused, wrong
from tests.factories import make_category, make_course, make_joined, make_lesson, make_section, make_user
from tests.tables import snapshot

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
NOT_JSON = refused("parse_error", "The body is not JSON.")
NOT_AN_OBJECT = refused("parse_error", "The body must be a JSON object.")
TOO_DEEP = refused("parse_error", "The body is nested more than 64 levels deep.")
TOO_LARGE = refused("too_large", "The request body is too large.")
UNSUPPORTED = refused(
    "unsupported_media_type",
    "Send the body as application/json, application/x-www-form-urlencoded, multipart/form-data.",
)
MB = 1024 * 1024
COUNT = itertools.count()


def section_path(**values: Any) -> tuple[Api, str]:
    """A section of someone's, and them to change it."""
    name = f"user{next(COUNT)}"
    user = make_user(name)
    section = make_section(make_course(user, name), **values)
    return Api(user), f"course/{section.course_id}/section/{section.pk}/"


def put(body: bytes, content_type: str = "application/json") -> Answer:
    api, path = section_path()
    return api.call("PUT", path, body, content_type=content_type)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_three_kinds_of_body(method: str) -> None:
    api, path = section_path()
    expected = {"name": "Two", "drip_delay": 3}
    for answer in (
        api.call(method, path, {"name": "Two", "drip_delay": 3}),
        api.form(method, path, name="Two", drip_delay="3"),
        api.multipart(method, path, [("name", "Two"), ("drip_delay", 3)]),
    ):
        assert answer.status == 200
        assert {name: answer.body[name] for name in expected} == expected
        api.patch(path, {"name": "Other", "drip_delay": 0})


def test_three_kinds_of_body_on_post_and_delete() -> None:
    ann = make_user()
    course, bob = make_course(ann), make_user("bob")
    api, path = Api(ann), f"course/{course.pk}/invite/"

    def sent(method: str) -> list[Answer]:
        return [
            api.call(method, path, {"users": [bob.pk]}),
            api.form(method, path, **{"users[]": bob.pk}),
            api.multipart(method, path, [("users[0]", bob.pk)]),
        ]

    for answer in (*sent("POST"), *sent("DELETE")):
        assert (answer.status, answer.body) == (204, None)
    for method in ("POST", "DELETE"):
        answer = api.call(method, path)
        assert (answer.status, codes(answer)) == (400, wrong(users="required"))


@pytest.mark.parametrize("body", [b"", b" ", b"\r\n\t "])
@pytest.mark.parametrize(
    "content_type", ["application/json", FORM, MULTIPART, "multipart/form-data", "text/plain", "x", ""]
)
def test_an_empty_body_is_no_data_under_any_content_type(body: bytes, content_type: str) -> None:
    api, path = section_path()
    headers = {"Authorization": f"Bearer {api.token}"}
    for method, status in (("PATCH", 200), ("PUT", 400)):
        response = api.client.generic(
            method, f"/api/v2/{path}", body, content_type, headers=headers, CONTENT_LENGTH=str(len(body))
        )
        assert response.status_code == status
    assert [error["field"] for error in response.json()["errors"]] == ["name"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8;odd",
        " application/json ",
        FORM,
        f"{FORM}; charset=utf-8",
        f"{FORM}; charset=latin-1",
    ],
)
@pytest.mark.parametrize("body", [b'{"name":"\xc3\xa9"}', b'  \r\n\t{"name": "\\u00e9"}\n'])
def test_json_under_the_content_types_that_clients_write(content_type: str, body: bytes) -> None:
    answer = put(body, content_type)
    assert (answer.status, answer.body["name"]) == (200, "é")


def test_the_example_of_the_reference() -> None:
    body = b'{"name": "Section 1", "dripped_at": "2026-12-15T09:00:00Z", "drip_delay": 0}'
    answer = put(body, FORM)
    assert (answer.status, answer.body["name"], answer.body["dripped_at"]) == (
        200,
        "Section 1",
        "2026-12-15T09:00:00Z",
    )


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "text/json", "application/jsonp", "application/xml", "application", "*/*", "json", "\xff", "/"],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_another_content_type(content_type: str, method: str) -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course)
    path = f"course/{course.pk}/section/{section.pk}/" if method in ("PUT", "PATCH") else f"course/{course.pk}/invite/"
    answer = Api(ann).call(method, path, b'{"name":"x","users":[1]}', content_type=content_type)
    assert (answer.status, answer.body) == (415, UNSUPPORTED)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"}",
        b"{'name': 'x'}",
        b'{"name": "x",}',
        b'{"name": "x"} x',
        b"name=x",
        b'{"name": undefined}',
        b'{"drip_delay": NaN}',
        b'{"drip_delay": Infinity}',
        b'{"drip_delay": -Infinity}',
        b'{"drip_delay": 01}',
        b'{"drip_delay": 1' + b"0" * 5000 + b"}",
        b'{"name": "\x01"}',
        b'{"name": "\xff"}',
        b'{"name": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"name": "x"}',
        '{"name": "x"}'.encode("utf-16"),
        '{"name": "x"}'.encode("utf-16-le"),
        gzip.compress(b'{"name": "x"}', mtime=0),
        b"\0",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_not_json(body: bytes) -> None:
    answer = put(body)
    assert (answer.status, answer.body) == (400, NOT_JSON)


@pytest.mark.parametrize("body", [b"[]", b'[{"name": "x"}]', b"null", b"1", b'"x"', b"true", b"[" * 70 + b"]" * 70])
def test_json_that_is_no_object(body: bytes) -> None:
    answer = put(body)
    assert (answer.status, answer.body) == (400, NOT_AN_OBJECT)


@pytest.mark.parametrize("body", [b"[1]", b" \r\n[]", b'[{"name": "x"}]'])
def test_a_list_labelled_as_a_form(body: bytes) -> None:
    answer = put(body, FORM)
    assert (answer.status, answer.body) == (400, NOT_AN_OBJECT)


@pytest.mark.parametrize("body", [b"[1", b"[]=1&name=x"])
def test_what_begins_as_a_list_is_read_as_json(body: bytes) -> None:
    answer = put(body, FORM)
    assert (answer.status, answer.body) == (400, NOT_JSON)


def nested(levels: int, inner: str) -> bytes:
    """A body of so many levels, the body itself counted."""
    return f'{{"name":"x","ignored":{"[" * (levels - 1)}{inner}{"]" * (levels - 1)}}}'.encode()


@pytest.mark.parametrize("inner", ["", "1", '"["'])
def test_depth(inner: str) -> None:
    assert put(nested(64, inner)).status == 200


@pytest.mark.parametrize("levels", [65, 66, 100, 500])
@pytest.mark.parametrize("inner", ["", "1"])
def test_too_deep(levels: int, inner: str) -> None:
    answer = put(nested(levels, inner))
    assert (answer.status, answer.body) == (400, TOO_DEEP)


def test_depth_of_objects_and_width() -> None:
    assert put(b'{"name":"x","a":' + b'{"a":' * 62 + b"{}" + b"}" * 63).status == 200
    assert put(b'{"name":"x","a":' + b'{"a":' * 63 + b"{}" + b"}" * 64).body == TOO_DEEP
    assert put(json.dumps({"name": "x", "a": [[]] * 10_000, "b": "[" * 1000}).encode()).status == 200


def test_of_duplicate_keys_the_last_counts() -> None:
    assert put(b'{"name": "One", "name": "Two"}').body["name"] == "Two"


def test_unknown_and_read_only_fields_are_ignored() -> None:
    api, path = section_path(name="One")
    before = snapshot()
    body = {
        "id": 999,
        "lessons": [1],
        "type": "lesson",
        "position": 7,
        "course_id": 3,
        "deleted_at": "2026-12-15T09:00:00Z",
        "revision": "x",
        "": None,
        "\ud800": "\0",
        "__class__": {"a": [1, {"b": None}]},
    }
    assert api.patch(path, body).status == 200
    assert snapshot() == before
    assert api.put(path, {**body, "name": "Two"}).body["name"] == "Two"


def test_put_changes_what_it_names_and_needs_what_is_required() -> None:
    api, path = section_path(name="One", drip_delay=7)
    answer = api.put(path, {"name": "Two"})
    assert (answer.status, answer.body["name"], answer.body["drip_delay"]) == (200, "Two", 7)
    answer = api.put(path, {"drip_delay": 8})
    assert (answer.status, codes(answer)) == (400, wrong(name="required"))
    answer = api.patch(path, {"drip_delay": 8})
    assert (answer.status, answer.body["name"], answer.body["drip_delay"]) == (200, "Two", 8)


def test_put_of_a_lesson_does_not_unpublish_it() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), comments_enabled=False, passing_grade=80, text="<p>a</p>")
    path = f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/"
    for answer in (
        Api(ann).put(path, {"name": "New", "type": "lesson"}),
        Api(ann).form("PUT", path, name="New", type="lesson"),
        Api(ann).multipart("PUT", path, [("name", "New"), ("type", "lesson")]),
    ):
        assert (answer.status, answer.body["status"], answer.body["comments_enabled"]) == (200, "published", False)
        assert (answer.body["passing_grade"], answer.body["html"]) == (80, "<p>a</p>")


@pytest.mark.parametrize(
    "value, kept",
    [(3, 3), ("3", 3), (" 3 ", 3), ("+3", 3), ("003", 3), (3.0, 3), ("0", 0), ("36500", 36500), (-0.0, 0)],
)
def test_numbers(value: object, kept: int) -> None:
    api, path = section_path()
    answer = api.patch(path, {"drip_delay": value})
    assert (answer.status, answer.body["drip_delay"]) == (200, kept)


@pytest.mark.parametrize(
    "value, code",
    [
        (None, "null"),
        ("", "invalid"),
        ("x", "invalid"),
        ("3.5", "invalid"),
        (3.5, "invalid"),
        ("1_0", "invalid"),
        ("\u0663", "invalid"),
        ("0x3", "invalid"),
        ("3\0", "invalid"),
        ("\ud800", "invalid"),
        (True, "invalid"),
        ([3], "invalid"),
        ({}, "invalid"),
        ("9" * 5000, "invalid"),
        (-1, "min_value"),
        ("-1", "min_value"),
        (-(10**400), "min_value"),
        (36501, "max_value"),
        (2**63, "max_value"),
        (10**4000, "max_value"),
        (1e300, "max_value"),
        ("9" * 1000, "max_value"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_number(value: object, code: str) -> None:
    api, path = section_path()
    answer = api.patch(path, {"drip_delay": value})
    assert (answer.status, codes(answer)) == (400, wrong(drip_delay=code))


def test_an_infinite_number() -> None:
    api, path = section_path()
    answer = api.call("PATCH", path, b'{"drip_delay": 1e999, "name": 1e999}')
    assert (answer.status, codes(answer)) == (400, wrong(drip_delay="invalid"))


@pytest.mark.parametrize("value, kept", [(5, "5"), (1.5, "1.5"), (10**20, "1" + "0" * 20), (" a ", "a")])
def test_a_text_takes_a_number(value: object, kept: str) -> None:
    api, path = section_path()
    assert api.patch(path, {"name": value}).body["name"] == kept


@pytest.mark.parametrize(
    "value, code",
    [
        (None, "null"),
        ("", "blank"),
        ("  ", "blank"),
        (True, "invalid"),
        ([], "invalid"),
        (["a"], "invalid"),
        ({}, "invalid"),
        ("a\0", "invalid"),
        ("\0", "invalid"),
        ("a\ud800", "invalid"),
        ("\udfff", "invalid"),
        ("x" * 256, "max_length"),
        ("é" * 256, "max_length"),
        ("\0" * 300, "max_length invalid"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_name(value: object, code: str) -> None:
    api, path = section_path()
    before = snapshot()
    answer = api.patch(path, {"name": value})
    assert (answer.status, sorted(codes(answer)[0][1])) == (400, sorted(code.split()))
    assert snapshot() == before


def texts(kind: str) -> tuple[Api, str, tuple[str, ...], dict[str, Any]]:
    """Who may write a thing, its path, its text fields, and what else it needs."""
    ann = make_user(role="admin")
    course = make_course(ann)
    if kind == "course":
        fields: tuple[str, ...] = ("name", "slug", "description", "meta_title", "meta_description")
        return Api(ann), f"course/{course.pk}/", (*fields, "og_title", "og_description", "og_image"), {}
    if kind == "category":
        fields = ("name", "name_synonyms", "slug", "slogan", "html_info", "seo_title", "seo_description")
        return Api(ann), f"category/{make_category().pk}/", fields, {}
    section = make_section(course)
    path = f"course/{course.pk}/section/{section.pk}/"
    return (
        (Api(ann), path, ("name",), {})
        if kind == "section"
        else (Api(ann), f"{path}lesson/{make_lesson(section).pk}/", ("name", "text"), {})
    )


@pytest.mark.parametrize("kind", ["course", "category", "section", "lesson"])
@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "\udc00"], ids=repr)
def test_nul_and_lone_surrogates_in_each_text(kind: str, bad: str) -> None:
    api, path, fields, _ = texts(kind)
    before = snapshot()
    answer = api.patch(path, dict.fromkeys(fields, bad))
    assert answer.status == 400
    assert [(field, set(found)) for field, found in codes(answer)] == [(field, {"invalid"}) for field in fields]
    assert snapshot() == before


@pytest.mark.parametrize("kind", ["course", "category", "section", "lesson"])
@pytest.mark.parametrize("bad", ["%00", "%ED%A0%80", "%FF", "a%C3"])
def test_nul_and_bad_utf_8_in_each_text_of_a_form(kind: str, bad: str) -> None:
    api, path, fields, _ = texts(kind)
    before = snapshot()
    body = "&".join(f"{field}={bad}" for field in fields).encode()
    answer = api.call("PATCH", path, body, content_type=FORM)
    assert answer.status == 400
    assert [(field, set(found)) for field, found in codes(answer)] == [(field, {"invalid"}) for field in fields]
    assert snapshot() == before


@pytest.mark.parametrize("value", ["\ud800", "\0", "x\udfff", 10**400], ids=lambda value: repr(value)[:20])
def test_messages_that_repeat_what_was_sent(value: object) -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).patch(f"course/{course.pk}/", {"type": value, "privacy": value, "hide_member_count": value})
    assert answer.status == 400
    assert codes(answer) == wrong(type="invalid_choice", privacy="invalid_choice", hide_member_count="invalid")


@pytest.mark.parametrize("body", [b'{"\\ud800.x": 1}', b'{"colors.colorprimary": "\\ud800"}', b'{"\\u0000": 1}'])
def test_odd_preferences(body: bytes) -> None:
    admin = make_user(role="admin")
    before = snapshot()
    answer = Api(admin).call("PATCH", "dynamic_preference/", body)
    assert (answer.status, len(answer.body["errors"])) == (400, 1)
    assert snapshot() == before


def test_text_limits() -> None:
    ann = make_user()
    course = make_course(ann)
    lesson = make_lesson(make_section(course))
    api, path = Api(ann), f"course/{course.pk}/section/{lesson.section_id}/lesson/{lesson.pk}/"
    assert api.patch(path, {"name": "é" * 255}).body["name"] == "é" * 255
    assert codes(api.patch(path, {"name": "é" * 256})) == wrong(name="max_length")
    text = "<p>" + "x" * (MB - 7) + "</p>"
    assert api.patch(path, {"text": text}).body["html"] == text
    assert codes(api.patch(path, {"text": text + "x"})) == wrong(text="max_length")
    long = ("description", "meta_title", "meta_description", "og_title", "og_description", "og_image")
    answer = api.patch(f"course/{course.pk}/", dict.fromkeys(long, "é" * 2000))
    assert [answer.body[field] for field in long] == ["é" * 2000] * 6
    answer = api.patch(f"course/{course.pk}/", dict.fromkeys(long, "é" * 2001))
    assert codes(answer) == wrong(**dict.fromkeys(long, "max_length"))


def padded(size: int, body: dict[str, Any]) -> bytes:
    """A JSON body of exactly so many bytes."""
    start = json.dumps({**body, "ignored": ""}).encode()
    return start[:-2] + b"x" * (size - len(start)) + start[-2:]


def test_a_body_of_2_mb() -> None:
    assert put(padded(2 * MB, {"name": "x"})).status == 200
    assert put(b"name=x&ignored=" + b"x" * (2 * MB - 15), FORM).status == 200


@pytest.mark.parametrize("size", [2 * MB + 1, 3 * MB, 9 * MB])
@pytest.mark.parametrize("content_type", ["application/json", FORM, MULTIPART, "text/plain"])
def test_a_larger_body(size: int, content_type: str) -> None:
    answer = put(padded(size, {"name": "x"}), content_type)
    assert (answer.status, answer.body) == (413, TOO_LARGE)


def test_8_mb_where_an_image_may_be() -> None:
    ann = make_user(role="admin")
    course, category = make_course(ann), make_category()
    body = padded(8 * MB, {"name": "Other", "type": "self-paced", "slug": "Other"})
    for method, path in (
        ("POST", "course/"),
        ("PATCH", f"course/{course.pk}/"),
        ("PUT", f"category/{category.pk}/"),
    ):
        large = Api(ann).call(method, path, body + b" ")
        assert (large.status, large.body) == (413, TOO_LARGE)
        assert Api(ann).call(method, path, body.replace(b"Other", method.encode().ljust(5, b"x"))).status in (200, 201)


def test_a_field_of_a_multipart_body_may_be_as_large_as_a_data_url() -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).multipart("PATCH", f"course/{course.pk}/", [("name", "Other"), ("ignored", "x" * (6 * MB))])
    assert (answer.status, answer.body["name"]) == (200, "Other")


def test_1000_fields() -> None:
    fields = "name=x" + "&a=1" * 999
    parts = [("name", "x"), *[("a", "1")] * 999]
    api, path = section_path()
    many = refused("parse_error", "The request has more than 1000 fields.")
    assert api.call("PUT", path, fields.encode(), content_type=FORM).status == 200
    assert api.call("PUT", path, f"{fields}&a=1".encode(), content_type=FORM).body == many
    assert api.multipart("PUT", path, parts).status == 200
    assert api.multipart("PUT", path, [*parts, ("a", "1")]).body == many


def test_100_files() -> None:
    api, path = section_path()
    files = [("file", ("a.txt", b"x", "text/plain"))] * 100
    assert api.multipart("PUT", path, [("name", "x"), *files]).status == 200
    answer = api.multipart("PUT", path, [("name", "x"), *files, files[0]])
    assert (answer.status, answer.body) == (400, refused("parse_error", "The request has more than 100 files."))


PART = b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n'


@pytest.mark.parametrize(
    "content_type, body",
    [
        ("multipart/form-data", PART + b"--b--\r\n"),
        ("multipart/form-data; boundary=", PART + b"--b--\r\n"),
        ("multipart/form-data; boundary=" + "b" * 300, PART + b"--b--\r\n"),
        ("multipart/form-data; boundary=é", PART + b"--b--\r\n"),
        (
            MULTIPART,
            PART.replace(b"\r\n\r\nx", b'; filename="x"\r\nContent-Transfer-Encoding: base64\r\n\r\na') + b"--b--\r\n",
        ),
    ],
)
def test_multipart_that_cannot_be_read(content_type: str, body: bytes) -> None:
    answer = put(body, content_type)
    assert (answer.status, answer.body) == (400, refused("parse_error", "The multipart body cannot be read."))


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"--b",
        b"--b--",
        b"--b\r\n",
        b"--c\r\n\r\nx\r\n--c--",
        b"--b\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name=""\r\n\r\nx\r\n--b--\r\n',
        b"--b\r\nContent-Disposition: attachment; filename*=utf-9''x; name=\"n\r\n\r\nx\r\n--b--\r\n",
        b"--b\r\n" + b"X: " + b"y" * 5000 + b"\r\n\r\nx\r\n--b--\r\n",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_broken_multipart_has_no_fields(body: bytes) -> None:
    answer = put(body, MULTIPART)
    assert (answer.status, answer.body["errors"][0].get("field", "")) in ((400, "name"), (400, ""))


def test_multipart_that_is_cut_off() -> None:
    assert put(PART, MULTIPART).body["name"] == "x"


def generic(body: bytes, **environ: Any) -> Any:
    api, path = section_path()
    headers = {"Authorization": f"Bearer {api.token}"}
    return api.client.generic("PUT", f"/api/v2/{path}", body, "application/json", headers=headers, **environ)


@pytest.mark.parametrize("length", ["x", "-1", "1.5", "+5", "\u0665", "0x5", "9" * 19])
def test_a_length_that_is_no_number(length: str) -> None:
    response = generic(b'{"name":"x"}', CONTENT_LENGTH=length)
    assert response.status_code == 400
    assert response.json() == refused("parse_error", "The length of the body is not a number.")


def test_a_body_shorter_than_its_length() -> None:
    response = generic(b"x", CONTENT_LENGTH="50", **{"wsgi.input": BytesIO(b'{"name":"x"}')})
    assert response.status_code == 400
    assert response.json() == refused("parse_error", "The body is shorter than its length says.")


def test_a_body_longer_than_its_length_is_cut() -> None:
    response = generic(b"x", CONTENT_LENGTH="12", **{"wsgi.input": BytesIO(b'{"name":"y"}garbage')})
    assert (response.status_code, response.json()["name"]) == (200, "y")


def chunked(body: bytes) -> Any:
    return generic(b"x", CONTENT_LENGTH="", **{"wsgi.input": BytesIO(body), "wsgi.input_terminated": True})


def test_a_body_without_a_length() -> None:
    response = chunked(b'{"name":"y"}')
    assert (response.status_code, response.json()["name"]) == (200, "y")
    assert chunked(padded(2 * MB, {"name": "x"})).status_code == 200
    response = chunked(padded(2 * MB + 1, {"name": "x"}))
    assert (response.status_code, response.json()) == (413, TOO_LARGE)
    response = chunked(b"")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "name")


class Broken(BytesIO):
    """A connection that is cut."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError("reset by peer")


def test_a_connection_that_is_cut_while_the_body_is_read() -> None:
    response = generic(b"x", CONTENT_LENGTH="12", **{"wsgi.input": Broken()})
    assert response.status_code == 400
    assert response.json() == refused("parse_error", "The body ended before its end.")


def test_a_body_is_read_only_by_those_who_may() -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    make_joined(course, bob)
    for body, content_type in ((b"{", "application/json"), (b"x", "text/plain"), (b"x" * 3 * MB, FORM)):
        for api, status in ((Api(), 401), (Api(bob), 403)):
            assert api.call("PUT", f"course/{course.pk}/", body, content_type=content_type).status == status
        assert Api(bob).call("PUT", "course/0/", body, content_type=content_type).status == 404
