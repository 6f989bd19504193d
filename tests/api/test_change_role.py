"""POST /api/v2/course/{id}/role/: makes managers, puts people in and out, all or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, faults, nothing_changes
from tests.api.learners import counted, every_encoding, make_people, standing
from tests.client import FORBIDDEN, Api, refused
from tests.clock import Clock
from tests.factories import NOW, make_course, make_joined, make_manager, make_user

CREATOR_STAYS = refused("permission_denied", "The creator of a course cannot leave it or be given another role.")
LISTS = {"managers": "manager", "joined": "joined", "unjoined": None}
EVERYONE = ["manager", "joined", "invited", "requested", "left", "stranger"]


@pytest.mark.parametrize("list", LISTS)
@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_everyone_at_once(list: str, privacy: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=privacy)
    people = make_people(course)
    answer = Api(ann).post(f"course/{course.pk}/role/", {list: [user.pk for user in people.values()]})
    assert (answer.status, answer.body) == (204, None)
    assert {standing(course, user) for user in people.values()} == {LISTS[list]}
    assert counted(course) == (6 if LISTS[list] else 0)


@pytest.mark.parametrize("list", LISTS)
@pytest.mark.parametrize("who", EVERYONE)
def test_one_event_for_one_change(list: str, who: str) -> None:
    ann = make_user()
    course = make_course(ann)
    user = make_people(course)[who]
    before, last = standing(course, user), Event.objects.latest("id").pk
    assert Api(ann).post(f"course/{course.pk}/role/", {list: [user.pk]}).status == 204
    events = Event.objects.filter(pk__gt=last).order_by("pk").values_list("kind", "actor_id", "object_id", "course_id")
    changed = [] if before == LISTS[list] else [("membership.changed", ann.pk, user.pk, course.pk)]
    assert [*events] == changed


def test_three_lists_at_once() -> None:
    ann = make_user()
    course = make_course(ann)
    people = make_people(course)
    body = {
        "managers": [people["joined"].pk, people["stranger"].pk],
        "joined": [people["manager"].pk, people["requested"].pk],
        "unjoined": [people["invited"].pk, people["left"].pk],
        "creator": [people["joined"].pk],
    }
    assert Api(people["manager"]).post(f"course/{course.pk}/role/", body)[:2] == (204, None)
    assert {who: standing(course, user) for who, user in people.items()} == {
        "manager": "joined",
        "joined": "manager",
        "invited": None,
        "requested": "joined",
        "left": None,
        "stranger": "manager",
    }
    assert counted(course) == 4


def test_joined_at_is_kept_between_joined_and_manager(clock: Clock) -> None:
    ann = make_user()
    course = make_course(ann)
    leo, api = make_joined(course, make_user("leo")), Api(ann)

    def joined_at(list: str) -> Any:
        assert api.post(f"course/{course.pk}/role/", {list: [leo.pk]}).status == 204
        return Membership.objects.get(course=course, user=leo).joined_at

    clock.set(NOW + timedelta(days=5))
    assert [joined_at(list) for list in ("managers", "joined", "joined")] == [NOW, NOW, NOW]
    assert joined_at("unjoined") is None
    clock.set(NOW + timedelta(days=6))
    assert [joined_at(list) for list in ("managers", "joined")] == [NOW + timedelta(days=6)] * 2


def test_a_manager_may_step_down_and_has_no_right_from_then_on() -> None:
    course = make_course(make_user())
    mia = make_manager(course, make_user("mia"))
    api = Api(mia)
    assert api.post(f"course/{course.pk}/role/", {"joined": [mia.pk]}).status == 204
    assert api.post(f"course/{course.pk}/role/", {"managers": [mia.pk]})[:2] == (403, FORBIDDEN)


def test_managers_only() -> None:
    course = make_course(make_user())
    path = f"course/{course.pk}/role/"
    assert_managers_only(course, "POST", path, {"managers": [course.created_by_id]})
    assert Api(make_user("eve")).post(path, {"managers": "x"})[:2] == (403, FORBIDDEN)
    assert_hidden(course, "POST", path, {"managers": []})


@pytest.mark.parametrize("list", LISTS)
def test_the_creator_is_in_no_list(list: str) -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    mia = make_manager(course, make_user("mia"))
    for api in (Api(ann), Api(mia)):
        with nothing_changes():
            answer = api.post(f"course/{course.pk}/role/", {list: [bob.pk, ann.pk]})
        assert answer[:2] == (403, CREATOR_STAYS)


@pytest.mark.parametrize("body", [None, {}, {"users": [1]}])
def test_at_least_one_list(body: Any) -> None:
    ann = make_user()
    answer = Api(ann).post(f"course/{make_course(ann).pk}/role/", body)
    message = "Give at least one of managers, joined and unjoined."
    assert (answer.status, answer.body) == (400, faults(("managers", "required", message)))


def test_an_empty_list_is_a_list() -> None:
    ann = make_user()
    api, course = Api(ann), make_course(ann)
    with nothing_changes():
        assert api.post(f"course/{course.pk}/role/", {"unjoined": []})[:2] == (204, None)


def test_nobody_is_in_two_lists() -> None:
    ann, bob = make_user(), make_user("bob")
    course, api = make_course(ann), Api(ann)
    with nothing_changes():
        for body in (
            {"managers": [bob.pk], "joined": [bob.pk, bob.pk]},
            {"managers": [bob.pk], "joined": [], "unjoined": [bob.pk]},
            {"joined": [bob.pk], "unjoined": [bob.pk]},
        ):
            last = [*body][-1]
            answer = api.post(f"course/{course.pk}/role/", body)
            assert answer[:2] == (400, faults((last, "invalid", "A user is in two lists.")))


def test_twice_in_one_list_is_once() -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    assert Api(ann).post(f"course/{course.pk}/role/", {"joined": [bob.pk, bob.pk]}).status == 204
    assert (standing(course, bob), counted(course)) == ("joined", 1)


def test_every_fault_at_once_in_the_order_of_the_fields() -> None:
    ann, bob = make_user(), make_user("bob")
    course, api = make_course(ann), Api(ann)
    with nothing_changes():
        answer = api.post(
            f"course/{course.pk}/role/", {"unjoined": ["x"], "joined": [bob.pk, 999999], "managers": [999998]}
        )
    assert answer[:2] == (
        400,
        faults(
            ("managers", "does_not_exist", "There is no such user: 999998."),
            ("joined", "does_not_exist", "There is no such user: 999999."),
            ("unjoined", "invalid", "unjoined[0]: A valid integer is required."),
        ),
    )


def test_a_deleted_person_can_be_put_out_not_in() -> None:
    ann, leo, bob = make_user(), make_user("leo"), make_user("bob")
    course, api = make_course(ann), Api(ann)
    make_joined(course, leo)
    for user in (leo, bob):
        delete_user(user, at=NOW, by=None)
    answer = api.post(f"course/{course.pk}/role/", {"joined": [bob.pk]})
    expected = faults(("joined", "does_not_exist", f"There is no such user: {bob.pk}."))
    assert (answer.status, answer.body) == (400, expected)
    assert api.post(f"course/{course.pk}/role/", {"unjoined": [leo.pk]})[:2] == (204, None)
    assert counted(course) == 0


@pytest.mark.parametrize(
    "value, code, message",
    [
        (None, "null", "This field may not be null."),
        ({"id": 1}, "invalid", "Expected a list."),
        (True, "invalid", "Expected a list."),
        (["x"], "invalid", "{list}[0]: A valid integer is required."),
        ([[1]], "invalid", "{list}[0]: A valid integer is required."),
        ([1] * 5001, "max_length", "No more than 5000 items."),
    ],
)
@pytest.mark.parametrize("list", LISTS)
def test_wrong_lists(list: str, value: Any, code: str, message: str) -> None:
    ann = make_user()
    answer = Api(ann).post(f"course/{make_course(ann).pk}/role/", {list: value})
    assert (answer.status, answer.body) == (400, faults((list, code, message.format(list=list))))


def test_a_form_in_every_encoding() -> None:
    ann, people = make_user(), [make_user("bob"), make_user("eve")]
    for place, form in enumerate(every_encoding("joined", [user.pk for user in people])):
        course = make_course(ann, f"Course {place}")
        answer = Api(ann).call(
            "POST", f"course/{course.pk}/role/", form.encode(), content_type="application/x-www-form-urlencoded"
        )
        assert (answer.status, [standing(course, user) for user in people]) == (204, ["joined", "joined"])


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    few = Api(ann).post(f"course/{course.pk}/role/", {"managers": [make_user("one").pk]}).statements
    users = [make_user(f"user{place}").pk for place in range(30)]
    many = Api(ann).post(f"course/{course.pk}/role/", {"managers": users}).statements
    assert many == few > 0
