"""DELETE /api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/"""

from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, nothing_changes, revision
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, complete, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def path(lesson: Lesson) -> str:
    return f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/{lesson.pk}/"


def test_whole_answer() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    answer = Api(ann).delete(path(lesson))
    assert (answer.status, answer.body) == (204, None)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        again = Api(ann).call(method, path(lesson))
        assert (again.status, again.body) == (404, NOT_FOUND)


def test_it_leaves_its_section() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    one, two = make_lesson(section, "One"), make_lesson(section, "Two")
    Api(ann).delete(path(one))
    body = Api(ann).get(f"course/{section.course_id}/section/{section.pk}/").body
    assert body["lessons_order"] == [two.pk]


def test_learners_figures_forget_it() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    make_lesson(lesson.section, "Other")
    bob = make_joined(lesson.course, make_user("bob"))
    complete(lesson, bob)
    course = f"course/{lesson.course_id}/"
    before = Api(bob).get(course).body
    Api(ann).delete(path(lesson))
    after = Api(bob).get(course).body
    assert [
        (body["num_lessons"], body["num_lessons_completed"], body["user_completion_rate"]) for body in (before, after)
    ] == [
        (2, 1, 50),
        (1, 0, 0),
    ]


def test_nobody_but_managers() -> None:
    lesson = make_lesson(make_section(make_course(make_user())))
    other = make_lesson(lesson.section, "Other")
    assert Api(make_manager(lesson.course, make_user("max"))).delete(path(other)).status == 204
    assert_managers_only(lesson.course, "DELETE", path(lesson))
    assert_hidden(lesson.course, "DELETE", path(lesson))


def test_every_id_belongs_to_the_one_before() -> None:
    ann, eve = make_user(), make_user("eve")
    lesson = make_lesson(make_section(make_course(ann)))
    sibling, own = make_section(lesson.course, "Sibling"), make_section(make_course(eve, "Own"))
    with nothing_changes():
        for user, wrong in (
            (ann, f"course/{lesson.course_id}/section/{sibling.pk}/lesson/{lesson.pk}/"),
            (ann, f"course/{lesson.course_id}/section/{lesson.section_id}/lesson/undefined/"),
            (eve, f"course/{own.course_id}/section/{own.pk}/lesson/{lesson.pk}/"),
        ):
            answer = Api(user).delete(wrong)
            assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_event() -> None:
    ann = make_user()
    lesson = make_lesson(make_section(make_course(ann)))
    Api(ann).delete(path(lesson))
    event = Event.objects.latest("id")
    assert (event.kind, event.course_id, event.object_id, event.before, event.after) == (
        "lesson.deleted",
        lesson.course_id,
        lesson.pk,
        '{"deleted_at":null}',
        '{"deleted_at":"2026-11-23T10:00:00Z"}',
    )
    lesson.refresh_from_db()
    assert (revision(lesson), lesson.deleted_at) == (2, NOW)
