"""Memberships are moved along the table of standings; completions are only looked at."""

import pytest

from coursewright.accounts.models import User
from coursewright.courses.actions.courses import delete_course
from coursewright.courses.models import Course, Membership
from coursewright.foundation.models import Event
from tests.admin.browser import Form, errors, events, send, signed_in
from tests.factories import (
    NOW,
    complete,
    make_course,
    make_invited,
    make_joined,
    make_left,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)

MEMBERSHIPS = "/admin/coursewright/membership/"
MAKERS = {
    "manager": make_manager,
    "joined": make_joined,
    "invited": make_invited,
    "requested": make_requested,
    "": make_left,
}


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


@pytest.fixture
def course(boss: User) -> Course:
    return make_course(make_user("ann"), privacy="private")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "manager"),
        ("", "joined"),
        ("", "invited"),
        ("requested", "joined"),
        ("requested", ""),
        ("invited", "manager"),
        ("invited", ""),
        ("joined", "manager"),
        ("manager", "joined"),
        ("manager", ""),
    ],
)
def test_a_standing_is_changed(boss: User, course: Course, before: str, after: str) -> None:
    bob = MAKERS[before](course, make_user("bob"))
    row, seen = Membership.objects.get(user=bob), Event.objects.count()
    page = send(signed_in(boss), f"{MEMBERSHIPS}{row.pk}/change/", standing=after)
    row.refresh_from_db()
    assert (page.status_code, row.status) == (302, after or None)
    assert row.joined_at == (NOW if after in ("manager", "joined") else None)
    assert events(seen) == [("membership.changed", bob.pk, boss.pk)]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("joined", "invited", "Who is joined cannot become invited."),
        ("manager", "invited", "Who is manager cannot become invited."),
        ("requested", "invited", "Who is requested cannot become invited."),
        ("joined", "requested", "Select a valid choice. requested is not one of the available choices."),
        ("joined", "creator", "Select a valid choice. creator is not one of the available choices."),
    ],
)
def test_a_standing_that_cannot_be_reached(boss: User, course: Course, before: str, after: str, message: str) -> None:
    bob = MAKERS[before](course, make_user("bob"))
    row, seen = Membership.objects.get(user=bob), Event.objects.count()
    page = send(signed_in(boss), f"{MEMBERSHIPS}{row.pk}/change/", standing=after)
    assert errors(page) == {"standing": [message]}
    assert events(seen) == []


@pytest.mark.parametrize("after", ["manager", "joined", "invited", ""])
def test_the_creator_stays(boss: User, course: Course, after: str) -> None:
    row, seen = Membership.objects.get(status="creator"), Event.objects.count()
    page = send(signed_in(boss), f"{MEMBERSHIPS}{row.pk}/change/", standing=after)
    assert list(errors(page).values()) == [["The creator of a course cannot leave it or be given another role."]]
    assert events(seen) == []


@pytest.mark.parametrize("before", [None, ""])
def test_a_person_is_put_in(boss: User, course: Course, before: str | None) -> None:
    bob = make_user("bob")
    if before is not None:
        make_left(course, bob)
    seen = Event.objects.count()
    page = send(signed_in(boss), f"{MEMBERSHIPS}add/", course=course.pk, user=bob.pk, standing="manager")
    assert (page.status_code, Membership.objects.get(user=bob).status) == (302, "manager")
    assert events(seen) == [("membership.changed", bob.pk, boss.pk)]


def test_a_person_who_is_not_there(boss: User, course: Course) -> None:
    gone = make_user("gone")
    User.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    client = signed_in(boss)
    page = send(client, f"{MEMBERSHIPS}add/", course=course.pk, user=gone.pk, standing="joined")
    assert errors(page) == {"user": ["This person was deleted."]}
    page = send(client, f"{MEMBERSHIPS}add/", course=course.pk, user="999", standing="joined")
    assert errors(page) == {"user": ["Select a valid choice. That choice is not one of the available choices."]}
    page = send(client, f"{MEMBERSHIPS}add/", course=course.pk, user=boss.pk, standing="")
    assert errors(page) == {"standing": ["There is nothing to end."]}


def test_a_course_that_is_not_there(boss: User, course: Course) -> None:
    row = Membership.objects.get(user=make_joined(course, make_user("bob")))
    delete_course(course.pk, at=NOW, by=None)
    client = signed_in(boss)
    assert client.post(f"{MEMBERSHIPS}{row.pk}/change/", {"standing": "manager"}).status_code == 403
    page = send(client, f"{MEMBERSHIPS}add/", course=course.pk, user=boss.pk, standing="joined")
    assert errors(page) == {"course": ["This course was deleted."]}


def test_finding_memberships_and_completions(boss: User, course: Course) -> None:
    bob = make_joined(course, make_user("Bob"))
    make_manager(make_course(boss, "Other"), bob)
    lesson = make_lesson(make_section(course))
    complete(lesson, bob)
    client = signed_in(boss)

    def found(query: str) -> list[tuple[str, str | None]]:
        page = client.get(f"{MEMBERSHIPS}?{query}")
        return [(row.user.username, row.status) for row in page.context["cl"].result_list]

    assert found(f"course_id={course.pk}") == [("Bob", "joined"), ("ann", "creator")]
    assert found("user_id=BOB") == [("Bob", "manager"), ("Bob", "joined")]
    assert found(f"user_id=bob&course_id={course.pk}&status__exact=joined") == [("Bob", "joined")]
    place = "/admin/coursewright/completion/"
    for query, count in ((f"lesson_id={lesson.pk}", 1), ("user_id=bob", 1), ("user_id=ann", 0), ("course_id=x", 0)):
        assert len(client.get(f"{place}?{query}").context["cl"].result_list) == count
    assert '<td class="field-status">Completed</td>' in client.get(place).content.decode()
    assert client.get(f"{place}add/").status_code == 403


def test_history_is_the_persons_events_in_the_course(boss: User, course: Course) -> None:
    bob = make_manager(course, make_joined(course, make_user("bob")))
    make_joined(make_course(boss, "Other"), bob)
    row = Membership.objects.get(user=bob, course=course)
    page = signed_in(boss).get(f"{MEMBERSHIPS}{row.pk}/history/", follow=True)
    assert [(row.kind, row.course_id) for row in page.context["cl"].result_list] == [
        ("membership.changed", course.pk),
        ("membership.changed", course.pk),
    ]


def test_a_page_that_is_older_than_its_membership(boss: User, course: Course) -> None:
    make_joined(course, make_user("bob"))
    row = Membership.objects.get(user__username="bob")
    place = f"{MEMBERSHIPS}{row.pk}/change/"
    seen = Form(signed_in(boss).get(place).content.decode()).values["seen"]
    make_manager(course, row.user)
    page = send(signed_in(boss), place, seen=seen, standing="joined")
    assert errors(page) == {"__all__": ["This membership was changed after you opened the page. Open it again."]}
    row.refresh_from_db()
    assert row.status == "manager"
