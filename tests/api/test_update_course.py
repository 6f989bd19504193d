"""PUT /api/v2/course/{id}/"""

from typing import Any

import pytest

from coursewright.courses.models import Course, CourseWord
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_COURSE_FIELDS,
    REQUIRED,
    assert_hidden,
    assert_managers_only,
    category_shape,
    course_shape,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api, codes, wrong
from tests.factories import make_category, make_course, make_manager, make_section, make_user

SAME = {"name": "Maths", "type": "self-paced"}


def test_whole_answer() -> None:
    ann = make_user()
    course, science = make_course(ann, type="structured"), make_category()
    one, two = make_section(course, "One"), make_section(course, "Two")
    body = {
        "name": "Physics",
        "slug": "physics-now",
        "description": "All of it",
        "type": "scheduled",
        "privacy": "private",
        "enforce_lessons_order": True,
        "new_comment_notification_enabled": False,
        "hide_member_count": True,
        "meta_title": "a",
        "meta_description": "b",
        "og_title": "c",
        "og_description": "d",
        "og_image": "e",
        "sections_order": [two.pk, one.pk],
    }
    answer = Api(ann).put(f"course/{course.pk}/", {**body, "categories": [science.pk]})
    assert (answer.status, answer.body) == (200, course_shape(course, **body, categories=[category_shape(science)]))
    edited = Api(ann).get(f"course/{course.pk}/", view="edit").body
    assert {name: edited[name] for name in answer.body} == answer.body


def test_what_is_not_named_keeps_its_value() -> None:
    ann, science = make_user(), make_category()
    values = {
        "slug": "own-slug",
        "description": "x",
        "privacy": "secret",
        "enforce_lessons_order": True,
        "new_comment_notification_enabled": False,
        "hide_member_count": True,
        "meta_title": "a",
        "og_image": "e",
    }
    course = make_course(ann, **values, categories=[science.pk])
    section = make_section(course)
    expected = course_shape(
        course,
        **{**values, "name": "Physics"},
        categories=[category_shape(science)],
        sections_order=[section.pk],
    )
    for encoding in ("json", "form", "multipart"):
        body = {"name": "Physics", "type": "self-paced"}
        if encoding == "json":
            answer = Api(ann).put(f"course/{course.pk}/", body)
        elif encoding == "form":
            answer = Api(ann).form("PUT", f"course/{course.pk}/", **body)
        else:
            answer = Api(ann).multipart("PUT", f"course/{course.pk}/", list(body.items()))
        assert (encoding, answer.status, answer.body) == (encoding, 200, expected)


@pytest.mark.parametrize("type", ["self-paced", "structured", "scheduled"])
def test_type_may_change_and_nothing_else_with_it(type: str) -> None:
    ann = make_user()
    course = make_course(ann)
    section = make_section(course, drip_delay=3)
    answer = Api(ann).put(f"course/{course.pk}/", {"name": "Maths", "type": type})
    assert (answer.status, answer.body) == (200, course_shape(course, type=type, sections_order=[section.pk]))
    assert Api(ann).get(f"course/{course.pk}/section/{section.pk}/").body["drip_delay"] == 3


def test_own_name_in_another_case_is_not_taken() -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).put(f"course/{course.pk}/", {**SAME, "name": "MATHS", "slug": "maths"})
    assert (answer.status, answer.body) == (200, course_shape(course, name="MATHS"))


def test_name_and_slug_of_another_course_are_taken() -> None:
    ann = make_user()
    make_course(ann, "Art")
    course = make_course(ann)
    with nothing_changes():
        answer = Api(ann).put(f"course/{course.pk}/", {**SAME, "name": "ａｒｔ", "slug": "art"})  # noqa: RUF001
        assert (answer.status, answer.body) == (
            400,
            faults(
                ("name", "unique", "Course with this name already exists."),
                ("slug", "unique", "Course with this slug already exists."),
            ),
        )


def test_search_follows_the_name_and_the_description() -> None:
    ann = make_user()
    course = make_course(ann, description="numbers")
    Api(ann).put(f"course/{course.pk}/", {"name": "Art", "type": "self-paced"})
    assert set(CourseWord.objects.values_list("word", "in_name")) == {("art", True), ("numbers", False)}


@pytest.mark.parametrize("case", list(BAD_COURSE_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    course = make_course(ann)
    body, fault = BAD_COURSE_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).put(f"course/{course.pk}/", {**SAME, **body})
        assert (answer.status, answer.body) == (400, faults(fault))


@pytest.mark.parametrize("body", [None, {}, {"privacy": "open"}])
def test_name_and_type_are_required(body: Any) -> None:
    ann = make_user()
    course = make_course(ann)
    with nothing_changes():
        answer = Api(ann).put(f"course/{course.pk}/", body)
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("type", "required", REQUIRED)),
        )


def test_all_faults_at_once_in_the_order_of_the_schema() -> None:
    ann = make_user()
    make_course(ann, "Art")
    course = make_course(ann)
    body = {"name": "Art", "privacy": "", "sections_order": [1, 1], "categories": [9], "description": None}
    with nothing_changes():
        answer = Api(ann).put(f"course/{course.pk}/", body)
        assert (answer.status, codes(answer)) == (
            400,
            wrong(
                name="unique",
                description="null",
                type="required",
                privacy="invalid",
                sections_order="invalid",
                categories="does_not_exist",
            ),
        )


def test_nobody_but_managers() -> None:
    course = make_course(make_user())
    assert Api(make_manager(course, make_user("max"))).put(f"course/{course.pk}/", SAME).status == 200
    assert_managers_only(course, "PUT", f"course/{course.pk}/", {"name": "Mine", "type": "self-paced"})
    assert_hidden(course, "PUT", f"course/{course.pk}/", {"name": "Mine", "type": "self-paced"})


def test_of_two_faults_the_earlier_check_speaks() -> None:
    course, eve = make_course(make_user()), make_user("eve")
    with nothing_changes():
        assert Api().call("PUT", "course/999999/", b"{").status == 401
        assert Api(eve).call("PUT", "course/undefined/", b"{").body == NOT_FOUND
        assert Api(eve).call("PUT", f"course/{course.pk}/", b"{").status == 403
        assert Api(course.created_by).call("PUT", f"course/{course.pk}/", b"{").status == 400


def test_one_event_for_a_change_and_none_for_no_change() -> None:
    ann, science, art = make_user(), make_category(), make_category("Art")
    course = make_course(ann, categories=[science.pk])
    one, two = make_section(course, "One"), make_section(course, "Two")
    with nothing_changes():
        same = {**SAME, "sections_order": [one.pk, two.pk], "categories": [science.pk], "image_original": None}
        assert Api(ann).put(f"course/{course.pk}/", {**same, "slug": "maths", "privacy": "open"}).status == 200
    body = {**SAME, "description": "x", "sections_order": [two.pk], "categories": [art.pk]}
    Api(ann).put(f"course/{course.pk}/", body)
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.course_id, event.object_id, event.before, event.after) == (
        "course.changed",
        ann.pk,
        course.pk,
        course.pk,
        f'{{"description":"","sections_order":[{one.pk},{two.pk}],"categories":[{science.pk}]}}',
        f'{{"description":"x","sections_order":[{two.pk},{one.pk}],"categories":[{art.pk}]}}',
    )
    assert (revision(course), revision(one)) == (2, 1)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    categories = [make_category(f"Category {place}").pk for place in range(31)]
    small, large = make_course(ann, "Small", categories=categories[:1]), make_course(ann, "Large")
    Api(ann).patch(f"course/{large.pk}/", {"categories": categories[:30]})
    sections = {small: [make_section(small).pk, make_section(small, "B").pk]}
    sections[large] = [make_section(large, f"Section {place}").pk for place in range(30)]
    counts = []
    for course, ids in sections.items():
        body = {"name": f"New {course.pk}", "type": "self-paced", "privacy": "private", "sections_order": ids[::-1]}
        counts.append(Api(ann).put(f"course/{course.pk}/", {**body, "categories": categories[30:]}).statements)
    assert counts == [12, 12]
    assert Api(ann).patch(f"course/{small.pk}/", {"name": "Newer"}).statements == 9
    assert Course.objects.get(pk=large.pk).revision == 3
