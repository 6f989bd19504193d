"""POST /api/v2/category/"""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from coursewright.community.models import Category
from coursewright.foundation.models import Event
from tests.api.authors import (
    BAD_CATEGORY_FIELDS,
    REQUIRED,
    assert_admins_only,
    category_shape,
    faults,
    nothing_changes,
    revision,
)
from tests.client import Api
from tests.factories import make_category, make_user

NEW = {"name": "Science", "slug": "science"}
TAKEN = (
    ("name", "unique", "Category with this name already exists."),
    ("slug", "unique", "Category with this slug already exists."),
)


def test_whole_answer() -> None:
    answer = Api(make_user(role="admin")).post("category/", NEW)
    assert (answer.status, answer.body) == (201, category_shape(Category.objects.get()))


def test_every_field() -> None:
    body = {
        "order": -5,
        "name": "Science",
        "name_synonyms": "knowledge",
        "slug": "Sci_1",
        "slogan": "Know",
        "html_info": '<p class="a">x</p>',
        "seo_title": "a",
        "seo_description": "b",
        "active": False,
        "emotional_image_position": 100,
    }
    answer = Api(make_user(role="admin")).post("category/", body)
    assert (answer.status, answer.body) == (201, category_shape(Category.objects.get(), **body))


def test_fields_of_other_parts_of_a_community_are_ignored() -> None:
    others = {"tags": [1], "followed": True, "auto_follow": "forced", "parents": [1], "stream_order_by": "x"}
    body = {**NEW, **others, "id": 99, "lastmod_datetime": "x", "followers_counter": 5, "content_only_staff": True}
    answer = Api(make_user(role="admin")).post("category/", body)
    assert (answer.status, answer.body) == (201, category_shape(Category.objects.get()))


def test_null_texts_are_empty_and_html_is_cleaned() -> None:
    nulls = dict.fromkeys(("name_synonyms", "slogan", "html_info", "seo_title", "seo_description"))
    answer = Api(make_user(role="admin")).post("category/", {**NEW, **nulls})
    assert (answer.status, answer.body) == (201, category_shape(Category.objects.get()))
    body = {"name": "Art", "slug": "art", "html_info": "<p onclick=x>y</p><script>z</script>"}
    assert Api(make_user("root", role="admin")).post("category/", body).body["html_info"] == "<p>y</p>"


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_forms(encoding: str) -> None:
    """An absent boolean keeps its default."""
    api = Api(make_user(role="admin"))
    if encoding == "form":
        answer = api.form("POST", "category/", **NEW)
    else:
        answer = api.multipart("POST", "category/", list(NEW.items()))
    assert (answer.status, answer.body) == (201, category_shape(Category.objects.get()))


def test_pictures(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    file = BytesIO()
    Image.new("RGB", (30, 20), (255, 0, 0)).save(file, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
    admin = Api(make_user(role="admin"))
    body = admin.post("category/", {**NEW, "image_original": url, "emotional_image_original": url}).body
    for field, pixels in (
        ("image_original", 1200),
        ("image_bigger", 1200),
        ("image_big", 600),
        ("image_medium", 300),
        ("image_small", 100),
        ("emotional_image_original", 1200),
    ):
        content = Api().call("GET", body[field].removeprefix("http://testserver")).body
        assert (field, Image.open(BytesIO(content)).size) == (field, (pixels, pixels))
    assert body["image_original"] == body["image_bigger"] != body["emotional_image_original"]
    kept = sorted(path.name for path in tmp_path.rglob("*.webp"))
    with nothing_changes():
        assert admin.post("category/", {**NEW, "image_original": url}).status == 400
    assert sorted(path.name for path in tmp_path.rglob("*.webp")) == kept, "a refused write leaves no files"


@pytest.mark.parametrize("name", ["SCIENCE", " science ", "\uff33cience"])
def test_name_and_slug_are_taken(name: str) -> None:
    admin = Api(make_user(role="admin"))
    make_category()
    with nothing_changes():
        answer = admin.post("category/", {"name": name, "slug": "science"})
        assert (answer.status, answer.body) == (400, faults(*TAKEN))


def test_name_and_slug_of_a_deleted_one_are_free() -> None:
    admin = Api(make_user(role="admin"))
    admin.delete(f"category/{make_category().pk}/")
    assert admin.post("category/", NEW).status == 201


@pytest.mark.parametrize("case", list(BAD_CATEGORY_FIELDS))
def test_bad_field(case: str) -> None:
    admin = Api(make_user(role="admin"))
    body, fault = BAD_CATEGORY_FIELDS[case]
    with nothing_changes():
        answer = admin.post("category/", {**NEW, **body})
        assert (answer.status, answer.body) == (400, faults(fault))


def test_all_faults_at_once_in_the_order_of_the_schema() -> None:
    admin = Api(make_user(role="admin"))
    make_category()
    with nothing_changes():
        answer = admin.post("category/", {"active": "x", "name": "Science", "order": "x"})
        assert [error["field"] for error in answer.body["errors"]] == ["order", "name", "slug", "active"]
        answer = admin.post("category/")
        assert (answer.status, answer.body) == (
            400,
            faults(("name", "required", REQUIRED), ("slug", "required", REQUIRED)),
        )


def test_administrators_only() -> None:
    assert_admins_only("POST", "category/", {"name": ""})


def test_event() -> None:
    admin = make_user(role="admin")
    category = Api(admin).post("category/", NEW).body["id"]
    event = Event.objects.latest("id")
    assert (event.kind, event.actor_id, event.course_id, event.object_id, event.before) == (
        "category.created",
        admin.pk,
        None,
        category,
        "{}",
    )
    assert revision(Category(pk=category)) == 1


def test_statements_do_not_grow() -> None:
    admin = Api(make_user(role="admin"))
    few = admin.post("category/", NEW).statements
    for place in range(29):
        make_category(f"Category {place}")
    assert admin.post("category/", {"name": "Art", "slug": "art"}).statements == few
