"""GET /api/v2/course/{id}/section/"""

from datetime import UTC, datetime

from tests.api.authors import assert_hidden, assert_managers_only
from tests.client import NOT_FOUND, Api
from tests.factories import make_course, make_lesson, make_manager, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    one = make_section(course, "One", dripped_at=datetime(2026, 12, 15, 9, tzinfo=UTC), drip_delay=3)
    two = make_section(course, "Two")
    gone = make_section(course, "Gone")
    make_section(make_course(ann, "Other"), "Elsewhere")
    first, second = make_lesson(one, "First"), make_lesson(one, "Second", status="draft")
    Api(ann).patch(f"course/{course.pk}/", {"sections_order": [two.pk, one.pk]})
    Api(ann).patch(f"course/{course.pk}/section/{one.pk}/", {"lessons_order": [second.pk, first.pk]})
    Api(ann).delete(f"course/{course.pk}/section/{gone.pk}/")
    answer = Api(ann).get(f"course/{course.pk}/section/")
    assert (answer.status, answer.body) == (
        200,
        [
            {"id": two.pk, "name": "Two", "dripped_at": None, "drip_delay": 0, "lessons_order": []},
            {
                "id": one.pk,
                "name": "One",
                "dripped_at": "2026-12-15T09:00:00Z",
                "drip_delay": 3,
                "lessons_order": [second.pk, first.pk],
            },
        ],
    )


def test_a_bare_list_also_when_there_is_none() -> None:
    ann = make_user()
    answer = Api(ann).get(f"course/{make_course(ann).pk}/section/")
    assert (answer.status, answer.body) == (200, [])


def test_managers_may() -> None:
    course = make_course(make_user())
    section = make_section(course)
    answer = Api(make_manager(course, make_user("max"))).get(f"course/{course.pk}/section/")
    assert [found["id"] for found in answer.body] == [section.pk]


def test_nobody_else() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "GET", f"course/{course.pk}/section/")
    assert_hidden(course, "GET", f"course/{course.pk}/section/")


def test_unknown_course() -> None:
    answer = Api(make_user()).get("course/999999/section/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    make_lesson(make_section(course))
    few = Api(ann).get(f"course/{course.pk}/section/").statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    many = Api(ann).get(f"course/{course.pk}/section/")
    assert (few, many.statements, len(many.body)) == (4, 4, 30)
