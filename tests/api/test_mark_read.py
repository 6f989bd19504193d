"""POST /api/v2/notification/read/"""

from typing import Any
from urllib.parse import urlencode

import pytest

from coursewright.notifications.models import Notification
from tests.api.authors import BAD_TEXT, NO_LIST, NULL, REQUIRED, faults, nothing_changes
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Api
from tests.factories import make_course, make_invited, make_user
from tests.notifications.told import sid
from tests.wire.test_lists import encodings

PATH = "notification/read/"
FORM = "application/x-www-form-urlencoded"


def new() -> list[int]:
    return [*Notification.objects.filter(is_new=True).order_by("id").values_list("pk", flat=True)]


def test_those_named_are_read() -> None:
    ann, leo = make_user(), make_user("leo")
    for name in ("One", "Two", "Three"):
        make_invited(make_course(ann, name), leo)
    one, two, three = Notification.objects.order_by("id")
    api = Api(leo)
    assert api.post(PATH, {"sids": [sid(one), sid(three), sid(one)]})[:2] == (204, None)
    assert new() == [two.pk]
    with nothing_changes():
        assert api.post(PATH, {"sids": [sid(one)]})[:2] == (204, None)


def test_unknown_ones_and_those_of_others_are_ignored() -> None:
    course = make_course(make_user())
    for name in ("leo", "kay"):
        make_invited(course, make_user(name))
    mine, foreign = Notification.objects.order_by("user__username")
    unknown = ["", "n", "n0", "x1", str(mine.pk), "n-1", "n999999", "n" + "9" * 30, "n\u0661", "ä", "n1.0", 5]
    with nothing_changes():
        assert Api(mine.user).post(PATH, {"sids": [*unknown, sid(foreign)]})[:2] == (204, None)
        assert Api(mine.user).post(PATH, {"sids": []})[:2] == (204, None)
    assert Api(mine.user).post(PATH, {"sids": [*unknown, sid(mine)]}).status == 204
    assert new() == [foreign.pk]


def test_every_encoding_of_the_list() -> None:
    course, leo = make_course(make_user()), make_user("leo")
    make_invited(course, leo)
    make_invited(make_course(course.created_by, "Physics"), leo)
    for pairs in encodings("sids", [sid(notification) for notification in Notification.objects.all()]).values():
        Notification.objects.update(is_new=True)
        answer = Api(leo).call(
            "POST", PATH, urlencode(pairs).encode(), content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status, new()) == (204, [])


@pytest.mark.parametrize(
    "body, fault",
    [
        ({}, ("sids", "required", REQUIRED)),
        ({"sids": None}, ("sids", "null", NULL)),
        ({"sids": {"a": 1}}, ("sids", "invalid", NO_LIST)),
        ({"sids": [["n1"]]}, ("sids", "invalid", f"sids[0]: {BAD_TEXT}")),
        ({"sids": [True]}, ("sids", "invalid", f"sids[0]: {BAD_TEXT}")),
        ({"sids": ["n1"] * 1001}, ("sids", "max_length", "No more than 1000 items.")),
    ],
)
def test_bad_bodies(body: Any, fault: tuple[str, str, str]) -> None:
    answer = Api(make_user()).post(PATH, body)
    assert (answer.status, answer.body) == (400, faults(fault))


def test_who_may_not() -> None:
    assert Api().post(PATH, {"sids": []})[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").post(PATH, {})[:2] == (401, BAD_TOKEN)


def test_statements_do_not_grow() -> None:
    ann, leo = make_user(), make_user("leo")
    for place in range(31):
        make_invited(make_course(ann, f"Course {place}"), leo)
    found = [sid(notification) for notification in Notification.objects.all()]
    few, many = (Api(leo).post(PATH, {"sids": part}).statements for part in (found[:1], found[1:]))
    assert (few, many) == (2, 2)
