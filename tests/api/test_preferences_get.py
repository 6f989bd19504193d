"""GET /api/v2/dynamic_preference/{id}/"""

import pytest

from coursewright.community.actions import set_preference
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, make_user


def test_whole_answer() -> None:
    for api in (Api(), Api(make_user())):
        answer = api.get("dynamic_preference/3/")
        assert (answer.status, answer.body) == (
            200,
            {"id": 3, "section": "configurations", "name": "courses_only_staff_enabled", "value": False},
        )


def test_a_value_that_was_set() -> None:
    set_preference("configurations.courses_only_staff_enabled", True, at=NOW, by=None)
    assert Api().get("dynamic_preference/3/").body["value"] is True


@pytest.mark.parametrize("id", ["0", "999", "undefined", "9" * 30])
def test_unknown(id: str) -> None:
    answer = Api().get(f"dynamic_preference/{id}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)
