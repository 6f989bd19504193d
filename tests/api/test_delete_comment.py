"""DELETE .../comment/{comment_id}/"""

from coursewright.comments.models import Comment
from coursewright.foundation.models import Event
from tests.api.authors import nothing_changes
from tests.api.learners import listed
from tests.api.threads import (
    comment_path,
    comment_shape,
    comments_path,
    make_comment,
    make_learner,
    make_place,
    make_reply,
)
from tests.client import NOT_FOUND, Api
from tests.comments import changes


def remaining() -> list[int]:
    return [*Comment.objects.filter(deleted_at=None).order_by("id").values_list("pk", flat=True)]


def test_a_thread_goes_as_a_whole() -> None:
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    asked, other = make_comment(lesson, leo), make_comment(lesson, leo)
    replies = [make_reply(asked, ann), make_reply(asked, leo)]
    answer = Api(leo).delete(comment_path(asked))
    assert answer[:2] == (204, None)
    assert remaining() == [other.pk]
    for comment in (asked, *replies):
        assert Api(ann).get(comment_path(comment))[:2] == (404, NOT_FOUND)
    assert Api(ann).get(comments_path(lesson)).body == listed(comment_shape(other))
    deleted = Event.objects.filter(kind="comment.deleted").order_by("pk")
    events = deleted.values_list("object_id", "actor_id", "course_id")
    assert [*events] == [(comment.pk, leo.pk, lesson.course_id) for comment in (asked, *replies)]
    with nothing_changes():
        assert Api(leo).delete(comment_path(asked))[:2] == (404, NOT_FOUND)


def test_a_reply_goes_alone() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked = make_comment(lesson, leo)
    one, two = make_reply(asked, leo), make_reply(asked, leo)
    make_reply(asked, leo, in_reply_to=one.pk)
    assert Api(leo).delete(comment_path(one), {"reason": "none"}).status == 204
    assert len(remaining()) == 3
    assert remaining()[:2] == [asked.pk, two.pk]


def test_who_may() -> None:
    changes.assert_who_may("DELETE")


def test_an_author_who_left_a_secret_course() -> None:
    changes.assert_author_of_a_secret_course("DELETE")


def test_a_closed_lesson() -> None:
    changes.assert_closed("DELETE")


def test_ids_that_are_not_there() -> None:
    changes.assert_not_there("DELETE")


def test_comments_turned_off() -> None:
    changes.assert_turned_off("DELETE")


def test_statements() -> None:
    changes.assert_statements("DELETE", number=7)
