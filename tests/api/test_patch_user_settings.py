"""PATCH /api/v2/user/{id}/settings/"""

from typing import Any

import pytest

from coursewright.accounts.models import User
from coursewright.notifications.models import Notification
from tests.api.authors import BAD_NUMBER, NULL, faults, nothing_changes
from tests.api.test_get_user_settings import DEFAULTS
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import make_course, make_invited, make_user

LEAST = "Ensure this value is greater than or equal to {}."
MOST = "Ensure this value is less than or equal to 1."


def path(user: User) -> str:
    return f"user/{user.pk}/settings/"


def test_what_is_named_changes() -> None:
    ann, bob = make_user(), make_user("bob")
    api = Api(ann)
    answer = api.patch(path(ann), {"qa_frequency": 1})
    assert (answer.status, answer.body) == (200, {**DEFAULTS, "qa_frequency": 1})
    others = {
        "email_notification_not_qa": 0,
        "mobile_notifications_scmty": -1,
        "show_toast_notifications": 0,
        "toast_notifications_emit_sound": "1",
    }
    changed = {**others, "qa_frequency": 1, "toast_notifications_emit_sound": 1}
    assert api.patch(path(ann), {**others, "color": "red"}).body == changed
    with nothing_changes():
        assert api.patch(path(ann), {})[:2] == (200, changed)
        assert api.get(path(ann)).body == changed
    assert api.form("PATCH", path(ann), qa_frequency="-1").body == {**changed, "qa_frequency": -1}
    assert Api(bob).get(path(bob)).body == DEFAULTS


def test_no_more_mails_means_those_that_wait_too() -> None:
    people = [make_user(name, email=f"{name}@example.org") for name in ("leo", "kay")]
    course = make_course(make_user())
    for user in people:
        make_invited(course, user)
    Api(people[0]).patch(path(people[0]), {"qa_frequency": 0})
    assert dict(Notification.objects.values_list("user__username", "is_mailed")) == {"leo": True, "kay": False}


@pytest.mark.parametrize(
    "body, fault",
    [
        ({"qa_frequency": 2}, ("qa_frequency", "invalid_choice", '"2" is not a valid choice.')),
        ({"qa_frequency": True}, ("qa_frequency", "invalid_choice", '"True" is not a valid choice.')),
        ({"qa_frequency": ""}, ("qa_frequency", "invalid_choice", '"" is not a valid choice.')),
        ({"qa_frequency": None}, ("qa_frequency", "null", NULL)),
        ({"email_notification_not_qa": -2}, ("email_notification_not_qa", "min_value", LEAST.format(-1))),
        ({"mobile_notifications_scmty": 10**30}, ("mobile_notifications_scmty", "max_value", MOST)),
        ({"show_toast_notifications": -1}, ("show_toast_notifications", "min_value", LEAST.format(0))),
        ({"show_toast_notifications": True}, ("show_toast_notifications", "invalid", BAD_NUMBER)),
        ({"toast_notifications_emit_sound": "x"}, ("toast_notifications_emit_sound", "invalid", BAD_NUMBER)),
        ({"toast_notifications_emit_sound": None}, ("toast_notifications_emit_sound", "null", NULL)),
        ({"toast_notifications_emit_sound": []}, ("toast_notifications_emit_sound", "invalid", BAD_NUMBER)),
    ],
)
def test_bad_bodies(body: Any, fault: tuple[str, str, str]) -> None:
    ann = make_user()
    answer = Api(ann).patch(path(ann), {"show_toast_notifications": 0, **body})
    assert (answer.status, answer.body) == (400, faults(fault))
    assert Api(ann).get(path(ann)).body == DEFAULTS


def test_who_may_not() -> None:
    ann, root = make_user(), make_user("root", role="admin")
    body = {"qa_frequency": 9}
    assert Api(root).patch(path(ann), body)[:2] == (403, FORBIDDEN)
    assert Api().patch(path(ann), body)[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").patch(path(ann), body)[:2] == (401, BAD_TOKEN)
    for id in (999_999, "undefined"):
        assert Api(ann).patch(f"user/{id}/settings/", body)[:2] == (404, NOT_FOUND)
    assert Api(ann).put(path(ann), body).status == 405
