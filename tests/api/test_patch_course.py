"""PATCH /api/v2/course/{id}/"""

from typing import Any

import pytest

from coursewright.courses.models import Course, Section
from tests.api.authors import (
    BAD_COURSE_FIELDS,
    assert_hidden,
    assert_managers_only,
    category_shape,
    course_shape,
    faults,
    nothing_changes,
    revision,
)
from tests.client import Api, codes, wrong
from tests.factories import make_category, make_course, make_manager, make_section, make_user


@pytest.mark.parametrize(
    "body",
    [
        {"enforce_lessons_order": True, "new_comment_notification_enabled": False, "hide_member_count": True},
        {"name": "New"},
        {"slug": "new-slug"},
        {"description": "new"},
        {"type": "scheduled"},
        {"privacy": "private"},
        {"meta_title": "a", "meta_description": "b"},
        {"og_title": "a", "og_description": "b", "og_image": "c"},
        {},
    ],
)
def test_changes_what_is_named(body: dict[str, Any]) -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).patch(f"course/{course.pk}/", {"id": 999, **body, "products": []})
    assert (answer.status, answer.body) == (200, course_shape(course, **body))
    assert revision(course) == (2 if body else 1)


def test_form_of_the_client() -> None:
    """The same form as for a new course (clients.md 4); without a category key the categories stay."""
    ann, science = make_user(), make_category()
    course = make_course(ann, categories=[science.pk], hide_member_count=True)
    fields = [("name", "Maths"), ("description", "x"), ("type", "self-paced"), ("privacy", "open"), ("products", "[3]")]
    answer = Api(ann).multipart("PATCH", f"course/{course.pk}/", fields)
    assert (answer.status, answer.body) == (
        200,
        course_shape(course, description="x", hide_member_count=True, categories=[category_shape(science)]),
    )


def test_slug_stays_when_the_name_changes() -> None:
    ann = make_user()
    course = make_course(ann)
    for body in ({"name": "Physics"}, {"name": "Physics", "slug": ""}):
        assert Api(ann).patch(f"course/{course.pk}/", body).body["slug"] == "maths"


@pytest.mark.parametrize("before", ["", "open", "private", "secret"])
@pytest.mark.parametrize("after", ["", "open", "private", "secret"])
def test_privacy_never_goes_back_to_a_draft(before: str, after: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=before)
    answer = Api(ann).patch(f"course/{course.pk}/", {"privacy": after})
    if before and not after:
        message = "A course that was published cannot be a draft again."
        assert (answer.status, answer.body) == (400, faults(("privacy", "invalid", message)))
    else:
        assert (answer.status, answer.body["privacy"]) == (200, after)
    assert revision(course) == (1 if before == after or not after else 2)


def test_categories() -> None:
    ann = make_user(role="admin")
    science, art, music = (make_category(name) for name in ("Science", "Art", "Music"))
    course = make_course(ann, categories=[science.pk])
    path = f"course/{course.pk}/"

    def names(body: dict[str, Any]) -> list[str]:
        return [category["name"] for category in Api(ann).patch(path, body).body["categories"]]

    assert names({"categories": [music.pk, art.pk]}) == ["Art", "Music"]
    assert names({"name": "Maths"}) == ["Art", "Music"]
    assert names({"categories": f'["{science.pk}"]'}) == ["Science"]
    with nothing_changes():
        answer = Api(ann).patch(path, {"name": "New", "categories": [art.pk, 999, 998]})
        message = "There is no such category: 999, 998."
        assert (answer.status, answer.body) == (400, faults(("categories", "does_not_exist", message)))
    Api(ann).delete(f"category/{science.pk}/")
    assert names({"name": "Maths"}) == []
    assert names({"categories": [art.pk]}) == ["Art"]
    assert names({"categories": []}) == []


def test_order_of_sections() -> None:
    ann = make_user()
    course = make_course(ann)
    one, two, three = (make_section(course, name).pk for name in ("One", "Two", "Three"))
    path = f"course/{course.pk}/"
    assert Api(ann).patch(path, {"sections_order": [three, one, two]}).body["sections_order"] == [three, one, two]
    assert Api(ann).patch(path, {"sections_order": [two]}).body["sections_order"] == [two, three, one]
    with nothing_changes():
        assert Api(ann).patch(path, {"sections_order": []}).body["sections_order"] == [two, three, one]
        assert Api(ann).patch(path, {"sections_order": [two, three]}).status == 200
    assert (revision(course), revision(Section(pk=one))) == (3, 1)


def test_orders_that_are_refused() -> None:
    ann = make_user()
    course = make_course(ann)
    own, foreign, gone = make_section(course), make_section(make_course(ann, "Other")), make_section(course, "Gone")
    Api(ann).delete(f"course/{course.pk}/section/{gone.pk}/")
    for order, code in (
        ([own.pk, foreign.pk], "does_not_exist"),
        ([own.pk, 999999], "does_not_exist"),
        ([gone.pk, own.pk], "does_not_exist"),
        ([0], "does_not_exist"),
        ([own.pk, own.pk], "invalid"),
    ):
        with nothing_changes():
            answer = Api(ann).patch(f"course/{course.pk}/", {"name": "New", "sections_order": order})
            assert (answer.status, codes(answer)) == (400, wrong(sections_order=code))


@pytest.mark.parametrize("case", list(BAD_COURSE_FIELDS))
def test_bad_field(case: str) -> None:
    ann = make_user()
    course = make_course(ann)
    body, fault = BAD_COURSE_FIELDS[case]
    with nothing_changes():
        answer = Api(ann).patch(f"course/{course.pk}/", body)
        assert (answer.status, answer.body) == (400, faults(fault))


def test_managers_get_their_own_standing() -> None:
    course = make_course(make_user())
    answer = Api(make_manager(course, make_user("max"))).patch(f"course/{course.pk}/", {"name": "New"})
    assert (answer.status, answer.body) == (200, course_shape(course, name="New", join_status="manager"))


def test_nobody_else() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "PATCH", f"course/{course.pk}/", {"name": "Mine"})
    assert_hidden(course, "PATCH", f"course/{course.pk}/", {"name": "Mine"})


def test_a_manager_who_left_may_not() -> None:
    course = make_course(make_user())
    max = make_manager(course, make_user("max"))
    Api(max).delete(f"course/{course.pk}/join/")
    with nothing_changes():
        assert Api(max).patch(f"course/{course.pk}/", {"name": "Mine"}).status == 403
    assert Course.objects.get(pk=course.pk).name == "Maths"
