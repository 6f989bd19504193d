"""DELETE /api/v2/course/{id}/section/{section_id}/"""

from coursewright.courses.models import Lesson, Section
from coursewright.foundation.models import Event
from tests.api.authors import assert_hidden, assert_managers_only, nothing_changes
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, complete, make_course, make_joined, make_lesson, make_manager, make_section, make_user


def path(section: Section) -> str:
    return f"course/{section.course_id}/section/{section.pk}/"


def test_whole_answer() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    answer = Api(ann).delete(path(section))
    assert (answer.status, answer.body) == (204, None)
    for method in ("GET", "DELETE"):
        again = Api(ann).call(method, path(section))
        assert (again.status, again.body) == (404, NOT_FOUND)


def test_its_lessons_are_deleted_with_it() -> None:
    ann = make_user()
    section = make_section(make_course(ann))
    lessons = [make_lesson(section, "One").pk, make_lesson(section, "Two").pk]
    other = make_lesson(make_section(section.course, "Other"))
    Api(ann).delete(f"{path(section)}lesson/{lessons[0]}/")
    Api(ann).delete(path(section))
    assert list(Lesson.objects.filter(deleted_at=None)) == [other]
    assert Api(ann).get(f"{path(section)}lesson/{lessons[1]}/").status == 404
    kinds = [event.kind for event in Event.objects.order_by("-id")[:2]]
    assert kinds == ["section.deleted", "lesson.deleted"]
    revisions = Lesson.objects.filter(pk__in=lessons).values_list("revision", "deleted_at")
    assert list(revisions) == [(2, NOW), (2, NOW)], "a lesson deleted before is not deleted again"


def test_learners_figures_forget_it() -> None:
    ann = make_user()
    course = make_course(ann)
    gone, kept = make_section(course, "Gone"), make_section(course, "Kept")
    done, open_lesson = make_lesson(gone), make_lesson(kept)
    bob = make_joined(course, make_user("bob"))
    complete(done, bob)
    Api(ann).delete(path(gone))
    body = Api(bob).get(f"course/{course.pk}/").body
    figures = {name: body[name] for name in ("num_sections", "num_lessons", "num_lessons_completed")}
    assert figures == {"num_sections": 1, "num_lessons": 1, "num_lessons_completed": 0}
    assert (body["user_completion_rate"], body["sections_order"]) == (0, [kept.pk])
    assert [lesson["id"] for lesson in body["sections"][0]["lessons"]] == [open_lesson.pk]


def test_managers_may() -> None:
    course = make_course(make_user())
    assert Api(make_manager(course, make_user("max"))).delete(path(make_section(course))).status == 204


def test_nobody_else() -> None:
    section = make_section(make_course(make_user()))
    assert_managers_only(section.course, "DELETE", path(section))
    assert_hidden(section.course, "DELETE", path(section))


def test_foreign_and_unknown_ids() -> None:
    ann = make_user()
    course, other = make_course(ann), make_course(ann, "Other")
    section = make_section(course)
    with nothing_changes():
        for wrong in (f"course/{other.pk}/section/{section.pk}/", f"course/{course.pk}/section/undefined/"):
            answer = Api(ann).delete(wrong)
            assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    ann = make_user()
    course = make_course(ann)
    small, large = make_section(course), make_section(course, "Large")
    make_lesson(small)
    for place in range(30):
        make_lesson(large, f"Lesson {place}")
    assert [Api(ann).delete(path(section)).statements for section in (small, large)] == [8, 8]
