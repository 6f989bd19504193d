"""POST /api/v2/course/{id}/section/"""

from typing import Any

import pytest

from coursewright.courses.models import Section
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_SECTION_FIELDS,
    REQUIRED,
    assert_hidden,
    assert_managers_only,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, make_course, make_lesson, make_manager, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    body = {"name": "One", "dripped_at": "2026-12-15T09:00:00Z", "drip_delay": 3, "lessons_order": []}
    answer = Api(ann).post(f"course/{course.pk}/section/", body)
    section = Section.objects.get()
    assert (answer.status, answer.body) == (201, {"id": section.pk, **body})
    assert (section.course_id, section.position, section.revision, section.created_at) == (course.pk, 0, 1, NOW)


def test_what_the_client_sends() -> None:
    """The stray ``type`` is always there (clients.md 19)."""
    ann = make_user()
    answer = Api(ann).post(f"course/{make_course(ann).pk}/section/", {"name": "One", "type": "lesson"})
    assert (answer.status, answer.body) == (
        201,
        {"id": Section.objects.get().pk, "name": "One", "dripped_at": None, "drip_delay": 0, "lessons_order": []},
    )


@pytest.mark.parametrize("encoding", ["form", "multipart", "labelled"])
def test_other_encodings(encoding: str) -> None:
    ann = make_user()
    path = f"course/{make_course(ann).pk}/section/"
    if encoding == "form":
        answer = Api(ann).form("POST", path, name="One", dripped_at="", drip_delay="3")
    elif encoding == "multipart":
        answer = Api(ann).multipart("POST", path, [("name", "One"), ("dripped_at", ""), ("drip_delay", 3)])
    else:
        text = b' {"name": "One", "drip_delay": "3"}'
        answer = Api(ann).call("POST", path, text, content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.body) == (
        201,
        {"id": Section.objects.get().pk, "name": "One", "dripped_at": None, "drip_delay": 3, "lessons_order": []},
    )


def test_new_ones_go_to_the_end() -> None:
    ann = make_user()
    course = make_course(ann)
    one, two = make_section(course, "One"), make_section(course, "Two")
    Api(ann).patch(f"course/{course.pk}/", {"sections_order": [two.pk, one.pk]})
    Api(ann).delete(f"course/{course.pk}/section/{one.pk}/")
    three = Api(ann).post(f"course/{course.pk}/section/", {"name": "Three"}).body["id"]
    four = Api(ann).post(f"course/{course.pk}/section/", {"name": "Four"}).body["id"]
    order = [section["id"] for section in Api(ann).get(f"course/{course.pk}/section/").body]
    assert order == [two.pk, three, four]


def test_managers_may() -> None:
    course = make_course(make_user())
    api = Api(make_manager(course, make_user("max")))
    assert api.post(f"course/{course.pk}/section/", {"name": "One"}).status == 201


def test_nobody_else() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "POST", f"course/{course.pk}/section/", {"name": "Mine"})
    assert_hidden(course, "POST", f"course/{course.pk}/section/", {"name": "Mine"})


@pytest.mark.parametrize("id", ["0", "999999", "undefined"])
def test_unknown_course(id: str) -> None:
    answer = Api(make_user()).post(f"course/{id}/section/", {"name": "One"})
    assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("case", list(BAD_SECTION_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    course = make_course(ann)
    body, fault = BAD_SECTION_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).post(f"course/{course.pk}/section/", {"name": "One", **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"drip_delay": 3}])
def test_name_is_required(body: Any) -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        answer = Api(ann).post(f"course/{course.pk}/section/", body)
        assert (answer.status, answer.body) == (400, faults(("name", "required", REQUIRED)))


def test_a_new_section_has_no_lessons_to_order() -> None:
    ann = make_user()
    course = make_course(ann)
    lesson = make_lesson(make_section(course))
    with nothing_changes():
        answer = Api(ann).post(f"course/{course.pk}/section/", {"name": "", "lessons_order": [lesson.pk]})
        assert (answer.status, answer.body) == (
            400,
            faults(
                ("name", "blank", "This field may not be blank."),
                ("lessons_order", "does_not_exist", f"There is no such id here: {lesson.pk}."),
            ),
        )


def test_rights_are_judged_before_the_body() -> None:
    course, eve = make_course(make_user()), make_user("eve")
    with nothing_changes():
        assert Api(eve).call("POST", f"course/{course.pk}/section/", b"{").status == 403
        assert Api().call("POST", f"course/{course.pk}/section/", b"{").status == 401


def test_event() -> None:
    ann = make_user()
    course = make_course(ann)
    section = Api(ann).post(f"course/{course.pk}/section/", {"name": "One"}).body["id"]
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.course_id, event.object_id, event.at, event.before) == (
        "section.created",
        ann.pk,
        course.pk,
        section,
        NOW,
        "{}",
    )
    assert revision(course) == 1, "a section has a revision of its own"


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    few = Api(ann).post(f"course/{course.pk}/section/", {"name": "One"}).statements
    for place in range(29):
        make_section(course, f"Section {place}")
    assert (few, Api(ann).post(f"course/{course.pk}/section/", {"name": "Two"}).statements) == (5, 5)
