"""GET .../comment/{comment_id}/"""

from coursewright.courses.models import Lesson
from tests.api.learners import locked, make_people
from tests.api.threads import (
    comment_path,
    comment_shape,
    comments_path,
    document_shape,
    make_comment,
    make_document,
    make_learner,
    make_place,
    make_reply,
)
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.factories import NOW, make_lesson


def test_whole_answer() -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    notes = make_document(leo)
    asked = make_comment(lesson, leo, medias=[notes.pk])
    api = Api(ann)
    shape = comment_shape(asked, medias=[document_shape(notes)])
    assert api.get(comment_path(asked))[:2] == (200, shape)
    reply = make_reply(asked, ann, in_reply_to=asked.pk)
    assert api.get(comment_path(asked)).body == {**shape, "latest_reply": comment_shape(reply)}
    assert api.get(comment_path(reply))[:2] == (200, comment_shape(reply))


def test_it_stays_when_comments_are_turned_off() -> None:
    lesson = make_place()
    asked = make_comment(lesson, make_learner(lesson.course))
    Lesson.objects.update(comments_enabled=False)
    assert Api(lesson.course.created_by).get(comment_path(asked))[:2] == (200, comment_shape(asked))


def test_who_may() -> None:
    lesson = make_place(privacy="private")
    people = make_people(lesson.course)
    asked = make_comment(lesson, people["left"])
    for who in ("manager", "joined"):
        assert Api(people[who]).get(comment_path(asked)).status == 200
    for who in ("invited", "requested", "left", "stranger"):
        assert (who, *Api(people[who]).get(comment_path(asked))[:2]) == (who, 403, NOT_JOINED)
    assert Api().get(comment_path(asked))[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(comment_path(asked))[:2] == (401, BAD_TOKEN)


def test_a_closed_lesson() -> None:
    lesson = make_place(enforce_lessons_order=True)
    asked = make_comment(make_lesson(lesson.section, "Series"), lesson.course.created_by)
    answer = Api(make_learner(lesson.course)).get(comment_path(asked))
    assert answer[:2] == (403, locked('complete "Limits" first.'))


def test_ids_that_are_not_there() -> None:
    lesson = make_place()
    api = Api(lesson.course.created_by)
    foreign = make_comment(make_lesson(lesson.section, "Series"), lesson.course.created_by)
    gone = make_comment(lesson, lesson.course.created_by)
    type(gone).objects.filter(pk=gone.pk).update(deleted_at=NOW)
    for id in (foreign.pk, gone.pk, 999_999, "undefined", "9" * 30):
        assert api.get(comments_path(lesson, f"{id}/"))[:2] == (404, NOT_FOUND)


def test_statements() -> None:
    lesson = make_place()
    asked = make_comment(lesson, make_learner(lesson.course))
    api = Api(asked.created_by)
    few = api.get(comment_path(asked)).statements
    for _ in range(30):
        make_reply(asked, asked.created_by)
    assert (few, api.get(comment_path(asked)).statements) == (3, 3)
