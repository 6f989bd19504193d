"""DELETE /api/v2/course/{id}/"""

from coursewright.courses.actions.courses import restore_course
from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, nothing_changes, revision
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def test_whole_answer() -> None:
    ann = make_user()
    course = make_course(ann)
    answer = Api(ann).delete(f"course/{course.pk}/")
    assert (answer.status, answer.body) == (204, None)


def test_it_answers_404_everywhere() -> None:
    ann, bob = make_user(), make_user("bob")
    course = make_course(ann)
    lesson = make_lesson(make_section(course))
    make_joined(course, bob)
    Api(ann).delete(f"course/{course.pk}/")
    lesson_path = f"course/{course.pk}/section/{lesson.section_id}/lesson/{lesson.pk}/"
    with nothing_changes():
        for user in (ann, bob):
            for method, path in (
                ("GET", ""),
                ("GET", "status/"),
                ("GET", "join/"),
                ("POST", "join/"),
                ("GET", "section/"),
                ("GET", f"section/{lesson.section_id}/"),
            ):
                answer = Api(user).call(method, f"course/{course.pk}/{path}")
                assert (method, path, answer.status, answer.body) == (method, path, 404, NOT_FOUND)
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                assert Api(user).call(method, lesson_path).body == NOT_FOUND
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert Api(ann).call(method, f"course/{course.pk}/").body == NOT_FOUND
        assert Api(bob).get("course/").body["results"] == []
        assert Api().get("course/search/").body["results"] == []
        assert Api().get(f"user/{ann.pk}/courses/", statuses="creator").body["results"] == []


def test_managers_may() -> None:
    course = make_course(make_user())
    assert Api(make_manager(course, make_user("max"))).delete(f"course/{course.pk}/").status == 204


def test_nobody_else() -> None:
    course = make_course(make_user())
    assert_managers_only(course, "DELETE", f"course/{course.pk}/")
    assert_hidden(course, "DELETE", f"course/{course.pk}/")


def test_event_and_restoring() -> None:
    ann = make_user()
    course = make_course(ann)
    before = Api(ann).get(f"course/{course.pk}/").body
    Api(ann).delete(f"course/{course.pk}/")
    restore_course(course.pk, at=NOW, by=None)
    events = Event.objects.filter(object_type="course", object_id=course.pk).order_by("id")
    assert [(event.kind, event.actor_id, event.before, event.after) for event in events[1:]] == [
        ("course.deleted", ann.pk, '{"deleted_at":null}', '{"deleted_at":"2026-11-23T10:00:00Z"}'),
        ("course.restored", None, '{"deleted_at":"2026-11-23T10:00:00Z"}', '{"deleted_at":null}'),
    ]
    assert revision(course) == 3
    assert Api(ann).get(f"course/{course.pk}/").body == before


def test_statements_do_not_grow() -> None:
    ann = make_user()
    small, large = make_course(ann, "Small"), make_course(ann, "Large")
    for place in range(30):
        make_lesson(make_section(large, f"Section {place}"))
    assert [Api(ann).delete(f"course/{course.pk}/").statements for course in (small, large)] == [7, 7]
