"""POST /api/v2/course/{id}/join/: join, ask to join, accept an invitation."""

from datetime import timedelta
from typing import Any

import pytest

from coursewright.courses.actions.courses import delete_course
from coursewright.courses.models import Course, Membership
from coursewright.foundation.models import Event
from tests.api.authors import course_shape, nothing_changes
from tests.api.learners import counted, make_people, minimal_shape, standing
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.clock import Clock
from tests.factories import (
    NOW,
    complete,
    make_course,
    make_invited,
    make_joined,
    make_lesson,
    make_manager,
    make_requested,
    make_section,
    make_user,
)


def test_whole_answer_of_an_open_course() -> None:
    """What ``GET`` of the course answers from then on: the course with its outline, open."""
    course, leo = make_course(make_user(), description="From limits to integrals"), make_user("leo")
    section = make_section(course)
    lesson = make_lesson(section)
    make_lesson(section, "Draft", status="draft")
    answer = Api(leo).post(f"course/{course.pk}/join/")
    assert (answer.status, answer.body) == (
        200,
        course_shape(
            course,
            description="From limits to integrals",
            join_status="joined",
            sections_order=[section.pk],
            num_sections=1,
            num_lessons=1,
            num_lessons_completed=0,
            sections=[
                {
                    "id": section.pk,
                    "name": "Week one",
                    "dripped_at": None,
                    "drip_delay": 0,
                    "lessons_order": [lesson.pk],
                    "available_date": None,
                    "locked": False,
                    "num_lessons": 1,
                    "num_lessons_completed": 0,
                    "lessons": [
                        {
                            "id": lesson.pk,
                            "name": "Limits",
                            "type": "lesson",
                            "status": "published",
                            "comments_enabled": True,
                            "completion_status": "uncompleted",
                            "locked": False,
                        }
                    ],
                }
            ],
        ),
    )
    assert answer.body == Api(leo).get(f"course/{course.pk}/").body
    assert counted(course) == 1


def test_whole_answer_of_a_private_course() -> None:
    course, ray = make_course(make_user(), privacy="private", description="For us"), make_user("ray")
    answer = Api(ray).post(f"course/{course.pk}/join/")
    expected = minimal_shape(course, privacy="private", join_status="requested")
    assert (answer.status, answer.body) == (200, expected)
    assert Api(ray).get(f"course/{course.pk}/").body == expected
    assert (standing(course, ray), counted(course)) == ("requested", 0)


@pytest.mark.parametrize("privacy", ["open", "private", "secret"])
def test_an_invitation_is_accepted(privacy: str) -> None:
    course = make_course(make_user(), privacy=privacy)
    ivy = make_invited(course, make_user("ivy"))
    answer = Api(ivy).post(f"course/{course.pk}/join/")
    assert (answer.status, answer.body["join_status"], standing(course, ivy)) == (200, "joined", "joined")


def test_who_asked_joins_once_the_course_is_open() -> None:
    course = make_course(make_user(), privacy="private")
    ray = make_requested(course, make_user("ray"))
    Course.objects.filter(pk=course.pk).update(privacy="open")
    answer = Api(ray).post(f"course/{course.pk}/join/")
    assert (answer.status, answer.body["join_status"], standing(course, ray)) == (200, "joined", "joined")


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
@pytest.mark.parametrize("who", ["creator", "manager"])
def test_managers_stay_what_they_are(privacy: str, who: str) -> None:
    ann = make_user()
    course = make_course(ann, privacy=privacy)
    api = Api(ann if who == "creator" else make_manager(course, make_user("mia")))
    with nothing_changes():
        answer = api.post(f"course/{course.pk}/join/")
    assert (answer.status, answer.body["join_status"]) == (200, who)


@pytest.mark.parametrize(
    "privacy, make", [("open", make_joined), ("private", make_joined), ("private", make_requested)]
)
def test_again_changes_nothing(privacy: str, make: Any) -> None:
    course = make_course(make_user(), privacy=privacy)
    api = Api(make(course, make_user("leo")))
    with nothing_changes():
        answer = api.post(f"course/{course.pk}/join/")
    assert (answer.status, answer.body["join_status"]) == (200, make.__name__.removeprefix("make_"))


@pytest.mark.parametrize("privacy", ["secret", ""])
def test_a_course_that_is_not_there_cannot_be_joined(privacy: str) -> None:
    """A draft not even with an invitation."""
    course = make_course(make_user(), privacy=privacy)
    people = make_people(course)
    refused = ["requested", "left", "stranger"] + ([] if privacy else ["joined", "invited"])
    for who in refused:
        api = Api(people[who])
        with nothing_changes():
            answer = api.post(f"course/{course.pk}/join/")
        assert (who, answer.status, answer.body) == (who, 404, NOT_FOUND)


def test_anonymous() -> None:
    course = make_course(make_user())
    for id in (course.pk, 999999):
        assert Api().post(f"course/{id}/join/")[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").post(f"course/{id}/join/")[:2] == (401, BAD_TOKEN)
    assert Membership.objects.filter(course=course).count() == 1


def test_unknown_and_deleted() -> None:
    ann = make_user()
    course, api = make_course(ann), Api(make_user("leo"))
    delete_course(course.pk, at=NOW, by=ann.pk)
    for id in (course.pk, "999999", "undefined", "9" * 30, "-1"):
        assert api.post(f"course/{id}/join/")[:2] == (404, NOT_FOUND)


def test_joined_at_is_the_time_of_joining_and_told_in_the_event(clock: Clock) -> None:
    course = make_course(make_user(), privacy="private")
    ivy = make_invited(course, make_user("ivy"))
    clock.set(NOW + timedelta(days=3))
    Api(ivy).post(f"course/{course.pk}/join/")
    assert Membership.objects.get(course=course, user=ivy).joined_at == NOW + timedelta(days=3)
    event = Event.objects.filter(kind="membership.changed", object_id=ivy.pk).latest("id")
    assert (event.at, event.actor_id, event.course_id) == (NOW + timedelta(days=3), ivy.pk, course.pk)
    assert event.before == '{"status":"invited","joined_at":null}'
    assert event.after == '{"status":"joined","joined_at":"2026-11-26T10:00:00Z"}'


def test_leaving_and_coming_back_keeps_progress_and_starts_the_time_anew(clock: Clock) -> None:
    course = make_course(make_user(), type="structured")
    section = make_section(course, drip_delay=7)
    lesson, leo = make_lesson(section), make_joined(course, make_user("leo"), at=NOW - timedelta(days=9))
    complete(lesson, leo)
    api = Api(leo)
    assert api.delete(f"course/{course.pk}/join/").status == 204
    clock.set(NOW + timedelta(days=1))
    answer = api.post(f"course/{course.pk}/join/")
    assert (answer.body["user_completion_rate"], answer.body["num_lessons_completed"]) == (100, 1)
    (back,) = answer.body["sections"]
    assert (back["available_date"], back["locked"]) == ("2026-12-01T10:00:00Z", True)
    assert [(lesson["completion_status"], lesson["locked"]) for lesson in back["lessons"]] == [("completed", True)]


@pytest.mark.parametrize(
    "content_type, body",
    [
        ("application/json", b""),
        ("application/json", b'{"user": 5, "status": "manager"}'),
        ("application/x-www-form-urlencoded", b"status=manager"),
    ],
)
def test_the_body_says_nothing(content_type: str, body: bytes) -> None:
    course = make_course(make_user())
    leo = make_user("leo")
    answer = Api(leo).call("POST", f"course/{course.pk}/join/", body, content_type=content_type)
    assert (answer.status, standing(course, leo)) == (200, "joined")


def test_statements_do_not_grow() -> None:
    course = make_course(make_user())
    section = make_section(course)
    make_lesson(section)
    few = Api(make_user("one")).post(f"course/{course.pk}/join/").statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
        make_joined(course, make_user(f"user{place}"))
    many = Api(make_user("two")).post(f"course/{course.pk}/join/").statements
    assert many == few > 0
