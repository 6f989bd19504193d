"""GET /api/v2/course/{id}/section/{section_id}/lesson/"""

import pytest

from tests.api.authors import assert_hidden, assert_managers_only
from tests.client import NOT_FOUND, Api
from tests.factories import complete, make_course, make_lesson, make_manager, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user(real_name="Ann")
    section = make_section(make_course(ann))
    path = f"course/{section.course_id}/section/{section.pk}/"
    one = make_lesson(section, "One", text="<p>x</p>")
    two = make_lesson(section, "Two", status="draft", comments_enabled=False)
    gone = make_lesson(section, "Gone")
    make_lesson(make_section(section.course, "Other"), "Elsewhere")
    Api(ann).delete(f"{path}lesson/{gone.pk}/")
    Api(ann).patch(path, {"lessons_order": [two.pk, one.pk]})
    complete(one, ann)
    same = {
        "type": "lesson",
        "course_id": section.course_id,
        "section_id": section.pk,
        "created_at": "2026-11-23T10:00:00Z",
        "created_by": {
            "id": ann.pk,
            "username": "ann",
            "real_name": "Ann",
            "avatar": None,
            "community_badge": False,
            "deleted": False,
        },
        "medias": [],
        "passing_grade": 60,
        "questions": [],
        "last_attempt": None,
    }
    first = {"id": two.pk, "name": "Two", "status": "draft", "comments_enabled": False, "html": ""}
    second = {"id": one.pk, "name": "One", "status": "published", "comments_enabled": True, "html": "<p>x</p>"}
    answer = Api(ann).get(f"{path}lesson/")
    assert (answer.status, answer.body) == (
        200,
        [
            {**first, **same, "completion_status": "uncompleted"},
            {**second, **same, "completion_status": "completed"},
        ],
    )


def test_a_bare_list_also_when_there_is_none() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    answer = Api(ann).get(f"course/{section.course_id}/section/{section.pk}/lesson/")
    assert (answer.status, answer.body) == (200, [])


def test_nobody_but_managers() -> None:
    course = make_course(make_user())
    section = make_section(course)
    make_lesson(section)
    path = f"course/{course.pk}/section/{section.pk}/lesson/"
    assert len(Api(make_manager(course, make_user("max"))).get(path).body) == 1
    assert_managers_only(course, "GET", path)
    assert_hidden(course, "GET", path)


@pytest.mark.parametrize("with_lesson", [True, False])
def test_section_of_another_course(with_lesson: bool) -> None:
    ann = make_user()
    section, other = make_section(make_course(ann)), make_course(ann, "Other")
    if with_lesson:
        make_lesson(section)
    for wrong in (f"course/{other.pk}/section/{section.pk}/", f"course/{other.pk}/section/undefined/"):
        answer = Api(ann).get(f"{wrong}lesson/")
        assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    path = f"course/{section.course_id}/section/{section.pk}/lesson/"
    make_lesson(section)
    few = Api(ann).get(path).statements
    for place in range(29):
        make_lesson(section, f"Lesson {place}")
    many = Api(ann).get(path)
    assert (many.statements, len(many.body)) == (few, 30)
