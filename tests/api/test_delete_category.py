"""DELETE /api/v2/category/{id}/"""

from coursewright.foundation.models import Event
from tests.api.authors import assert_admins_only, category_shape, nothing_changes, revision
from tests.client import NOT_FOUND, Api
from tests.factories import make_category, make_course, make_user


def test_whole_answer() -> None:
    admin, category = make_user(role="admin"), make_category()
    answer = Api(admin).delete(f"category/{category.pk}/")
    assert (answer.status, answer.body) == (204, None)
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.object_id, event.after) == (
        "category.deleted",
        admin.pk,
        category.pk,
        '{"deleted_at":"2026-11-23T10:00:00Z"}',
    )
    assert revision(category) == 2
    with nothing_changes():
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            again = Api(admin).call(method, f"category/{category.pk}/")
            assert (method, again.status, again.body) == (method, 404, NOT_FOUND)


def test_courses_lose_it() -> None:
    admin, science, art = make_user(role="admin"), make_category(), make_category("Art")
    course = make_course(admin, categories=[science.pk, art.pk])
    Api(admin).delete(f"category/{science.pk}/")
    assert Api().get(f"course/{course.pk}/").body["categories"] == [category_shape(art)]
    assert Api().get("course/search/", categories=science.pk).body["results"] == []


def test_administrators_only() -> None:
    assert_admins_only("DELETE", f"category/{make_category().pk}/")


def test_unknown() -> None:
    for id in ("999999", "undefined"):
        answer = Api(make_user(f"root{id}", role="admin")).delete(f"category/{id}/")
        assert (answer.status, answer.body) == (404, NOT_FOUND)
