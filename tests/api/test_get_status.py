"""GET /api/v2/course/{id}/status/"""

import pytest

from tests.api.learners import make_people
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import make_course, make_user

SEES = {
    "open": ["creator", "manager", "joined", "invited", "requested", "left", "stranger"],
    "private": ["creator", "manager", "joined", "invited", "requested", "left", "stranger"],
    "secret": ["creator", "manager", "joined", "invited"],
    "": ["creator", "manager"],
}


@pytest.mark.parametrize("privacy", SEES)
def test_everyone_who_sees_the_course_hears_how_they_stand_to_it(privacy: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=privacy)
    for who, user in {"creator": ann, **make_people(course)}.items():
        answer = Api(user).get(f"course/{course.pk}/status/")
        status = None if who in ("left", "stranger") else who
        expected = (200, {"status": status}) if who in SEES[privacy] else (404, NOT_FOUND)
        assert (who, *answer[:2]) == (who, *expected)


def test_anonymous() -> None:
    course = make_course(make_user())
    for id in (course.pk, 999999):
        assert Api().get(f"course/{id}/status/")[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").get(f"course/{id}/status/")[:2] == (401, BAD_TOKEN)


def test_unknown_course() -> None:
    api = Api(make_user())
    for id in ("999999", "undefined", "9" * 30):
        assert api.get(f"course/{id}/status/")[:2] == (404, NOT_FOUND)


def test_statements() -> None:
    ann = make_user()
    assert Api(ann).get(f"course/{make_course(ann).pk}/status/").statements == 2
