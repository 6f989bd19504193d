"""GET /api/v2/course/{id}/comment/"""

from datetime import timedelta
from typing import Any

from coursewright.comments.models import Comment
from coursewright.courses.actions.lessons import delete_lesson
from coursewright.courses.actions.sections import update_section
from coursewright.courses.models import Lesson
from tests.api.authors import assert_hidden, assert_managers_only, faults
from tests.api.learners import ids, listed
from tests.api.threads import (
    comment_shape,
    document_shape,
    make_comment,
    make_document,
    make_learner,
    make_place,
    make_reply,
)
from tests.client import NOT_FOUND, Api
from tests.factories import NOW, make_course, make_lesson, make_manager, make_section, make_user


def placed(comment: Comment, **values: Any) -> dict[str, Any]:
    """A comment as the list of a whole course has it: its replies and its place, and no latest reply."""
    lesson = comment.lesson
    shape = {
        **comment_shape(comment),
        "replies": [],
        "extras": {
            "course": {"id": lesson.course_id, "slug": lesson.course.slug},
            "section": {"id": lesson.section_id, "name": lesson.section.name},
            "lesson": {"id": lesson.pk, "name": lesson.name},
        },
        **values,
    }
    return {name: value for name, value in shape.items() if name != "latest_reply"}


def test_whole_answer() -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(ann, "Slides")
    asked = make_comment(lesson, leo, medias=[notes.pk])
    reply = make_reply(asked, ann, medias=[slides.pk])
    second = make_reply(asked, leo, in_reply_to=reply.pk)
    alone = make_comment(lesson, ann)
    make_comment(make_lesson(make_section(make_course(ann, "Physics"))), ann)
    replies = [placed(reply, medias=[document_shape(slides)]), placed(second)]
    expected = listed(placed(asked, medias=[document_shape(notes)], replies=replies), placed(alone))
    for user in (ann, make_manager(lesson.course, make_user("mia"))):
        answer = Api(user).get(f"course/{lesson.course_id}/comment/")
        assert (answer.status, answer.body) == (200, expected)


def test_the_lessons_order_then_time() -> None:
    first = make_place()
    ann, section = first.course.created_by, first.section
    second = make_lesson(section, "Series", status="draft")
    third = make_lesson(make_section(first.course, "Two"), "Integrals", comments_enabled=False)
    places = [third, second, first, first]
    times = [NOW, NOW, NOW + timedelta(hours=1), NOW]
    found = [make_comment(lesson, ann, at=at).pk for lesson, at in zip(places, times, strict=True)]
    path = f"course/{first.course_id}/comment/"
    assert ids(Api(ann).get(path)) == found[::-1]
    update_section(first.course_id, section.pk, {"lessons_order": [second.pk]}, at=NOW, by=ann.pk)
    assert ids(Api(ann).get(path)) == [found[1], found[3], found[2], found[0]]


def test_a_deleted_lesson_takes_its_comments_along() -> None:
    lesson = make_place()
    ann = lesson.course.created_by
    make_comment(lesson, ann)
    kept = make_comment(make_lesson(lesson.section, "Series"), ann)
    delete_lesson(lesson.course_id, lesson.section_id, lesson.pk, at=NOW, by=ann.pk)
    assert Api(ann).get(f"course/{lesson.course_id}/comment/").body == listed(placed(kept))


def test_pages() -> None:
    lesson = make_place()
    ann = lesson.course.created_by
    comments = [make_comment(lesson, ann) for _ in range(3)]
    make_reply(comments[0], ann)
    path = f"course/{lesson.course_id}/comment/"
    answer = Api(ann).get(path, limit=1, offset=1)
    link = f"http://testserver/api/v2/{path}?limit=1&offset="
    assert answer.body == {
        "count": 3,
        "next": f"{link}2",
        "previous": f"{link}0",
        "results": [placed(comments[1])],
    }
    fault = ("limit", "invalid", "A valid integer is required.")
    assert Api(ann).get(path, limit="x")[:2] == (400, faults(fault))


def test_managers_only() -> None:
    course = make_place().course
    assert_managers_only(course, "GET", f"course/{course.pk}/comment/")
    assert_hidden(course, "GET", f"course/{course.pk}/comment/")


def test_unknown_courses() -> None:
    api = Api(make_user())
    for id in (999_999, "undefined"):
        assert api.get(f"course/{id}/comment/")[:2] == (404, NOT_FOUND)


def test_statements_do_not_grow() -> None:
    lesson = make_place()
    api, leo = Api(lesson.course.created_by), make_learner(lesson.course)
    path = f"course/{lesson.course_id}/comment/"
    make_reply(make_comment(lesson, leo), leo)
    few = api.get(path).statements
    for place in range(29):
        make_reply(make_comment(make_lesson(lesson.section, f"Lesson {place}"), leo), leo)
    many = api.get(path, limit=100)
    assert (len(many.body["results"]), few, many.statements) == (30, 6, 6)
    assert Lesson.objects.count() == 30
