"""Categories and preferences, each written by its action."""

from typing import Any

import pytest

from coursewright.accounts.models import User
from coursewright.community import rules
from coursewright.community.models import Category
from coursewright.community.queries import preference
from coursewright.foundation.models import Event
from tests.admin.browser import Form, errors, events, send, signed_in
from tests.factories import NOW, make_category, make_course, make_user

CATEGORIES, PREFERENCES = "/admin/coursewright/category/", "/admin/coursewright/preference/"


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


def test_adding_a_category(boss: User) -> None:
    values = {"name": "Arts", "slug": "arts", "order": "3", "html_info": "<p onclick=x>A</p>"}
    page = send(signed_in(boss), f"{CATEGORIES}add/", **values)
    category = Category.objects.get()
    assert (page.status_code, category.name_key, category.position, category.active) == (302, "arts", 3, True)
    assert (category.html_info, category.changed_at) == ("<p>A</p>", NOW)
    assert events(1) == [("category.created", category.pk, boss.pk)]


def test_changing_a_category(boss: User) -> None:
    category = make_category()
    page = send(signed_in(boss), f"{CATEGORIES}{category.pk}/change/", name="Arts", active=None)
    category.refresh_from_db()
    assert (page.status_code, category.name, category.slug, category.active) == (302, "Arts", "science", False)
    assert (category.revision, events(2)) == (2, [("category.changed", category.pk, boss.pk)])


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": "ARTS"}, {"name": ["Category with this name already exists."]}),
        ({"slug": "arts"}, {"slug": ["Category with this slug already exists."]}),
        ({"order": "x"}, {"order": ["Enter a whole number."]}),
        ({"order": "2147483648"}, {"order": ["Ensure this value is less than or equal to 2147483647."]}),
        (
            {"emotional_image_position": "101"},
            {"emotional_image_position": ["Ensure this value is less than or equal to 100."]},
        ),
    ],
)
def test_what_is_refused(boss: User, values: dict[str, Any], wrong: dict[str, list[str]]) -> None:
    category = make_category()
    make_category("Arts")
    assert errors(send(signed_in(boss), f"{CATEGORIES}{category.pk}/change/", **values)) == wrong
    assert events(3) == []


def test_deleting_a_category(boss: User) -> None:
    category = make_category()
    course = make_course(boss, categories=[category.pk])
    before = Event.objects.count()
    client = signed_in(boss)
    assert client.post(f"{CATEGORIES}{category.pk}/delete/", {"post": "yes"}).status_code == 302
    category.refresh_from_db()
    assert (category.deleted_at, events(before)) == (NOW, [("category.deleted", category.pk, boss.pk)])
    assert send(client, f"/admin/coursewright/course/{course.pk}/change/").status_code == 302
    assert events(before)[1:] == []


def test_all_preferences_are_shown_with_their_values(boss: User) -> None:
    page = signed_in(boss).get(PREFERENCES)
    form = page.context["adminform"].form
    assert list(form.fields) == [known.key for known in rules.KNOWN]
    assert form.initial == {known.key: known.default for known in rules.KNOWN}
    shown = Form(page.content.decode()).values
    assert (shown["configurations.courses_enabled"], shown["colors.colorprimary"]) == (["on"], ["#1f5f8b"])


def test_setting_preferences(boss: User) -> None:
    changes = {"configurations.content_availability": None, "colors.colorprimary": "#000000"}
    client = signed_in(boss)
    assert send(client, PREFERENCES, **changes).status_code == 302
    assert preference("configurations", "content_availability") is False
    assert preference("colors", "colorprimary") == "#000000"
    ids = [rules.IDS[key] for key in ("configurations.content_availability", "colors.colorprimary")]
    assert events(1) == [("preference.changed", id, boss.pk) for id in ids]
    assert send(client, PREFERENCES).status_code == 302
    assert events(3) == []


def test_a_preference_that_is_refused(boss: User) -> None:
    changes = {"configurations.content_availability": None, "colors.colorprimary": "x" * 2001}
    page = send(signed_in(boss), PREFERENCES, **changes)
    wrong = {"colors.colorprimary": ["Ensure this value has at most 2000 characters (it has 2001)."]}
    assert dict(page.context["errors"]) == wrong
    assert events(1) == []
