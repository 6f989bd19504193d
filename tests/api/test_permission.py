"""GET /api/v2/user/me/permission/"""

import pytest

from coursewright.community.actions import set_preference
from tests.api.test_me import PERMISSION
from tests.client import NOT_AUTHENTICATED, Api
from tests.factories import NOW, make_user

STAFF_ONLY = "configurations.courses_only_staff_enabled"


def test_whole_answer() -> None:
    answer = Api(make_user()).get("user/me/permission/")
    assert (answer.status, answer.body, answer.statements) == (200, PERMISSION, 2)


@pytest.mark.parametrize(
    ("role", "staff_only", "may"),
    [
        ("", False, True),
        ("", True, False),
        ("editor", True, True),
        ("moderator", True, True),
        ("admin", True, True),
        ("admin", False, True),
    ],
)
def test_creating_courses(role: str, staff_only: bool, may: bool) -> None:
    set_preference(STAFF_ONLY, staff_only, at=NOW, by=None)
    api = Api(make_user(role=role))
    assert api.get("user/me/permission/").body == {**PERMISSION, "create_course": may}
    assert api.get("user/me/").body["permission"] == {**PERMISSION, "create_course": may}
    assert api.post("course/", {"name": "Maths", "type": "self-paced"}).status == (201 if may else 403)


def test_anonymous() -> None:
    answer = Api().get("user/me/permission/")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
