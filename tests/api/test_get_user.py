"""GET /api/v2/user/{id}/"""

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.accounts.models import User
from coursewright.community.actions import set_preference
from tests.client import NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import NOW, make_user

PRIVATE = ("email", "email_isvalid", "language", "status", "role", "permission")


def test_whole_answer() -> None:
    ann = make_user(real_name="Ann Rossi", email="ann@example.org", role="admin", bio="Teacher")
    answer = Api(make_user("bob")).get(f"user/{ann.pk}/")
    assert (answer.status, answer.body) == (
        200,
        {
            "id": ann.pk,
            "username": "ann",
            "real_name": "Ann Rossi",
            "avatar": None,
            "ext_id": "",
            "followings_counter": None,
            "followers_counter": None,
            "posts_counter": None,
            "discussions_counter": None,
            "polls_counter": None,
            "connection_status": None,
            "categories_counter": None,
            "date_joined": "2026-11-23T10:00:00Z",
            "bio": "Teacher",
            "location": "",
            "location_lat_lng": "",
            "position_lat_lng": "",
            "date_of_birth": None,
            "description": "",
            "gender": "Unspecified",
            "website": "",
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
        },
    )


def test_the_same_for_everyone() -> None:
    ann, root = make_user(), make_user("root", role="admin")
    mine = Api(ann).get(f"user/{ann.pk}/").body
    assert [Api(user).get(f"user/{ann.pk}/").body for user in (root, None)] == [mine, mine]
    assert set(mine).isdisjoint(PRIVATE)


@pytest.mark.parametrize("id", ["0", "999999", "-1", "undefined", "1.0", "9" * 30, "%00", "ä", "٣"])
def test_unknown(id: str) -> None:
    answer = Api(make_user()).get(f"user/{id}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_deleted() -> None:
    ann = make_user()
    delete_user(ann, at=NOW, by=None)
    answer = Api(make_user("bob")).get(f"user/{ann.pk}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_disabled_people_stay_visible() -> None:
    ann = make_user()
    User.objects.update(is_active=False)
    assert Api().get(f"user/{ann.pk}/").status == 200


def test_anonymous_where_content_is_for_members() -> None:
    ann = make_user()
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    for id in (ann.pk, 999_999):
        answer = Api().get(f"user/{id}/")
        assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert Api(ann).get(f"user/{ann.pk}/").status == 200
