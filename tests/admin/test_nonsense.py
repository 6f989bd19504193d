"""Addresses and forms of the admin site with ids that are none: an answer, and never an error of the server."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.test import Client

from coursewright.courses.models import Course
from tests.factories import make_course, make_lesson, make_section, make_user

IDS = ("x", "0", "-1", "9223372036854775808", "9" * 30, "1" * 5000, "a\0b", "é")
TAILS = ("change/", "delete/", "history/")
RELATIONS = ("user", "course", "section", "lesson", "categories", "application", "created_by", "parent", "media")


@pytest.fixture
def browser() -> Client:
    """A browser in which an administrator is signed in, of a community where there is something to see."""
    make_lesson(make_section(make_course(make_user("ann"))))
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user("root", role="admin"))
    return browser


def addresses(page: str) -> Iterator[str]:
    for id in IDS:
        yield from (f"{page}{quote(id)}/{tail}" for tail in TAILS)
        for name in (*RELATIONS, "id"):
            yield from (
                f"{page}?{urlencode({key: id})}" for key in (name, f"{name}_id", f"{name}__in", f"{name}_id__in")
            )
        yield f"{page}?{urlencode({'q': id, 'p': id, 'o': id, '_to_field': id, '_popup': id})}"
        yield f"{page}add/?{urlencode(dict.fromkeys(RELATIONS, id))}"


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str), ids=lambda model: model._meta.model_name)
def test_pages(browser: Client, model: type) -> None:
    page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"  # type: ignore[attr-defined]
    assert [address for address in addresses(page) if browser.get(address).status_code >= 500] == []
    for action in ("delete_selected", "restore_selected", "revoke_selected", "x"):
        statuses = [browser.post(page, {"action": action, "_selected_action": id}).status_code for id in IDS]
        assert max(statuses) < 500


@pytest.mark.parametrize("parameter", ["term", "page", "app_label", "model_name", "field_name"])
def test_choices(browser: Client, parameter: str) -> None:
    asked = {"app_label": "coursewright", "model_name": "membership", "field_name": "user"}
    statuses = [browser.get(f"/admin/autocomplete/?{urlencode({**asked, parameter: id})}").status_code for id in IDS]
    assert max(statuses) < 500


def test_what_is_chosen_beside_nonsense_is_done(browser: Client) -> None:
    course = Course.objects.get()
    chosen = {"action": "delete_selected", "_selected_action": ["x", str(course.pk), "9" * 30], "post": "yes"}
    assert browser.post("/admin/coursewright/course/", chosen).status_code == 302
    course.refresh_from_db()
    assert course.deleted_at is not None


def test_numbers_in_a_search_are_what_is_looked_for(browser: Client) -> None:
    make_course(make_user("bob"), name=f"Number {'9' * 30}")
    page = browser.get(f"/admin/coursewright/course/?q={'9' * 30}").content.decode()
    assert f"Number {'9' * 30}" in page
