"""PATCH /api/v2/category/{id}/"""

from typing import Any

import pytest

from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_CATEGORY_FIELDS,
    assert_admins_only,
    category_shape,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_FOUND, Api
from tests.factories import make_category, make_course, make_user


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Nature"},
        {"slug": "nature"},
        {"order": -1},
        {"active": False},
        {"name_synonyms": "a", "slogan": "b", "html_info": "<p>c</p>"},
        {"seo_title": "a", "seo_description": "b", "emotional_image_position": 0},
        {},
    ],
)
def test_changes_what_is_named(body: dict[str, Any]) -> None:
    admin, category = Api(make_user(role="admin")), make_category()
    answer = admin.patch(f"category/{category.pk}/", {"id": 99, **body})
    assert (answer.status, answer.body) == (200, category_shape(category, **body))
    assert revision(category) == (2 if body else 1)


def test_courses_show_it_as_it_is_now() -> None:
    admin, category = make_user(role="admin"), make_category()
    course = make_course(admin, categories=[category.pk])
    Api(admin).patch(f"category/{category.pk}/", {"name": "Nature"})
    assert Api().get(f"course/{course.pk}/").body["categories"] == [category_shape(category, name="Nature")]


@pytest.mark.parametrize("case", list(BAD_CATEGORY_FIELDS))
def test_bad_field(case: str) -> None:
    admin, category = Api(make_user(role="admin")), make_category()
    body, fault = BAD_CATEGORY_FIELDS[case]
    with nothing_changes():
        answer = admin.patch(f"category/{category.pk}/", body)
        assert (answer.status, answer.body) == (400, faults(fault))


def test_administrators_only() -> None:
    assert_admins_only("PATCH", f"category/{make_category().pk}/", {"name": "Mine"})


def test_unknown() -> None:
    answer = Api(make_user(role="admin")).patch("category/999999/", {"name": ""})
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_event() -> None:
    admin, category = make_user(role="admin"), make_category()
    Api(admin).patch(f"category/{category.pk}/", {"slogan": "Know"})
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.object_id, event.before, event.after) == (
        "category.changed",
        admin.pk,
        category.pk,
        '{"slogan":""}',
        '{"slogan":"Know"}',
    )
