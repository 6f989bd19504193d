"""PATCH /api/v2/user/{id}/"""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from coursewright.accounts.actions import delete_user
from coursewright.accounts.models import User
from coursewright.foundation.models import Event
from tests.api.authors import NO_IMAGE, NUL, NULL, SURROGATE, TOO_LONG, TOO_MUCH, faults, nothing_changes
from tests.api.test_course_images import NOT_AN_IMAGE, data_url, files, picture
from tests.api.threads import comment_path, make_comment, make_learner, make_place, make_reply
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import NOW, make_user

FIELDS = {
    "real_name": "Ann Rossi",
    "bio": "Teacher",
    "location": "Turin",
    "location_lat_lng": "45.07,7.68",
    "position_lat_lng": "45,7",
    "date_of_birth": "1990-02-28",
    "description": "Likes maths",
    "gender": "Female",
    "website": "https://ann.example.org",
}
EMPTY: dict[str, Any] = {**dict.fromkeys(FIELDS, ""), "date_of_birth": None, "gender": "Unspecified"}
SIZES = {"avatar": (300, 300), "cover": (1600, 400)}
BAD_DATE = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def path(user: User) -> str:
    return f"user/{user.pk}/"


def size_of(address: str) -> tuple[int, int]:
    answer = Api().call("GET", address.removeprefix("http://testserver"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
    return Image.open(BytesIO(answer.body)).size


def test_every_field() -> None:
    ann = make_user()
    api = Api(ann)
    before = api.get(path(ann)).body
    answer = api.patch(path(ann), FIELDS)
    assert (answer.status, answer.body) == (200, {**before, **FIELDS})
    assert api.get("user/me/").body["real_name"] == "Ann Rossi"
    assert [user["id"] for user in api.get("user/search/", user="rossi").body["results"]] == [ann.pk]
    event = Event.objects.latest("id")
    assert (event.kind, event.object_id, event.actor_id) == ("user.changed", ann.pk, ann.pk)
    with nothing_changes():
        assert api.patch(path(ann), FIELDS).body == answer.body
        assert api.patch(path(ann), {}).body == answer.body
    assert api.form("PATCH", path(ann), **{**EMPTY, "date_of_birth": ""}).body == before


@pytest.mark.parametrize("field", FIELDS)
def test_one_field_changes_nothing_else(field: str) -> None:
    ann = make_user(bio="Old", location="Rome")
    before = Api(ann).get(path(ann)).body
    assert Api(ann).patch(path(ann), {field: FIELDS[field]}).body == {**before, field: FIELDS[field]}


def test_what_people_do_not_change_of_themselves() -> None:
    ann = make_user(email="ann@example.org")
    body = {
        "id": 9,
        "username": "root",
        "email": "x@example.org",
        "role": "admin",
        "language": "it",
        "ext_id": "x",
        "reputation": 9,
        "deleted": True,
        "date_joined": "2020-01-01T00:00:00Z",
        "tags": [1],
    }
    with nothing_changes():
        assert Api(ann).patch(path(ann), body).status == 200


@pytest.mark.parametrize(
    "body, fault",
    [
        ({"real_name": "x" * 256}, ("real_name", "max_length", TOO_LONG)),
        ({"real_name": None}, ("real_name", "null", NULL)),
        ({"real_name": "\0"}, ("real_name", "invalid", NUL)),
        ({"real_name": "\ud800"}, ("real_name", "invalid", SURROGATE)),
        ({"bio": "x" * 2001}, ("bio", "max_length", TOO_MUCH)),
        ({"description": "x" * 2001}, ("description", "max_length", TOO_MUCH)),
        ({"location": "x" * 256}, ("location", "max_length", TOO_LONG)),
        ({"location_lat_lng": "x" * 256}, ("location_lat_lng", "max_length", TOO_LONG)),
        ({"position_lat_lng": "x" * 256}, ("position_lat_lng", "max_length", TOO_LONG)),
        ({"date_of_birth": "1990-02-30"}, ("date_of_birth", "invalid", BAD_DATE)),
        ({"date_of_birth": 5}, ("date_of_birth", "invalid", BAD_DATE)),
        ({"date_of_birth": ["1990-02-28"]}, ("date_of_birth", "invalid", BAD_DATE)),
        ({"date_of_birth": "1990-02-28\0"}, ("date_of_birth", "invalid", BAD_DATE)),
        ({"gender": "male"}, ("gender", "invalid_choice", '"male" is not a valid choice.')),
        ({"gender": None}, ("gender", "null", NULL)),
        ({"website": "ann"}, ("website", "invalid", "Enter a valid URL.")),
        ({"website": "javascript:alert(1)"}, ("website", "invalid", "Enter a valid URL.")),
        ({"website": f"https://example.org/{'x' * 2000}"}, ("website", "max_length", TOO_MUCH)),
        ({"avatar": {}}, ("avatar", "invalid_image", NO_IMAGE)),
        ({"avatar": 5}, ("avatar", "invalid_image", NO_IMAGE)),
        ({"cover": "https://example.org/x.png"}, ("cover", "invalid_image", NO_IMAGE)),
        ({"cover": data_url(b"<svg/>")}, ("cover", "invalid_image", NOT_AN_IMAGE)),
    ],
)
def test_bad_bodies(body: Any, fault: tuple[str, str, str], storage: Path) -> None:
    ann = make_user()
    with nothing_changes():
        answer = Api(ann).patch(path(ann), {"location": "Turin", "avatar": data_url(picture()), **body})
    assert (answer.status, answer.body, files(storage)) == (400, faults(fault), 0)


@pytest.mark.parametrize("field", SIZES)
def test_pictures(field: str) -> None:
    """As a file or a data URL; null, an empty text and no picture are the same; the other one stays."""
    ann = make_user()
    api = Api(ann)
    before = api.get(path(ann)).body
    answer = api.multipart("PATCH", path(ann), [("bio", "Teacher"), (field, ("x.png", picture(), "image/png"))])
    assert answer.status == 200
    address = answer.body[field]
    assert answer.body == {**before, "bio": "Teacher", field: address}
    assert address.startswith("http://testserver/media/images/")
    assert size_of(address) == SIZES[field]
    assert api.patch(path(ann), {"bio": ""}).body == {**before, field: address}
    for nothing in (None, ""):
        other = api.patch(path(ann), {field: data_url(picture("JPEG", (40, 900)), "image/jpeg")}).body[field]
        assert (other != address, size_of(other)) == (True, SIZES[field])
        assert api.patch(path(ann), {field: nothing}).body == before
    assert api.form("PATCH", path(ann), **{field: ""}).body == before


def test_too_large_a_body() -> None:
    ann = make_user()
    answer = Api(ann).patch(path(ann), {"avatar": "data:image/png;base64," + "A" * 8 * 1024 * 1024})
    assert answer.status == 413


def test_the_avatar_is_seen_wherever_the_person_is() -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    addresses = {
        user.pk: Api(user).patch(path(user), {"avatar": data_url(picture())}).body["avatar"] for user in (ann, leo)
    }
    asked = make_comment(lesson, leo)
    make_reply(asked, ann)
    course, api = f"course/{lesson.course_id}/", Api(ann)
    comment = api.get(comment_path(asked)).body
    seen = [
        api.get("user/me/").body,
        api.get(course).body["created_by"],
        api.get(f"{course}section/{lesson.section_id}/lesson/{lesson.pk}/").body["created_by"],
        comment["created_by"],
        comment["latest_reply"]["created_by"],
        api.get(f"{course}comment/").body["results"][0]["replies"][0]["created_by"],
        api.get(f"{course}join/").body["results"][0],
        api.get(f"{course}users/").body["results"][0],
        api.get("notification/").body["results"][0]["aggregated"][0]["user"],
        api.get("notification/").body["results"][0]["aggregated"][0]["course"]["created_by"],
        api.get("user/search/", user="leo").body["results"][0],
    ]
    assert [(user["id"], user["avatar"]) for user in seen] == [(user["id"], addresses[user["id"]]) for user in seen]
    assert {user["id"] for user in seen} == {ann.pk, leo.pk}


def test_who_may_not() -> None:
    ann, root = make_user(), make_user("root", role="admin")
    gone, body = make_user("gone"), {"real_name": None}
    delete_user(gone, at=NOW, by=None)
    with nothing_changes():
        assert Api(root).patch(path(ann), body)[:2] == (403, FORBIDDEN)
        assert Api().patch(path(ann), body)[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").patch(path(ann), body)[:2] == (401, BAD_TOKEN)
        for id in (999_999, "undefined", "9" * 30):
            assert Api(ann).patch(f"user/{id}/", body)[:2] == (404, NOT_FOUND)
        assert Api(ann).patch(path(gone), body)[:2] == (404, NOT_FOUND)
    assert Api(ann).put(path(ann), {"real_name": "Ann"}).status == 405


def test_statements() -> None:
    ann = make_user()
    assert Api(ann).patch(path(ann), FIELDS).statements == 9
