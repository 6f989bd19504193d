"""POST .../lesson/{lesson_id}/incomplete/. Its refusals are those of complete/, tried there."""

from datetime import timedelta

from coursewright.courses.models import Membership
from coursewright.foundation.models import Event
from coursewright.learning.models import Completion
from tests.api.authors import nothing_changes
from tests.api.learners import lesson_path, locked
from tests.client import Api
from tests.clock import Clock
from tests.factories import NOW, complete, make_course, make_joined, make_lesson, make_section, make_user


def test_the_completion_is_taken_back_and_told(clock: Clock) -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    leo, kay = (make_joined(lesson.course, make_user(name)) for name in ("leo", "kay"))
    for user in (leo, kay):
        complete(lesson, user)
    clock.set(NOW + timedelta(days=1))
    answer = Api(leo).post(lesson_path(lesson, "incomplete/"))
    assert (answer.status, answer.body) == (204, None)
    assert [*Completion.objects.values_list("user_id", flat=True)] == [kay.pk]
    event = Event.objects.latest("id")
    assert (event.kind, event.at, event.object_id, event.actor_id, event.course_id, event.before) == (
        "completion.deleted",
        NOW + timedelta(days=1),
        lesson.pk,
        leo.pk,
        lesson.course_id,
        f'{{"user_id":{leo.pk}}}',
    )
    assert Membership.objects.get(course=lesson.course, user=leo).last_active_at == NOW


def test_without_a_completion_nothing_changes() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    api = Api(make_joined(lesson.course, make_user("leo")))
    with nothing_changes():
        assert api.post(lesson_path(lesson, "incomplete/"))[:2] == (204, None)


def test_back_and_forth() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    api = Api(make_joined(lesson.course, make_user("leo")))
    seen = []
    for end in ("complete/", "incomplete/", "incomplete/", "complete/"):
        assert api.post(lesson_path(lesson, end)).status == 204
        seen.append(api.get(lesson_path(lesson)).body["completion_status"])
    assert seen == ["completed", "uncompleted", "uncompleted", "completed"]


def test_in_order_it_closes_what_comes_after() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    section = make_section(course)
    first, second = make_lesson(section), make_lesson(section, "Series")
    leo = make_joined(course, make_user("leo"))
    for lesson in (first, second):
        complete(lesson, leo)
    api = Api(leo)
    assert api.post(lesson_path(first, "incomplete/")).status == 204
    for end in ("", "complete/", "incomplete/"):
        answer = api.call("POST" if end else "GET", lesson_path(second, end))
        assert answer[:2] == (403, locked('complete "Limits" first.'))
    assert Completion.objects.filter(lesson=second, user=leo).exists()


def test_statements_do_not_grow() -> None:
    course = make_course(make_user(), enforce_lessons_order=True)
    lesson = make_lesson(make_section(course))
    leo, kay = (make_joined(course, make_user(name)) for name in ("leo", "kay"))
    for user in (leo, kay):
        complete(lesson, user)
    few = Api(leo).post(lesson_path(lesson, "incomplete/")).statements
    for place in range(29):
        make_lesson(make_section(course, f"Section {place}"))
    many = Api(kay).post(lesson_path(lesson, "incomplete/")).statements
    assert many == few > 0
