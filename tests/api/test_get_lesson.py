"""GET /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/: for those who may open it."""

from datetime import timedelta

import pytest

from coursewright.courses.models import Course, Lesson
from tests.api.authors import person
from tests.api.learners import lesson_path, locked, make_people
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.clock import Clock
from tests.factories import (
    NOW,
    complete,
    make_course,
    make_joined,
    make_lesson,
    make_manager,
    make_section,
    make_user,
)

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def test_whole_answer() -> None:
    ann = make_user(real_name="Ann Lee")
    lesson = make_lesson(make_section(make_course(ann)), text="<p>Near <b>and</b> nearer</p>", passing_grade=75)
    leo = make_joined(lesson.course, make_user("leo"))
    expected = {
        "id": lesson.pk,
        "name": "Limits",
        "type": "lesson",
        "status": "published",
        "comments_enabled": True,
        "completion_status": "uncompleted",
        "course_id": lesson.course_id,
        "section_id": lesson.section_id,
        "html": "<p>Near <b>and</b> nearer</p>",
        "created_at": "2026-11-23T10:00:00Z",
        "created_by": person(ann),
        "passing_grade": 75,
        "medias": [],
        "questions": [],
        "last_attempt": None,
    }
    assert Api(leo).get(lesson_path(lesson))[:2] == (200, expected)
    complete(lesson, leo)
    assert Api(leo).get(lesson_path(lesson))[:2] == (200, {**expected, "completion_status": "completed"})
    assert Api(ann).get(lesson_path(lesson))[:2] == (200, expected)


@pytest.mark.parametrize("privacy", ["open", "private", "secret", ""])
def test_who_may(privacy: str) -> None:
    lesson = make_lesson(make_section(make_course(make_user(), privacy=privacy)))
    hears = {
        "open": dict.fromkeys(["invited", "requested", "left", "stranger"], (403, NOT_JOINED)),
        "private": dict.fromkeys(["invited", "requested", "left", "stranger"], (403, NOT_JOINED)),
        "secret": {
            "invited": (403, NOT_JOINED),
            **dict.fromkeys(["requested", "left", "stranger"], (404, NOT_FOUND)),
        },
        "": dict.fromkeys(["joined", "invited", "requested", "left", "stranger"], (404, NOT_FOUND)),
    }[privacy]
    for who, user in make_people(lesson.course).items():
        answer = Api(user).get(lesson_path(lesson))
        if who in hears:
            assert (who, *answer[:2]) == (who, *hears[who])
        else:
            assert (who, answer.status, answer.body["id"]) == (who, 200, lesson.pk)
    assert Api(make_user("root", role="admin")).get(lesson_path(lesson)).status != 200


def test_anonymous() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    for path in (lesson_path(lesson), "course/999999/section/1/lesson/1/"):
        assert Api().get(path)[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").get(path)[:2] == (401, BAD_TOKEN)


def test_who_did_not_join_hears_so_whatever_the_id() -> None:
    lesson = make_lesson(make_section(make_course(make_user())), status="draft")
    api, base = Api(make_user("sam")), f"course/{lesson.course_id}/section"
    for path in (lesson_path(lesson), f"{base}/{lesson.section_id}/lesson/999999/", f"{base}/x/lesson/y/"):
        assert api.get(path)[:2] == (403, NOT_JOINED)


@pytest.mark.parametrize("who", ["joined", "manager"])
def test_foreign_and_unknown_ids(who: str) -> None:
    ann, user = make_user(), make_user("leo")
    lesson = make_lesson(make_section(make_course(ann)))
    other = make_section(lesson.course, "Week two")
    foreign = make_lesson(make_section(make_course(ann, "Physics")))
    gone = make_lesson(other, "Gone")
    Api(ann).delete(lesson_path(gone))
    for course in (lesson.course, foreign.course):
        (make_joined if who == "joined" else make_manager)(course, user)
    api, base = Api(user), f"course/{lesson.course_id}/section"
    for path in (
        f"{base}/{lesson.section_id}/lesson/999999/",
        f"{base}/{lesson.section_id}/lesson/undefined/",
        f"{base}/{lesson.section_id}/lesson/{'9' * 30}/",
        f"{base}/{lesson.section_id}/lesson/{foreign.pk}/",
        f"{base}/{other.pk}/lesson/{lesson.pk}/",
        f"{base}/{foreign.section_id}/lesson/{foreign.pk}/",
        f"{base}/999999/lesson/{lesson.pk}/",
        f"course/{foreign.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/",
        lesson_path(gone),
    ):
        assert (path, *api.get(path)[:2]) == (path, 404, NOT_FOUND)


def test_a_draft_is_there_for_managers_only() -> None:
    lesson = make_lesson(make_section(make_course(make_user())), status="draft")
    people = make_people(lesson.course)
    assert Api(people["joined"]).get(lesson_path(lesson))[:2] == (404, NOT_FOUND)
    assert Api(people["manager"]).get(lesson_path(lesson)).body["status"] == "draft"


def test_scheduled_opens_at_its_date(clock: Clock) -> None:
    course = make_course(make_user(), type="scheduled")
    lesson = make_lesson(make_section(course, dripped_at=NOW + DAY))
    api = Api(make_joined(course, make_user("leo")))
    refusal = (403, locked("it opens on 2026-11-24 at 10:00 UTC."))
    assert api.get(lesson_path(lesson))[:2] == refusal
    clock.set(NOW + DAY - TICK)
    assert api.get(lesson_path(lesson))[:2] == refusal
    clock.set(NOW + DAY)
    assert api.get(lesson_path(lesson)).status == 200


def test_scheduled_without_a_date() -> None:
    course = make_course(make_user(), type="scheduled")
    lesson = make_lesson(make_section(course, drip_delay=0))
    api = Api(make_joined(course, make_user("leo")))
    assert api.get(lesson_path(lesson))[:2] == (403, locked("its section has no opening date yet."))


def test_structured_opens_so_long_after_joining(clock: Clock) -> None:
    course = make_course(make_user(), type="structured")
    lesson = make_lesson(make_section(course, drip_delay=7, dripped_at=NOW + 99 * DAY))
    joined_at = NOW.replace(second=42, microsecond=5)
    api = Api(make_joined(course, make_user("leo"), at=joined_at))
    clock.set(joined_at + 7 * DAY - TICK)
    assert api.get(lesson_path(lesson))[:2] == (403, locked("it opens on 2026-11-30 at 10:01 UTC."))
    clock.set(joined_at + 7 * DAY)
    assert api.get(lesson_path(lesson)).status == 200


def test_the_type_of_the_course_decides_and_may_change() -> None:
    course = make_course(make_user(), type="structured")
    lesson = make_lesson(make_section(course, drip_delay=7, dripped_at=NOW))
    api = Api(make_joined(course, make_user("leo")))
    status = {}
    for type in ("structured", "scheduled", "self-paced"):
        Course.objects.filter(pk=course.pk).update(type=type)
        status[type] = api.get(lesson_path(lesson)).status
    assert status == {"structured": 403, "scheduled": 200, "self-paced": 200}


def test_in_order_the_message_names_what_comes_first() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    one, two = make_section(course, "One"), make_section(course, "Two")
    draft = make_lesson(one, "Draft", status="draft")
    first, second, third = make_lesson(one, "Limits"), make_lesson(one, 'The "e"'), make_lesson(two, "Series")
    leo = make_joined(course, make_user("leo"))
    api = Api(leo)
    assert api.get(lesson_path(first)).status == 200
    for lesson in (second, third):
        assert api.get(lesson_path(lesson))[:2] == (403, locked('complete "Limits" first.'))
    complete(first, leo)
    assert api.get(lesson_path(second)).status == 200
    assert api.get(lesson_path(third))[:2] == (403, locked('complete "The "e"" first.'))
    complete(second, leo)
    assert api.get(lesson_path(third)).status == 200
    assert api.get(lesson_path(draft))[:2] == (404, NOT_FOUND)
    Lesson.objects.filter(pk=draft.pk).update(status="published")
    assert api.get(lesson_path(third))[:2] == (403, locked('complete "Draft" first.'))


@pytest.mark.parametrize("who", ["creator", "manager"])
def test_nothing_is_locked_for_managers(who: str) -> None:
    ann = make_user()
    course = make_course(ann, type="scheduled", enforce_lessons_order=True)
    section = make_section(course)
    make_lesson(section, "First")
    lesson = make_lesson(section)
    api = Api(ann if who == "creator" else make_manager(course, make_user("mia")))
    assert api.get(lesson_path(lesson)).status == 200


def test_statements_do_not_grow() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    lesson = make_lesson(make_section(course))
    api = Api(make_joined(course, make_user("leo")))
    few = api.get(lesson_path(lesson)).statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    assert api.get(lesson_path(lesson)).statements == few > 0
