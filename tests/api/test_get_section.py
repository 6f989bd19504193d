"""GET /api/v2/course/{id}/section/{section_id}/"""

from datetime import UTC, datetime

import pytest

from tests.api.authors import assert_hidden, assert_managers_only
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course, "One", dripped_at=datetime(2026, 12, 15, 9, tzinfo=UTC), drip_delay=3)
    lessons = [make_lesson(section, "First"), make_lesson(section, "Second", status="draft")]
    gone = make_lesson(section, "Gone")
    Api(ann).delete(f"course/{course.pk}/section/{section.pk}/lesson/{gone.pk}/")
    for user in (ann, make_manager(course, make_user("max"))):
        answer = Api(user).get(f"course/{course.pk}/section/{section.pk}/")
        assert (answer.status, answer.body) == (
            200,
            {
                "id": section.pk,
                "name": "One",
                "dripped_at": "2026-12-15T09:00:00Z",
                "drip_delay": 3,
                "lessons_order": [lesson.pk for lesson in lessons],
            },
        )


def test_nobody_else() -> None:
    course = make_course(make_user())
    path = f"course/{course.pk}/section/{make_section(course).pk}/"
    assert_managers_only(course, "GET", path)
    assert_hidden(course, "GET", path)


def test_section_of_another_course() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    other = make_course(ann, "Other")
    answer = Api(ann).get(f"course/{other.pk}/section/{section.pk}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


@pytest.mark.parametrize("id", ["0", "999999", "undefined", "9" * 30])
def test_unknown_section(id: str) -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/section/{id}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_rights_are_judged_before_the_section() -> None:
    course = make_course(make_user())
    assert Api(make_user("eve")).get(f"course/{course.pk}/section/999999/").status == 403


def test_statements_do_not_grow() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    path = f"course/{section.course_id}/section/{section.pk}/"
    few = Api(ann).get(path).statements
    for place in range(30):
        make_lesson(section, f"Lesson {place}")
    many = Api(ann).get(path)
    assert (few, many.statements, len(many.body["lessons_order"])) == (3, 3, 30)
