"""PUT /api/v2/category/{id}/"""

from datetime import timedelta

import pytest

from tests.api.authors import (
    BAD_CATEGORY_FIELDS,
    REQUIRED,
    assert_admins_only,
    category_shape,
    faults,
    nothing_changes,
    revision,
)
from tests.client import NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.conftest import Clock
from tests.factories import NOW, make_category, make_user

SAME = {"name": "Science", "slug": "science"}


def test_whole_answer(clock: Clock) -> None:
    admin = Api(make_user(role="admin"))
    category = make_category(slogan="Know", order=3, active=False)
    clock.set(NOW + timedelta(hours=1))
    answer = admin.put(f"category/{category.pk}/", {"name": "Nature", "slug": "science", "seo_title": "x"})
    assert (answer.status, answer.body) == (
        200,
        category_shape(
            category,
            name="Nature",
            slogan="Know",
            order=3,
            active=False,
            seo_title="x",
            lastmod_datetime="2026-11-23T11:00:00Z",
        ),
    )
    assert revision(category) == 2


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_forms_switch_nothing_off(encoding: str) -> None:
    admin = Api(make_user(role="admin"))
    category = make_category()
    if encoding == "form":
        answer = admin.form("PUT", f"category/{category.pk}/", **SAME, slogan="x")
    else:
        answer = admin.multipart("PUT", f"category/{category.pk}/", [*SAME.items(), ("slogan", "x")])
    assert (answer.status, answer.body) == (200, category_shape(category, slogan="x"))


def test_nothing_is_written_when_nothing_changes(clock: Clock) -> None:
    admin = Api(make_user(role="admin"))
    category = make_category()
    clock.set(NOW + timedelta(hours=1))
    with nothing_changes():
        answer = admin.put(f"category/{category.pk}/", {**SAME, "slogan": None, "image_original": None, "order": "0"})
        assert (answer.status, answer.body) == (200, category_shape(category))


@pytest.mark.parametrize("case", list(BAD_CATEGORY_FIELDS))
def test_bad_field(case: str) -> None:
    admin, category = Api(make_user(role="admin")), make_category()
    body, fault = BAD_CATEGORY_FIELDS[case]
    with nothing_changes():
        answer = admin.put(f"category/{category.pk}/", {**SAME, **body})
        assert (answer.status, answer.body) == (400, faults(fault))


def test_name_and_slug_are_required() -> None:
    admin, category = Api(make_user(role="admin")), make_category()
    with nothing_changes():
        answer = admin.put(f"category/{category.pk}/", {"order": 1})
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("slug", "required", REQUIRED)),
        )


def test_name_and_slug_of_another() -> None:
    admin, category = Api(make_user(role="admin")), make_category()
    make_category("Art")
    with nothing_changes():
        answer = admin.put(f"category/{category.pk}/", {"name": "ART", "slug": "art"})
        assert (answer.status, answer.body) == (
            400,
            faults(
                ("name", "unique", "Category with this name already exists."),
                ("slug", "unique", "Category with this slug already exists."),
            ),
        )
    assert admin.put(f"category/{category.pk}/", {"name": "SCIENCE", "slug": "science"}).status == 200


def test_administrators_only() -> None:
    assert_admins_only("PUT", f"category/{make_category().pk}/", {"name": ""})


def test_of_two_faults_the_earlier_check_speaks() -> None:
    bob, admin = Api(make_user("bob")), Api(make_user("root", role="admin"))
    with nothing_changes():
        assert Api().call("PUT", "category/999/", b"{").body == NOT_AUTHENTICATED
        assert bob.call("PUT", "category/999/", b"{").body == NOT_FOUND
        assert admin.call("PUT", "category/undefined/", b"{").body == NOT_FOUND
