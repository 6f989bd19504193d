"""GET /api/v2/course/{id}/join/: the members, for everyone who can see the course."""

from datetime import timedelta

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.community.actions import set_preference
from coursewright.foundation.models import Tally
from tests.api.authors import faults, person
from tests.api.learners import every_encoding, ids, listed, make_people
from tests.client import FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import NOW, make_course, make_joined, make_manager, make_user


def test_whole_answer() -> None:
    """Managers first, then those who joined last; not the creator, nor who is invited or asked."""
    course = make_course(make_user())
    people = make_people(course)
    late = make_joined(course, make_user("ken", real_name="Ken Ito"), at=NOW + timedelta(days=1))
    answer = Api().get(f"course/{course.pk}/join/")
    expected = listed(person(people["manager"]), person(late), person(people["joined"]))
    assert (answer.status, answer.body) == (200, expected)


@pytest.mark.parametrize("privacy", ["open", "private"])
def test_everyone_who_sees_the_lock_screen_sees_the_members(privacy: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=privacy)
    people = make_people(course)
    expected = listed(person(people["manager"]), person(people["joined"]))
    for api in (Api(), Api(ann), *(Api(user) for user in people.values())):
        assert api.get(f"course/{course.pk}/join/")[:2] == (200, expected)


def test_a_secret_course_is_there_for_its_people_only() -> None:
    course = make_course(make_user(), privacy="secret")
    people = make_people(course)
    for who, user in people.items():
        status = 200 if who in ("manager", "joined", "invited") else 404
        assert (who, Api(user).get(f"course/{course.pk}/join/").status) == (who, status)
    assert Api().get(f"course/{course.pk}/join/")[:2] == (404, NOT_FOUND)


def test_a_draft_is_there_for_managers_only() -> None:
    course = make_course(make_user(), privacy="")
    people = make_people(course)
    for who, user in people.items():
        assert (who, Api(user).get(f"course/{course.pk}/join/").status) == (who, 200 if who == "manager" else 404)


def test_hidden_members_are_for_managers() -> None:
    ann = make_user()
    course = make_course(ann, hide_member_count=True)
    people = make_people(course)
    for api in (Api(ann), Api(people.pop("manager"))):
        assert api.get(f"course/{course.pk}/join/").body["count"] == 2
    for api in (Api(), *(Api(user) for user in people.values())):
        assert api.get(f"course/{course.pk}/join/")[:2] == (403, FORBIDDEN)
        assert api.get(f"course/{course.pk}/join/?statuses=x")[:2] == (403, FORBIDDEN)


def test_without_content_for_everyone_anonymous_callers_are_refused() -> None:
    course = make_course(make_user())
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    for id in (course.pk, 999999):
        assert Api().get(f"course/{id}/join/")[:2] == (401, NOT_AUTHENTICATED)


@pytest.mark.parametrize(
    "statuses, expected",
    [
        (["creator"], ["ann"]),
        (["manager"], ["mia"]),
        (["joined"], ["leo"]),
        (["joined", "manager"], ["mia", "leo"]),
        (["joined", "creator", "manager", "joined"], ["ann", "mia", "leo"]),
        ([], []),
    ],
)
def test_statuses_in_every_encoding(statuses: list[str], expected: list[str]) -> None:
    course = make_course(make_user())
    make_people(course)
    for query in every_encoding("statuses", statuses):
        answer = Api().get(f"course/{course.pk}/join/?{query}")
        assert [user["username"] for user in answer.body["results"]] == expected
        assert answer.body["count"] == len(expected)


@pytest.mark.parametrize("status", ["invited", "requested", "nonsense", "Joined"])
def test_another_status(status: str) -> None:
    course = make_course(make_user())
    answer = Api().get(f"course/{course.pk}/join/?statuses=joined,{status}")
    message = f'"{status}" is not a valid choice.'
    assert (answer.status, answer.body) == (400, faults(("statuses", "invalid_choice", message)))


def test_pages() -> None:
    course = make_course(make_user())
    members = [make_joined(course, make_user(f"user{place}")).pk for place in range(5)]
    mia = make_manager(course, make_user("mia")).pk
    path, origin = f"/api/v2/course/{course.pk}/join/", "http://testserver"
    first = Api().get(path, limit=2, statuses="manager,joined")
    assert (first.body["count"], ids(first)) == (6, [mia, members[4]])
    assert first.body["next"] == f"{origin}{path}?statuses=manager%2Cjoined&limit=2&offset=2"
    second = Api().get(first.body["next"].removeprefix(origin))
    assert (ids(second), second.body["previous"]) == (
        [members[3], members[2]],
        f"{origin}{path}?statuses=manager%2Cjoined&limit=2&offset=0",
    )
    assert ids(Api().get(path, limit=2, offset=5)) == [members[0]]
    assert Api().get(path, offset=2**63 - 1).body == {
        "count": 6,
        "next": None,
        "previous": f"{origin}{path}?limit=20&offset={2**63 - 21}",
        "results": [],
    }


def test_a_deleted_person_is_shown_as_deleted() -> None:
    course = make_course(make_user())
    leo = make_joined(course, make_user("leo"))
    delete_user(leo, at=NOW, by=None)
    assert Api().get(f"course/{course.pk}/join/").body == listed({**person(leo), "deleted": True})


def test_unknown_course() -> None:
    for id in ("999999", "undefined"):
        assert Api().get(f"course/{id}/join/")[:2] == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    make_joined(course, make_user("one"))
    few = Api(ann).get(f"course/{course.pk}/join/").statements
    for place in range(29):
        make_joined(course, make_user(f"user{place}"))
    many = Api(ann).get(f"course/{course.pk}/join/", limit=30)
    assert (many.statements, few, len(many.body["results"])) == (few, 4, 30)


def test_the_count_is_kept() -> None:
    """A wrong figure would show: it is what the page says, not counted again."""
    course = make_course(make_user())
    make_people(course)
    Tally.objects.filter(kind="standings", object_id=course.pk, key="joined").update(number=70)
    assert Api().get(f"course/{course.pk}/join/").body["count"] == 71
    assert Api().get(f"course/{course.pk}/join/?statuses=joined,manager,creator").body["count"] == 72
    assert Api().get(f"course/{course.pk}/join/?statuses=joined").body["count"] == 70
