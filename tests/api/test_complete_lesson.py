"""POST .../lesson/{lesson_id}/complete/"""

from datetime import timedelta

import pytest

from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from coursewright.learning.models import Completion
from tests.api.authors import nothing_changes
from tests.api.learners import lesson_path, locked, make_people
from tests.api.quizzes import NEEDS_ATTEMPT
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.clock import Clock
from tests.factories import NOW, complete, make_course, make_joined, make_lesson, make_section, make_user

DAY = timedelta(days=1)


def test_it_is_completed_and_told(clock: Clock) -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    leo = make_joined(lesson.course, make_user("leo"))
    clock.set(NOW + DAY)
    answer = Api(leo).post(lesson_path(lesson, "complete/"))
    assert (answer.status, answer.body) == (204, None)
    completion = Completion.objects.get()
    assert (completion.course_id, completion.lesson_id, completion.user_id, completion.completed_at) == (
        lesson.course_id,
        lesson.pk,
        leo.pk,
        NOW + DAY,
    )
    assert Membership.objects.get(course=lesson.course, user=leo).last_active_at == NOW + DAY
    event = Event.objects.latest("id")
    assert (event.kind, event.object_id, event.actor_id, event.course_id) == (
        "completion.created",
        lesson.pk,
        leo.pk,
        lesson.course_id,
    )
    assert event.after == f'{{"user_id":{leo.pk},"completed_at":"2026-11-24T10:00:00Z"}}'


def test_again_changes_nothing(clock: Clock) -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    api = Api(make_joined(lesson.course, make_user("leo")))
    api.post(lesson_path(lesson, "complete/"))
    clock.set(NOW + DAY)
    with nothing_changes():
        assert api.post(lesson_path(lesson, "complete/"), {"completed": False})[:2] == (204, None)


def test_one_completes_for_oneself_only() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    leo, kay = (make_joined(lesson.course, make_user(name)) for name in ("leo", "kay"))
    Api(leo).post(lesson_path(lesson, f"complete/?user={kay.pk}"), {"user": kay.pk})
    assert [*Completion.objects.values_list("user_id", flat=True)] == [leo.pk]
    assert Api(kay).get(lesson_path(lesson)).body["completion_status"] == "uncompleted"


@pytest.mark.parametrize("status", ["published", "draft"])
@pytest.mark.parametrize("who", ["creator", "manager"])
def test_managers_complete_too(who: str, status: str) -> None:
    """Drafts as well, which are open to them; these count once they are published."""
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), status=status)
    user = {"creator": ann, **make_people(lesson.course)}[who]
    assert Api(user).post(lesson_path(lesson, "complete/")).status == 204
    rate = Api(user).get(f"course/{lesson.course_id}/").body["user_completion_rate"]
    assert rate == (100 if status == "published" else 0)


@pytest.mark.parametrize("end", ["complete/", "incomplete/"])
@pytest.mark.parametrize("who", ["creator", "joined"])
def test_a_quiz_needs_an_attempt(who: str, end: str) -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)), type="quiz")
    api = Api({"creator": ann, **make_people(lesson.course)}[who])
    with nothing_changes():
        assert api.post(lesson_path(lesson, end))[:2] == (400, NEEDS_ATTEMPT[end])


@pytest.mark.parametrize("end", ["complete/", "incomplete/"])
def test_a_closed_lesson(end: str) -> None:
    course = make_course(make_user(), type="scheduled", enforce_lessons_order=True)
    early, late = make_section(course, dripped_at=NOW), make_section(course, "Two", dripped_at=NOW + DAY)
    first, second, third = make_lesson(early), make_lesson(early, "Series"), make_lesson(late, "Integrals")
    quiz = make_lesson(late, "Quiz", type="quiz")
    undated = make_lesson(make_section(course, "Three"))
    draft = make_lesson(early, "Draft", status="draft")
    leo = make_joined(course, make_user("leo"))
    api = Api(leo)
    with nothing_changes():
        for lesson, message in (
            (second, 'complete "Limits" first.'),
            (third, "it opens on 2026-11-24 at 10:00 UTC."),
            (quiz, "it opens on 2026-11-24 at 10:00 UTC."),
            (undated, "its section has no opening date yet."),
        ):
            assert api.post(lesson_path(lesson, end))[:2] == (403, locked(message))
        assert api.post(lesson_path(draft, end))[:2] == (404, NOT_FOUND)
    assert api.post(lesson_path(first, end)).status == 204


@pytest.mark.parametrize("end", ["complete/", "incomplete/"])
def test_who_may_not(end: str) -> None:
    lesson = make_lesson(make_section(make_course(make_user(), privacy="private")))
    people = make_people(lesson.course)
    for who in ("invited", "requested", "left", "stranger"):
        complete(lesson, people[who])
        api = Api(people[who])
        with nothing_changes():
            assert (who, *api.post(lesson_path(lesson, end))[:2]) == (who, 403, NOT_JOINED)
            assert api.post(f"course/{lesson.course_id}/section/0/lesson/x/{end}")[:2] == (403, NOT_JOINED)
    with nothing_changes():
        for path in (lesson_path(lesson, end), f"course/999999/section/1/lesson/1/{end}"):
            assert Api().post(path)[:2] == (401, NOT_AUTHENTICATED)
            assert Api(token="nonsense").post(path)[:2] == (401, BAD_TOKEN)


@pytest.mark.parametrize("end", ["complete/", "incomplete/"])
@pytest.mark.parametrize(
    "privacy, refusing", [("secret", ["requested", "left", "stranger"]), ("", ["joined", "invited"])]
)
def test_a_course_that_is_not_there(end: str, privacy: str, refusing: list[str]) -> None:
    lesson = make_lesson(make_section(make_course(make_user(), privacy=privacy)))
    people = make_people(lesson.course)
    for who in refusing:
        assert (who, *Api(people[who]).post(lesson_path(lesson, end))[:2]) == (who, 404, NOT_FOUND)


@pytest.mark.parametrize("end", ["complete/", "incomplete/"])
def test_foreign_ids(end: str) -> None:
    ann, leo = make_user(), make_user("leo")
    lesson = make_lesson(make_section(make_course(ann)))
    foreign = make_lesson(make_section(make_course(ann, "Physics")))
    for course in (lesson.course, foreign.course):
        make_joined(course, leo)
    api, base = Api(leo), f"course/{lesson.course_id}/section"
    with nothing_changes():
        for path in (
            f"{base}/{lesson.section_id}/lesson/{foreign.pk}/",
            f"{base}/{foreign.section_id}/lesson/{foreign.pk}/",
            f"{base}/{foreign.section_id}/lesson/{lesson.pk}/",
            f"{base}/{lesson.section_id}/lesson/undefined/",
        ):
            assert api.post(path + end)[:2] == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    lesson = make_lesson(make_section(course))
    few = Api(make_joined(course, make_user("leo"))).post(lesson_path(lesson, "complete/")).statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    many = Api(make_joined(course, make_user("kay"))).post(lesson_path(lesson, "complete/")).statements
    assert many == few > 0
