"""PUT /api/v2/course/{id}/section/{section_id}/: the operation everything else exists for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from coursewright.courses.models import Course, Section
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_SECTION_FIELDS,
    BAD_TIME,
    REQUIRED,
    Fault,
    assert_hidden,
    assert_managers_only,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api, refused
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user

FORM = "application/x-www-form-urlencoded"


def path(section: Section) -> str:
    return f"course/{section.course_id}/section/{section.pk}/"


def test_whole_answer() -> None:
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"))
    answer = Api(ann).put(path(section), {"name": "One", "dripped_at": "2026-12-15T09:00:00Z"})
    assert (answer.status, answer.body) == (
        200,
        {
            "id": section.pk,
            "name": "One",
            "dripped_at": "2026-12-15T09:00:00Z",
            "drip_delay": 0,
            "lessons_order": [],
        },
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert Api(ann).get(path(section)).body == answer.body


def test_example_of_the_public_reference_as_printed() -> None:
    """JSON text under a form's content type, with a bearer token."""
    ann = make_user()
    section = make_section(make_course(ann, type="scheduled"))
    text = b'{\n  "name": "Week one",\n  "dripped_at": "2026-12-15T09:00:00Z"\n}'
    answer = Api(ann).call("PUT", path(section), text, content_type=FORM)
    assert (answer.status, answer.body) == (
        200,
        {
            "id": section.pk,
            "name": "Week one",
            "dripped_at": "2026-12-15T09:00:00Z",
            "drip_delay": 0,
            "lessons_order": [],
        },
    )


def test_every_field() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One"), make_lesson(section, "Two", status="draft")
    body = {"name": "All", "dripped_at": None, "drip_delay": 36_500, "lessons_order": [two.pk, one.pk]}
    answer = Api(ann).put(path(section), body)
    assert (answer.status, answer.body) == (200, {"id": section.pk, **body})


@pytest.mark.parametrize("type", ["self-paced", "structured", "scheduled"])
def test_date_and_delay_are_kept_whatever_the_type(type: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann, type=type))
    body = {"name": "One", "dripped_at": "2026-12-15T09:00:00Z", "drip_delay": 3}
    answer = Api(ann).put(path(section), body)
    assert (answer.status, answer.body) == (200, {"id": section.pk, **body, "lessons_order": []})


def test_what_is_not_named_keeps_its_value() -> None:
    ann = make_user()
    time = datetime(2026, 12, 15, 9, 0, 0, 250_000, UTC)
    section = make_section(make_course(ann), dripped_at=time, drip_delay=3)
    lesson = make_lesson(section)
    answer = Api(ann).put(path(section), {"name": "Two"})
    assert answer.body == {
        "id": section.pk,
        "name": "Two",
        "dripped_at": "2026-12-15T09:00:00.250000Z",
        "drip_delay": 3,
        "lessons_order": [lesson.pk],
    }


@pytest.mark.parametrize("empty", [None, ""])
def test_date_is_taken_away(empty: str | None) -> None:
    ann = make_user()
    section = make_section(make_course(ann), dripped_at=datetime(2026, 12, 15, tzinfo=UTC))
    answer = Api(ann).put(path(section), {"name": "One", "dripped_at": empty})
    assert (answer.status, answer.body["dripped_at"]) == (200, None)


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("2026-12-15T09:00:00.000Z", "2026-12-15T09:00:00Z"),
        ("2026-12-15T09:00", "2026-12-15T09:00:00Z"),
        ("2026-12-15T10:30:00+01:30", "2026-12-15T09:00:00Z"),
        ("2026-12-15T00:00:00-09:00", "2026-12-15T09:00:00Z"),
        ("2026-12-15T09:00:00.5Z", "2026-12-15T09:00:00.500000Z"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_times(sent: str, kept: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    answer = Api(ann).put(path(section), {"name": "One", "dripped_at": sent})
    assert (answer.status, answer.body["dripped_at"]) == (200, kept)
    assert Api(ann).get(path(section)).body["dripped_at"] == kept


@pytest.mark.parametrize(
    "name, kept", [("x" * 255, "x" * 255), ("  One ", "One"), (5, "5"), ("<b>&\U0001f600", "<b>&\U0001f600")]
)
def test_names(name: Any, kept: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    answer = Api(ann).put(path(section), {"name": name})
    assert (answer.status, answer.body["name"]) == (200, kept)


def test_names_need_not_be_unique() -> None:
    ann = make_user()
    course = make_course(ann)
    make_section(course, "One")
    section = make_section(course, "Two")
    assert Api(ann).put(path(section), {"name": "One"}).status == 200


def test_urlencoded_form() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One"), make_lesson(section, "Two")
    fields = {"name": "Form", "dripped_at": "2026-12-15T09:00:00Z", "drip_delay": "3"}
    answer = Api(ann).form("PUT", path(section), **fields, lessons_order=f"[{two.pk},{one.pk}]")
    assert (answer.status, answer.body) == (
        200,
        {"id": section.pk, **fields, "drip_delay": 3, "lessons_order": [two.pk, one.pk]},
    )


def test_multipart_form() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One"), make_lesson(section, "Two")
    fields = [("name", "Parts"), ("drip_delay", 7), ("lessons_order[0]", two.pk), ("lessons_order[1]", one.pk)]
    answer = Api(ann).multipart("PUT", path(section), fields)
    assert (answer.status, answer.body) == (
        200,
        {"id": section.pk, "name": "Parts", "dripped_at": None, "drip_delay": 7, "lessons_order": [two.pk, one.pk]},
    )


def test_unknown_and_read_only_fields_are_ignored() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    other = make_course(ann, "Other")
    body = {
        "id": 999,
        "name": "One",
        "type": "lesson",
        "course_id": other.pk,
        "course": other.pk,
        "position": 9,
        "revision": 9,
        "deleted_at": "2026-01-01T00:00:00Z",
        "lessons": [],
    }
    answer = Api(ann).put(path(section), body)
    assert (answer.status, answer.body) == (
        200,
        {"id": section.pk, "name": "One", "dripped_at": None, "drip_delay": 0, "lessons_order": []},
    )
    section.refresh_from_db()
    assert (section.course_id, section.position, section.deleted_at, section.revision) == (
        other.pk - 1,
        0,
        None,
        2,
    )


def test_creator_and_managers_may() -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course)
    for user in (ann, make_manager(course, make_user("max"))):
        assert Api(user).put(path(section), {"name": user.username}).body["name"] == user.username


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_managers_of_every_privacy(privacy: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann, privacy=privacy))
    assert Api(ann).put(path(section), {"name": "Two"}).status == 200


def test_nobody_else() -> None:
    section = make_section(make_course(make_user()))
    assert_managers_only(section.course, "PUT", path(section), {"name": "Mine"})


def test_hidden_courses() -> None:
    section = make_section(make_course(make_user()))
    assert_hidden(section.course, "PUT", path(section), {"name": "Mine"})


def test_lock_screen_is_no_entrance() -> None:
    section = make_section(make_course(make_user(), privacy="private"))
    assert_managers_only(section.course, "PUT", path(section), {"name": "Mine"})


def test_secret_course_is_not_there_for_strangers() -> None:
    section = make_section(make_course(make_user(), privacy="secret"))
    answer = Api(make_user("eve")).put(path(section), {"name": "Mine"})
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_managers_of_other_courses_may_not() -> None:
    ann, eve = make_user(), make_user("eve")
    section = make_section(make_course(ann))
    own = make_course(eve, "Own")
    with nothing_changes():
        assert Api(eve).put(path(section), {"name": "Mine"}).status == 403
        answer = Api(eve).put(f"course/{own.pk}/section/{section.pk}/", {"name": "Mine"})
        assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("id", ["0", "-1", "999999", "undefined", "1.5", "9" * 30, "%00", "%F0%9F%98%80"])
def test_ids_that_are_nothing(id: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        for wrong in (f"course/{id}/section/{section.pk}/", f"course/{section.course_id}/section/{id}/"):
            answer = Api(ann).put(wrong, {"name": "Mine"})
            assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_deleted_section_is_gone() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    Api(ann).delete(path(section))
    with nothing_changes():
        answer = Api(ann).put(path(section), {"name": "Back"})
        assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("case", list(BAD_SECTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body, fault = BAD_SECTION_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).put(path(section), {"name": "One", **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"dripped_at": None}, {"Name": "One"}])
def test_name_is_required(body: Any) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        answer = Api(ann).put(path(section), body)
        assert (answer.status, answer.body) == (400, faults(("name", "required", REQUIRED)))


def test_all_faults_at_once_in_the_order_of_the_schema() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body = {"lessons_order": [999], "drip_delay": "x", "dripped_at": "2026-02-30", "name": ""}
    found: list[Fault] = [
        ("name", "blank", "This field may not be blank."),
        ("dripped_at", "invalid", BAD_TIME),
        ("drip_delay", "invalid", "A valid integer is required."),
        ("lessons_order", "does_not_exist", "There is no such id here: 999."),
    ]
    with nothing_changes():
        answer = Api(ann).put(path(section), body)
        assert (answer.status, answer.body) == (400, faults(*found))


@pytest.mark.parametrize(
    "data, status, code",
    [
        (b'{"name": "One"', 400, "parse_error"),
        (b'["One"]', 400, "parse_error"),
        (b'"One"', 400, "parse_error"),
        (b"null", 400, "parse_error"),
        (b'{"name": NaN}', 400, "parse_error"),
        (b'{"name": "\xff"}', 400, "parse_error"),
        (b'{"name": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "parse_error"),
        (b'{"name": "' + b"x" * (2 * 1024 * 1024) + b'"}', 413, "too_large"),
    ],
)
def test_bodies_that_cannot_be_read(data: bytes, status: int, code: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        answer = Api(ann).call("PUT", path(section), data)
        assert (answer.status, [error["code"] for error in answer.body["errors"]]) == (status, [code])


def test_other_content_type() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        answer = Api(ann).call("PUT", path(section), b"name: One", content_type="text/yaml")
        assert (answer.status, answer.body) == (
            415,
            refused(
                "unsupported_media_type",
                "Send the body as " + ", ".join(["application/json", FORM, "multipart/form-data."]),
            ),
        )


def test_of_two_faults_the_earlier_check_speaks() -> None:
    """Credentials, then existence, then rights, then the body (rules.md 1.11)."""
    ann, eve = make_user(), make_user("eve")
    course = make_course(ann)
    section = make_section(course)
    missing = f"course/{course.pk}/section/999999/"
    with nothing_changes():
        assert Api().call("PUT", missing, b"{").status == 401
        assert Api(token="nonsense").call("PUT", missing, b"{").status == 401
        assert Api(eve).call("PUT", "course/999999/section/1/", b"{").status == 404
        assert Api(eve).call("PUT", missing, b"{").status == 403
        assert Api(eve).put(path(section), {"name": ""}).status == 403
        assert Api(ann).call("PUT", missing, b"{").status == 404
        assert Api(ann).call("PUT", missing, b"x", content_type="text/yaml").status == 404
        assert Api(ann).put(missing, {"name": ""}).status == 404
        assert Api().call("POST", path(section), b"{").status == 405


def test_order_of_lessons() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two, three, four = (make_lesson(section, name).pk for name in ("One", "Two", "Three", "Four"))
    answer = Api(ann).put(path(section), {"name": "One", "lessons_order": [three, one]})
    assert answer.body["lessons_order"] == [three, one, two, four], "those left out are kept after the listed ones"
    answer = Api(ann).put(path(section), {"name": "One", "lessons_order": []})
    assert answer.body["lessons_order"] == [three, one, two, four]
    answer = Api(ann).put(path(section), {"name": "One", "lessons_order": [str(four)]})
    assert answer.body["lessons_order"] == [four, three, one, two]


def test_orders_that_are_refused() -> None:
    ann = make_user()
    course = make_course(ann)
    section, other = make_section(course), make_section(course, "Other")
    own, foreign, gone = make_lesson(section), make_lesson(other), make_lesson(section, "Gone")
    Api(ann).delete(f"{path(section)}lesson/{gone.pk}/")
    for order in ([own.pk, foreign.pk], [foreign.pk], [own.pk, 999999], [gone.pk], [0], [-5], [10**30]):
        with nothing_changes():
            answer = Api(ann).put(path(section), {"name": "New name", "lessons_order": order})
            unknown = ", ".join(str(id if 0 < id < 2**63 else 0) for id in order if id != own.pk)
            message = f"There is no such id here: {unknown}."
            assert (answer.status, answer.body) == (400, faults(("lessons_order", "does_not_exist", message)))
    with nothing_changes():
        answer = Api(ann).put(path(section), {"name": "New name", "lessons_order": [own.pk, own.pk]})
        assert (answer.status, answer.body) == (
            400,
            faults(("lessons_order", "invalid", "An id is listed twice.")),
        )


def test_one_event_and_one_revision_for_a_change() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    Api(ann).put(path(section), {"name": "Two", "dripped_at": "2026-12-15T09:00:00Z"})
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.course_id, event.object_type, event.object_id) == (
        "section.changed",
        ann.pk,
        section.course_id,
        "section",
        section.pk,
    )
    assert (event.before, event.after) == (
        '{"name":"Week one","dripped_at":null}',
        '{"name":"Two","dripped_at":"2026-12-15T09:00:00Z"}',
    )
    assert revision(section) == 2


def test_nothing_is_written_when_nothing_changes() -> None:
    ann = make_user()
    section = make_section(make_course(ann), dripped_at=datetime(2026, 12, 15, 9, tzinfo=UTC), drip_delay=3)
    lesson = make_lesson(section)
    body = {
        "name": " Week one ",
        "dripped_at": "2026-12-15T10:00:00+01:00",
        "drip_delay": "3",
        "lessons_order": [lesson.pk],
    }
    with nothing_changes():
        assert Api(ann).put(path(section), body).status == 200


def test_number_of_statements() -> None:
    ann = make_user()
    course = make_course(ann)
    small, large = make_section(course), make_section(course, "Large")
    make_lesson(small)
    orders = {small.pk: [make_lesson(small, f"Lesson {place}").pk for place in range(1)]}
    orders[large.pk] = [make_lesson(large, f"Lesson {place}").pk for place in range(30)]
    counts = []
    for section in (small, large):
        body = {"name": "New", "lessons_order": orders[section.pk][::-1]}
        counts.append(Api(ann).put(path(section), body).statements)
    assert counts == [7, 7]
    assert Api(ann).put(path(small), {"name": "Newer", "dripped_at": "2026-12-15T09:00:00Z"}).statements == 6
    assert Course.objects.get(pk=course.pk).revision == 1
