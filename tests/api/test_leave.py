"""DELETE /api/v2/course/{id}/join/: leave, take a request back, decline; with ``user`` a manager removes someone."""

from datetime import timedelta

import pytest

from coursewright.accounts.actions import delete_user
from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from tests.api.authors import faults, nothing_changes
from tests.api.learners import counted, make_people, standing
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api, refused
from tests.factories import (
    NOW,
    complete,
    make_course,
    make_joined,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)

CREATOR_STAYS = refused("permission_denied", "The creator of a course cannot leave it or be given another role.")
STANDINGS = ["manager", "joined", "invited", "requested"]


@pytest.mark.parametrize("who", STANDINGS)
def test_any_standing_ends(who: str) -> None:
    course = make_course(make_user(), privacy="private")
    user = make_people(course)[who]
    answer = Api(user).delete(f"course/{course.pk}/join/")
    assert (answer.status, answer.body) == (204, None)
    membership = Membership.objects.get(course=course, user=user)
    assert (membership.status, membership.joined_at) == (None, None)
    assert counted(course) == (1 if who in ("manager", "joined") else 2)
    event = Event.objects.filter(kind="membership.changed").latest("id")
    assert (event.actor_id, event.object_id) == (user.pk, user.pk)
    assert event.after == '{"status":null,"joined_at":null}'


@pytest.mark.parametrize("privacy", ["open", "private"])
@pytest.mark.parametrize("who", ["left", "stranger"])
def test_nothing_is_left_by_nobody(privacy: str, who: str) -> None:
    course = make_course(make_user(), privacy=privacy)
    api = Api(make_people(course)[who])
    with nothing_changes():
        assert api.delete(f"course/{course.pk}/join/")[:2] == (204, None)


def test_the_creator_stays() -> None:
    ann = make_user()
    course = make_course(ann)
    mia = make_manager(course, make_user("mia"))
    for api, path in ((Api(ann), ""), (Api(ann), f"?user={ann.pk}"), (Api(mia), f"?user={ann.pk}")):
        with nothing_changes():
            assert api.delete(f"course/{course.pk}/join/{path}")[:2] == (403, CREATOR_STAYS)


@pytest.mark.parametrize("by", ["creator", "manager"])
@pytest.mark.parametrize("who", STANDINGS)
def test_a_manager_removes(by: str, who: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy="private")
    user = make_people(course)[who]
    remover = ann if by == "creator" else make_manager(course, make_user("max"))
    answer = Api(remover).delete(f"course/{course.pk}/join/?user={user.pk}")
    assert (answer.status, answer.body, standing(course, user)) == (204, None, None)
    event = Event.objects.filter(kind="membership.changed").latest("id")
    assert (event.actor_id, event.object_id) == (remover.pk, user.pk)
    assert counted(course) == Membership.objects.filter(course=course, status__in=["manager", "joined"]).count()


def test_removing_who_does_not_stand_to_it_changes_nothing() -> None:
    ann = make_user()
    course = make_course(ann)
    api, people = Api(ann), make_people(course)
    with nothing_changes():
        for who in ("left", "stranger"):
            assert api.delete(f"course/{course.pk}/join/?user={people[who].pk}")[:2] == (204, None)


@pytest.mark.parametrize("who", ["joined", "invited", "requested", "left", "stranger"])
def test_only_managers_remove(who: str) -> None:
    """Not even themselves in this way, and whatever the id is."""
    course = make_course(make_user())
    people = make_people(course)
    api = Api(people[who])
    with nothing_changes():
        for user in (people["joined"].pk, people[who].pk, 999999, "x", ""):
            assert api.delete(f"course/{course.pk}/join/?user={user}")[:2] == (403, FORBIDDEN)


@pytest.mark.parametrize("user", ["999999", "0", "-1", "9" * 30, ""])
def test_unknown_user(user: str) -> None:
    ann = make_user()
    answer = Api(ann).delete(f"course/{make_course(ann).pk}/join/?user={user}")
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_a_user_that_is_no_number() -> None:
    ann = make_user()
    answer = Api(ann).delete(f"course/{make_course(ann).pk}/join/?user=bob")
    assert (answer.status, answer.body) == (400, faults(("user", "invalid", "A valid integer is required.")))


def test_a_deleted_person_is_unknown_but_where_they_still_stand() -> None:
    ann, leo = make_user(), make_user("leo")
    course, other = make_course(ann), make_course(ann, "Physics")
    make_joined(course, leo)
    delete_user(leo, at=NOW, by=None)
    api = Api(ann)
    assert api.delete(f"course/{other.pk}/join/?user={leo.pk}")[:2] == (404, NOT_FOUND)
    assert api.delete(f"course/{course.pk}/join/?user={leo.pk}")[:2] == (204, None)
    assert (standing(course, leo), counted(course)) == (None, 0)


@pytest.mark.parametrize("privacy", ["secret", ""])
def test_a_course_that_is_not_there(privacy: str) -> None:
    course = make_course(make_user(), privacy=privacy)
    people = make_people(course)
    for who in ["requested", "left", "stranger"] + ([] if privacy else ["joined", "invited"]):
        api = Api(people[who])
        with nothing_changes():
            for query in ("", f"?user={people['joined'].pk}"):
                assert api.delete(f"course/{course.pk}/join/{query}")[:2] == (404, NOT_FOUND)


def test_anonymous() -> None:
    course = make_course(make_user())
    for id in (course.pk, 999999):
        for query in ("", "?user=1"):
            assert Api().delete(f"course/{id}/join/{query}")[:2] == (401, NOT_AUTHENTICATED)
            assert Api(token="nonsense").delete(f"course/{id}/join/{query}")[:2] == (401, BAD_TOKEN)


def test_unknown_course() -> None:
    for id in ("999999", "undefined"):
        assert Api(make_user(f"leo{id}")).delete(f"course/{id}/join/")[:2] == (404, NOT_FOUND)


def test_every_right_goes_at_once() -> None:
    course = make_course(make_user(), privacy="private")
    lesson = make_lesson(make_section(course))
    mia = make_manager(course, make_user("mia"))
    complete(lesson, mia, NOW - timedelta(days=1))
    api = Api(mia)
    assert api.delete(f"course/{course.pk}/join/").status == 204
    assert api.get(f"course/{course.pk}/", view="edit")[:2] == (403, FORBIDDEN)
    assert api.patch(f"course/{course.pk}/", {"name": "Mine"})[:2] == (403, FORBIDDEN)
    assert "sections" not in api.get(f"course/{course.pk}/").body
    path = f"course/{course.pk}/section/{lesson.section_id}/lesson/{lesson.pk}/"
    assert api.get(path)[:2] == (403, refused("not_joined", "Join the course first."))


def test_a_request_that_was_taken_back_can_be_made_again() -> None:
    course = make_course(make_user(), privacy="private")
    ray = make_requested(course, make_user("ray"))
    api = Api(ray)
    assert api.delete(f"course/{course.pk}/join/").status == 204
    assert api.post(f"course/{course.pk}/join/").body["join_status"] == "requested"
