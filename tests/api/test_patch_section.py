"""PATCH /api/v2/course/{id}/section/{section_id}/"""

from datetime import UTC, datetime
from typing import Any

import pytest

from coursewright.courses.models import Section
from tests.api.authors import (
    BAD_SECTION_FIELDS,
    NULL,
    assert_hidden,
    assert_managers_only,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user

TIME = datetime(2026, 12, 15, 9, tzinfo=UTC)


def path(section: Section) -> str:
    return f"course/{section.course_id}/section/{section.pk}/"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Two", "type": "lesson"},
        {"drip_delay": 14},
        {"drip_delay": "3"},
        {"dripped_at": "2026-12-16T09:00:00.000Z"},
        {"dripped_at": None},
        {},
    ],
)
def test_what_the_client_sends(body: dict[str, Any]) -> None:
    """Changes what is named, and answers the whole section (clients.md 20 to 22)."""
    ann = make_user()
    section = make_section(make_course(ann), dripped_at=TIME, drip_delay=3)
    lesson = make_lesson(section)
    answer = Api(ann).patch(path(section), body)
    time = {"2026-12-16T09:00:00.000Z": "2026-12-16T09:00:00Z"}
    assert (answer.status, answer.body) == (
        200,
        {
            "id": section.pk,
            "name": body.get("name", "Week one"),
            "dripped_at": time.get(body["dripped_at"]) if "dripped_at" in body else "2026-12-15T09:00:00Z",
            "drip_delay": int(body.get("drip_delay", 3)),
            "lessons_order": [lesson.pk],
        },
    )


def test_an_empty_body_changes_nothing() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        for content_type in ("application/json", "application/x-www-form-urlencoded", "text/yaml"):
            answer = Api(ann).call("PATCH", path(section), b" ", content_type=content_type)
            assert (answer.status, answer.body["name"]) == (200, "Week one")


@pytest.mark.parametrize(
    "encoded",
    [
        "lessons_order=[{1},{0}]",
        'lessons_order=["{1}","{0}"]',
        "lessons_order={1},{0}",
        "lessons_order={1}&lessons_order={0}",
        "lessons_order[]={1}&lessons_order[]={0}",
        "lessons_order[0]={1}&lessons_order[1]={0}",
        "lessons_order={1}",
    ],
)
def test_every_way_to_write_a_list(encoded: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    ids = [make_lesson(section, "One").pk, make_lesson(section, "Two").pk]
    text = encoded.format(*ids).encode()
    answer = Api(ann).call("PATCH", path(section), text, content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.body["lessons_order"]) == (200, ids[::-1])


def test_second_rename_without_typing() -> None:
    """A bug of the client, answered cleanly (clients.md 20)."""
    ann = make_user()
    section = make_section(make_course(ann))
    with nothing_changes():
        answer = Api(ann).patch(path(section), {"name": None, "type": "lesson"})
        assert (answer.status, answer.body) == (400, faults(("name", "null", NULL)))


@pytest.mark.parametrize("case", list(BAD_SECTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    body, fault = BAD_SECTION_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).patch(path(section), body)
        assert (answer.status, answer.body) == (400, faults(fault))


def test_orders_that_are_refused() -> None:
    ann = make_user()
    course = make_course(ann)
    section, other = make_section(course), make_section(course, "Other")
    own, foreign = make_lesson(section), make_lesson(other)
    with nothing_changes():
        answer = Api(ann).patch(path(section), {"lessons_order": [foreign.pk, own.pk]})
        message = f"There is no such id here: {foreign.pk}."
        assert (answer.status, answer.body) == (400, faults(("lessons_order", "does_not_exist", message)))
        answer = Api(ann).patch(path(section), {"lessons_order": [own.pk, own.pk]})
        assert (answer.status, answer.body) == (
            400,
            faults(("lessons_order", "invalid", "An id is listed twice.")),
        )


def test_another_editors_lesson_is_kept() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One").pk, make_lesson(section, "Two").pk
    three = make_lesson(section, "Made meanwhile").pk
    assert Api(ann).patch(path(section), {"lessons_order": [two, one]}).body["lessons_order"] == [two, one, three]
    assert revision(section) == 2


def test_managers_may() -> None:
    course = make_course(make_user())
    section = make_section(course)
    answer = Api(make_manager(course, make_user("max"))).patch(path(section), {"name": "Two"})
    assert (answer.status, answer.body["name"]) == (200, "Two")


def test_nobody_else() -> None:
    section = make_section(make_course(make_user()))
    assert_managers_only(section.course, "PATCH", path(section), {"name": "Mine"})
    assert_hidden(section.course, "PATCH", path(section), {"name": "Mine"})


def test_foreign_and_unknown_ids() -> None:
    ann = make_user()
    course, other = make_course(ann), make_course(ann, "Other")
    section = make_section(course)
    with nothing_changes():
        for wrong in (f"course/{other.pk}/section/{section.pk}/", f"course/{course.pk}/section/undefined/"):
            answer = Api(ann).patch(wrong, {"name": ""})
            assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    small, large = make_section(course), make_section(course, "Large")
    ids = {small: [make_lesson(small, "A").pk, make_lesson(small, "B").pk]}
    ids[large] = [make_lesson(large, f"Lesson {place}").pk for place in range(30)]
    counts = [Api(ann).patch(path(section), {"lessons_order": ids[section][::-1]}).statements for section in ids]
    assert counts == [7, 7]
