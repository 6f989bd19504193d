"""PATCH /api/v2/dynamic_preference/"""

from typing import Any

import pytest

from coursewright.community import rules
from coursewright.foundation.models import Event
from tests.api.authors import assert_admins_only, faults, nothing_changes
from tests.client import Api
from tests.factories import make_user

STAFF_ONLY = "configurations.courses_only_staff_enabled"
COLOUR = "colors.colorprimary"


def row(key: str, value: Any) -> dict[str, Any]:
    section, name = key.split(".")
    return {"id": rules.IDS[key], "section": section, "name": name, "value": value}


def test_whole_answer() -> None:
    """Those that were named, whether or not they changed, in the order of their ids."""
    admin = make_user(role="admin")
    body = {COLOUR: "#000000", STAFF_ONLY: True, "configurations.courses_enabled": True}
    answer = Api(admin).patch("dynamic_preference/", body)
    assert (answer.status, answer.body) == (
        200,
        {
            "count": 3,
            "next": None,
            "previous": None,
            "results": [row("configurations.courses_enabled", True), row(STAFF_ONLY, True), row(COLOUR, "#000000")],
        },
    )
    assert Api().get(f"dynamic_preference/{rules.IDS[STAFF_ONLY]}/").body == row(STAFF_ONLY, True)
    events = Event.objects.filter(object_type="preference").order_by("id")
    assert [(event.kind, event.actor_id, event.object_id, event.before, event.after) for event in events] == [
        ("preference.changed", admin.pk, rules.IDS[COLOUR], f'{{"{COLOUR}":"#1f5f8b"}}', f'{{"{COLOUR}":"#000000"}}'),
        (
            "preference.changed",
            admin.pk,
            rules.IDS[STAFF_ONLY],
            f'{{"{STAFF_ONLY}":false}}',
            f'{{"{STAFF_ONLY}":true}}',
        ),
    ]


def test_counts_at_once() -> None:
    admin = Api(make_user(role="admin"))
    admin.patch("dynamic_preference/", {STAFF_ONLY: True})
    new = {"name": "Maths", "type": "self-paced"}
    bob = Api(make_user("bob"))
    assert (bob.post("course/", new).status, bob.get("user/me/permission/").body["create_course"]) == (403, False)
    admin.patch("dynamic_preference/", {STAFF_ONLY: False})
    assert (bob.post("course/", new).status, bob.get("user/me/permission/").body["create_course"]) == (201, True)


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_a_form_writes_kinds_as_text(encoding: str) -> None:
    admin = Api(make_user(role="admin"))
    if encoding == "form":
        answer = admin.form("PATCH", "dynamic_preference/", **{STAFF_ONLY: "true", COLOUR: "true"})
    else:
        answer = admin.multipart("PATCH", "dynamic_preference/", [(STAFF_ONLY, "true"), (COLOUR, "true")])
    assert (answer.status, answer.body["results"]) == (200, [row(STAFF_ONLY, True), row(COLOUR, "true")])


def test_nothing_named_nothing_changed() -> None:
    admin = Api(make_user(role="admin"))
    with nothing_changes():
        for body in (None, {}):
            answer = admin.patch("dynamic_preference/", body)
            assert (answer.status, answer.body) == (
                200,
                {"count": 0, "next": None, "previous": None, "results": []},
            )
        assert admin.patch("dynamic_preference/", {STAFF_ONLY: False}).body["count"] == 1


@pytest.mark.parametrize("value", ["maybe", "", 1, 0, [], {}, [True], 1.5])
def test_no_boolean(value: Any) -> None:
    admin = Api(make_user(role="admin"))
    with nothing_changes():
        answer = admin.patch("dynamic_preference/", {COLOUR: "#000000", STAFF_ONLY: value})
        message = "The value must be of the kind bool."
        assert (answer.status, answer.body) == (400, faults((STAFF_ONLY, "invalid", message)))


@pytest.mark.parametrize("value", [True, 5, [], {}, "a\0", "\ud800", "x" * 2001])
def test_no_text(value: Any) -> None:
    admin = Api(make_user(role="admin"))
    with nothing_changes():
        answer = admin.patch("dynamic_preference/", {COLOUR: value})
        message = "The value must be of the kind str."
        assert (answer.status, answer.body) == (400, faults((COLOUR, "invalid", message)))


@pytest.mark.parametrize("key", [STAFF_ONLY, COLOUR])
def test_null(key: str) -> None:
    admin = Api(make_user(role="admin"))
    with nothing_changes():
        answer = admin.patch("dynamic_preference/", {key: None})
        assert (answer.status, answer.body) == (400, faults((key, "null", "This field may not be null.")))


@pytest.mark.parametrize("key, shown", [("courses_enabled", None), ("a.b", None), ("", None), ("\ud800", "?")])
def test_unknown(key: str, shown: str | None) -> None:
    admin = Api(make_user(role="admin"))
    with nothing_changes():
        answer = admin.patch("dynamic_preference/", {STAFF_ONLY: True, key: True})
        field = key if shown is None else shown
        fault = (field, "does_not_exist", "There is no such preference.")
        assert (answer.status, answer.body) == (400, faults(fault))


def test_administrators_only() -> None:
    assert_admins_only("PATCH", "dynamic_preference/", {STAFF_ONLY: True})
