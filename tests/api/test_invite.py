"""POST /api/v2/course/{id}/invite/: invites people, and lets those in who asked."""

from typing import Any

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.accounts.models import User
from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.learners import counted, every_encoding, make_people, standing
from tests.client import Api
from tests.factories import NOW, make_course, make_manager, make_user

NOTHING = '{"status":null,"joined_at":null}'
JOINED = '{"status":"joined","joined_at":"2026-11-23T10:00:00Z"}'
AFTER = {
    "creator": "creator",
    "manager": "manager",
    "joined": "joined",
    "invited": "invited",
    "requested": "joined",
    "left": "invited",
    "stranger": "invited",
}


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_everyone_at_once(privacy: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=privacy)
    people = {"creator": ann, **make_people(course)}
    answer = Api(ann).post(f"course/{course.pk}/invite/", {"users": [user.pk for user in people.values()]})
    assert (answer.status, answer.body) == (204, None)
    assert {who: standing(course, user) for who, user in people.items()} == AFTER
    assert counted(course) == 3
    events = Event.objects.filter(kind="membership.changed").order_by("-id")[:3]
    assert {(event.object_id, event.actor_id, event.before, event.after) for event in events} == {
        (people["requested"].pk, ann.pk, '{"status":"requested","joined_at":null}', JOINED),
        (people["left"].pk, ann.pk, NOTHING, '{"status":"invited","joined_at":null}'),
        (people["stranger"].pk, ann.pk, NOTHING, '{"status":"invited","joined_at":null}'),
    }


def test_joined_at_is_set_for_who_was_let_in_only() -> None:
    course = make_course(make_user())
    people = make_people(course)
    Api(people["manager"]).post(
        f"course/{course.pk}/invite/", {"users": [people["requested"].pk, people["stranger"].pk]}
    )
    for who, joined_at in (("requested", NOW), ("stranger", None)):
        assert Membership.objects.get(course=course, user=people[who]).joined_at == joined_at


@pytest.mark.parametrize("who", ["manager", "joined", "invited"])
def test_again_changes_nothing(who: str) -> None:
    ann = make_user()
    course = make_course(ann)
    user, api = make_people(course)[who], Api(ann)
    with nothing_changes():
        for users in ([user.pk], [user.pk, user.pk, ann.pk], []):
            assert api.post(f"course/{course.pk}/invite/", {"users": users})[:2] == (204, None)


def test_managers_only() -> None:
    course = make_course(make_user())
    path = f"course/{course.pk}/invite/"
    assert_managers_only(course, "POST", path, {"users": [course.created_by_id]})
    assert Api(make_user("eve")).post(path, {"users": "x"}).status == 403
    assert_hidden(course, "POST", path, {"users": []})


@pytest.mark.parametrize("users", [[999999], [0], [-5], [10**30], [999998, 999999, 999999]])
def test_unknown_users(users: list[int]) -> None:
    ann, bob = make_user(), make_user("bob")
    course, api = make_course(ann), Api(ann)
    named = ", ".join(str(id) for id in dict.fromkeys(id if 0 < id < 2**63 else 0 for id in users))
    with nothing_changes():
        answer = api.post(f"course/{course.pk}/invite/", {"users": [bob.pk, *users]})
    message = f"There is no such user: {named}."
    assert (answer.status, answer.body) == (400, faults(("users", "does_not_exist", message)))


def test_a_deleted_person_is_unknown() -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    delete_user(bob, at=NOW, by=None)
    answer = Api(ann).post(f"course/{course.pk}/invite/", {"users": [bob.pk]})
    expected = faults(("users", "does_not_exist", f"There is no such user: {bob.pk}."))
    assert (answer.status, answer.body) == (400, expected)


@pytest.mark.parametrize(
    "body, code, message",
    [
        (None, "required", "This field is required."),
        ({}, "required", "This field is required."),
        ({"user": [1]}, "required", "This field is required."),
        ({"users": None}, "null", "This field may not be null."),
        ({"users": {"id": 1}}, "invalid", "Expected a list."),
        ({"users": [{"id": 1}]}, "invalid", "users[0]: A valid integer is required."),
        ({"users": ["bob"]}, "invalid", "users[0]: A valid integer is required."),
        ({"users": [1.5]}, "invalid", "users[0]: A valid integer is required."),
        ({"users": [True]}, "invalid", "users[0]: A valid integer is required."),
        ({"users": [None]}, "null", "users[0]: This field may not be null."),
        ({"users": [1] * 5001}, "max_length", "No more than 5000 items."),
    ],
)
def test_wrong_body(body: Any, code: str, message: str) -> None:
    ann = make_user()
    course, api = make_course(ann), Api(ann)
    with nothing_changes():
        answer = api.post(f"course/{course.pk}/invite/", body)
    assert (answer.status, answer.body) == (400, faults(("users", code, message)))


def test_a_form_in_every_encoding() -> None:
    ann, people = make_user(), [make_user("bob"), make_user("eve")]
    for place, form in enumerate(every_encoding("users", [user.pk for user in people])):
        course = make_course(ann, f"Course {place}")
        answer = Api(ann).call(
            "POST", f"course/{course.pk}/invite/", form.encode(), content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status, [standing(course, user) for user in people]) == (204, ["invited", "invited"])


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    mia = make_manager(course, make_user("mia"))
    few = Api(mia).post(f"course/{course.pk}/invite/", {"users": [make_user("one").pk]}).statements
    users = [make_user(f"user{place}").pk for place in range(30)]
    many = Api(mia).post(f"course/{course.pk}/invite/", {"users": users}).statements
    assert many == few > 0


def test_five_thousand_at_once() -> None:
    """As many as a body may name, each with its event."""
    ann = make_user()
    course = make_course(ann)
    User.objects.bulk_create(
        User(username=f"u{place}", username_key=f"u{place}", password="!", date_joined=NOW) for place in range(5000)
    )
    users = list(User.objects.exclude(pk=ann.pk).values_list("pk", flat=True))
    assert Api(ann).post(f"course/{course.pk}/invite/", {"users": users}).status == 204
    assert Membership.objects.filter(course=course, status="invited").count() == 5000
    assert Event.objects.filter(kind="membership.changed", course_id=course.pk).count() == 5001
