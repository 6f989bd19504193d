"""DELETE /api/v2/course/{id}/invite/: takes invitations back; the body names whose."""

from typing import Any

import pytest

from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.learners import every_encoding, make_people, standing
from tests.client import Api
from tests.factories import make_course, make_invited, make_manager, make_user

AFTER = {
    "creator": "creator",
    "manager": "manager",
    "joined": "joined",
    "invited": None,
    "requested": "requested",
    "left": None,
    "stranger": None,
}


def test_only_invitations_end() -> None:
    ann = make_user()
    course = make_course(ann, privacy="secret")
    people = {"creator": ann, **make_people(course)}
    before = Event.objects.count()
    answer = Api(ann).delete(f"course/{course.pk}/invite/", {"users": [user.pk for user in people.values()]})
    assert (answer.status, answer.body) == (204, None)
    assert {who: standing(course, user) for who, user in people.items()} == AFTER
    event = Event.objects.latest("id")
    assert (Event.objects.count() - before, event.object_id, event.actor_id) == (1, people["invited"].pk, ann.pk)
    assert Api(people["invited"]).get(f"course/{course.pk}/").status == 404


@pytest.mark.parametrize("who", ["manager", "joined", "requested", "left", "stranger"])
def test_others_are_left_as_they_are(who: str) -> None:
    ann = make_user()
    course = make_course(ann)
    user, api = make_people(course)[who], Api(ann)
    with nothing_changes():
        for users in ([user.pk], [user.pk, user.pk, ann.pk], []):
            assert api.delete(f"course/{course.pk}/invite/", {"users": users})[:2] == (204, None)


def test_managers_only() -> None:
    course = make_course(make_user())
    path = f"course/{course.pk}/invite/"
    ivy = make_invited(course, make_user("ivy"))
    assert_managers_only(course, "DELETE", path, {"users": [ivy.pk]})
    assert Api(ivy).delete(path, {"users": "x"}).status == 403
    assert_hidden(course, "DELETE", path, {"users": [ivy.pk]})


def test_unknown_users() -> None:
    ann = make_user()
    course = make_course(ann)
    ivy, api = make_invited(course, make_user("ivy")), Api(ann)
    with nothing_changes():
        answer = api.delete(f"course/{course.pk}/invite/", {"users": [ivy.pk, 999999, 999998]})
    message = "There is no such user: 999999, 999998."
    assert (answer.status, answer.body) == (400, faults(("users", "does_not_exist", message)))


@pytest.mark.parametrize(
    "body, code, message",
    [
        (None, "required", "This field is required."),
        ({"users": None}, "null", "This field may not be null."),
        ({"users": ["ivy"]}, "invalid", "users[0]: A valid integer is required."),
    ],
)
def test_wrong_body(body: Any, code: str, message: str) -> None:
    ann = make_user()
    answer = Api(ann).delete(f"course/{make_course(ann).pk}/invite/", body)
    assert (answer.status, answer.body) == (400, faults(("users", code, message)))


def test_a_form_in_every_encoding() -> None:
    ann = make_user()
    course = make_course(ann)
    people = [make_user("bob"), make_user("eve")]
    for form in every_encoding("users", [user.pk for user in people]):
        for user in people:
            make_invited(course, user)
        answer = Api(ann).call(
            "DELETE", f"course/{course.pk}/invite/", form.encode(), content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status, [standing(course, user) for user in people]) == (204, [None, None])


def test_statements_do_not_grow() -> None:
    course = make_course(make_user())
    mia = make_manager(course, make_user("mia"))
    one = make_invited(course, make_user("one")).pk
    few = Api(mia).delete(f"course/{course.pk}/invite/", {"users": [one]}).statements
    users = [make_invited(course, make_user(f"user{place}")).pk for place in range(30)]
    many = Api(mia).delete(f"course/{course.pk}/invite/", {"users": users}).statements
    assert many == few > 0
