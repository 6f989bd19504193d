"""GET /api/v2/category/{id}/"""

import pytest

from coursewright.community.actions import set_preference
from tests.api.authors import category_shape
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import NOW, make_category, make_user


def test_whole_answer() -> None:
    category = make_category()
    make_category("Art")
    for api in (Api(), Api(make_user())):
        answer = api.get(f"category/{category.pk}/")
        assert (answer.status, answer.body) == (200, category_shape(category))


def test_inactive_ones_too() -> None:
    category = make_category(active=False)
    assert Api().get(f"category/{category.pk}/").body == category_shape(category, active=False)


@pytest.mark.parametrize("id", ["0", "999999", "undefined", "9" * 30, "-1"])
def test_unknown(id: str) -> None:
    make_category()
    answer = Api().get(f"category/{id}/")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_readers() -> None:
    category = make_category()
    assert Api(token="nonsense").get(f"category/{category.pk}/").body == BAD_TOKEN
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    for id in (category.pk, 999999):
        answer = Api().get(f"category/{id}/")
        assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert Api(make_user()).get(f"category/{category.pk}/").status == 200
