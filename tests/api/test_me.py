"""GET /api/v2/user/me/"""

from datetime import date

import pytest

from coursewright.accounts.models import User
from tests.client import NOT_AUTHENTICATED, Api
from tests.factories import make_user

PERMISSION = {
    "create_course": True,
    "create_contribute": False,
    "create_poll": False,
    "locate_post": False,
    "create_post": False,
    "create_group": False,
    "create_event": False,
    "create_live_stream": False,
    "follow_user": False,
    "request_connection": False,
    "accept_connection": False,
}


def test_whole_answer() -> None:
    ann = make_user(
        real_name="Ann Rossi",
        email="ann@example.org",
        email_is_valid=True,
        role="editor",
        language="it",
        ext_id="x-1",
        bio="Teacher",
        location="Turin",
        location_lat_lng="45.07,7.68",
        position_lat_lng="45,7",
        date_of_birth=date(1990, 2, 28),
        description="Likes maths",
        gender="Female",
        website="https://ann.example.org",
    )
    answer = Api(ann).get("user/me/")
    assert (answer.status, answer.body) == (
        200,
        {
            "id": ann.pk,
            "username": "ann",
            "real_name": "Ann Rossi",
            "avatar": None,
            "ext_id": "x-1",
            "followings_counter": None,
            "followers_counter": None,
            "posts_counter": None,
            "discussions_counter": None,
            "polls_counter": None,
            "connection_status": None,
            "categories_counter": None,
            "date_joined": "2026-11-23T10:00:00Z",
            "bio": "Teacher",
            "location": "Turin",
            "location_lat_lng": "45.07,7.68",
            "position_lat_lng": "45,7",
            "date_of_birth": "1990-02-28",
            "description": "Likes maths",
            "gender": "Female",
            "website": "https://ann.example.org",
            "cover": None,
            "tags": [],
            "reputation": 0,
            "community_badge": False,
            "reg_approved": True,
            "company_name": "",
            "company_role": "",
            "deleted": False,
            "deleted_at": None,
            "can_send_pm_to": False,
            "email": "ann@example.org",
            "email_isvalid": True,
            "language": "it",
            "status": "a",
            "role": "editor",
            "permission": PERMISSION,
            "unseen_interactions_counter": 0,
            "unseen_notification_banners_counter": 0,
        },
    )


def test_of_someone_who_said_nothing() -> None:
    body = Api(make_user()).get("user/me/").body
    assert {name: body[name] for name in ("real_name", "email", "email_isvalid", "language", "role", "gender")} == {
        "real_name": "",
        "email": "",
        "email_isvalid": False,
        "language": "en",
        "role": None,
        "gender": "Unspecified",
    }
    assert (body["bio"], body["website"], body["date_of_birth"]) == ("", "", None)


@pytest.mark.parametrize("role", ["admin", "moderator", "editor"])
def test_role(role: str) -> None:
    assert Api(make_user(role=role)).get("user/me/").body["role"] == role


def test_change_of_role_counts_at_once() -> None:
    api = Api(make_user())
    User.objects.update(role="moderator")
    assert api.get("user/me/").body["role"] == "moderator"


def test_anonymous() -> None:
    answer = Api().get("user/me/")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)


def test_other_methods() -> None:
    assert Api(make_user()).post("user/me/", {}).status == 405
