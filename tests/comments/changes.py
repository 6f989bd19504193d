"""What PUT and PATCH of a comment have in common: both change what they name, and require nothing."""

from coursewright.comments.models import Comment
from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from tests.api.authors import BLANK, NULL, faults, nothing_changes
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
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api
from tests.factories import make_joined, make_left, make_lesson, make_manager, make_user


def assert_text_changes(method: str) -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked, other = make_comment(lesson, leo), make_comment(lesson, leo)
    reply = make_reply(asked, lesson.course.created_by)
    # A comment keeps its place, whatever a client says of it.
    body = {"text": "<p>How?<script>1</script></p>", "parent": other.pk, "in_reply_to": other.pk, "id": 1}
    answer = Api(leo).call(method, comment_path(asked), body)
    shape = comment_shape(asked, html="<p>How?</p>", latest_reply=comment_shape(reply))
    assert answer[:2] == (200, shape)
    assert Api(leo).get(comment_path(asked)).body == shape
    event = Event.objects.latest("id")
    assert (event.kind, event.object_id, event.actor_id, event.before, event.after) == (
        "comment.changed",
        asked.pk,
        leo.pk,
        '{"html":"<p>Why?</p>"}',
        '{"html":"<p>How?</p>"}',
    )
    with nothing_changes():
        assert Api(leo).call(method, comment_path(asked), {"text": "<p>How?</p>"})[:2] == (200, shape)
        assert Api(leo).call(method, comment_path(asked), {})[:2] == (200, shape)
    nested = Api(leo).call(method, comment_path(reply), {"text": "x"})
    assert nested[:2] == (403, FORBIDDEN)


def assert_media_change(method: str) -> None:
    """What is not named stays; another's media may stay where it is attached; something must be left."""
    lesson = make_place()
    ann, leo = lesson.course.created_by, make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(ann, "Slides")
    asked = make_comment(lesson, leo, medias=[notes.pk])
    api = Api(ann)
    shape = comment_shape(asked, medias=[document_shape(notes)])
    assert api.call(method, comment_path(asked), {"text": "<p>Why?</p>"}).body == shape
    both = api.call(method, comment_path(asked), {"medias": [slides.pk, notes.pk]})
    assert both[:2] == (200, {**shape, "medias": [document_shape(slides), document_shape(notes, 1)]})
    bare = api.call(method, comment_path(asked), {"text": ""})
    assert bare[:2] == (200, {**both.body, "html": ""})
    with nothing_changes():
        silent: list[dict[str, object]] = [{"medias": []}, {"text": "<p> </p>", "medias": []}]
        for body in silent:
            assert api.call(method, comment_path(asked), body)[:2] == (400, faults(("text", "blank", BLANK)))
        missing = ("medias", "does_not_exist", "There is no such media: 999999.")
        assert api.call(method, comment_path(asked), {"medias": [999_999]})[:2] == (400, faults(missing))
        assert api.call(method, comment_path(asked), {"text": None})[:2] == (400, faults(("text", "null", NULL)))
    assert api.call(method, comment_path(asked), {"text": "Words", "medias": []}).body["medias"] == []


def assert_who_may(method: str, body: object = None) -> None:
    """The author and the managers; an author who left may not, and nobody whom the lesson is closed to."""
    lesson = make_place(privacy="private")
    people = make_people(lesson.course)
    gone, lou = make_comment(lesson, people["left"]), make_comment(lesson, people["joined"])
    other = make_joined(lesson.course, make_user("kay"))
    with nothing_changes():
        for who in ("invited", "requested", "left", "stranger"):
            assert (who, *Api(people[who]).call(method, comment_path(gone), body)[:2]) == (who, 403, NOT_JOINED)
        assert Api(other).call(method, comment_path(lou), body)[:2] == (403, FORBIDDEN)
        assert Api().call(method, comment_path(lou), body)[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").call(method, comment_path(lou), body)[:2] == (401, BAD_TOKEN)
    assert Api(people["manager"]).call(method, comment_path(gone), body).status < 300
    assert Api(people["joined"]).call(method, comment_path(lou), body).status < 300


def assert_author_of_a_secret_course(method: str, body: object = None) -> None:
    """Who left does not even hear that it is there; who was a manager and left neither."""
    lesson = make_place(privacy="secret")
    leo = make_manager(lesson.course, make_user("leo"))
    asked = make_comment(lesson, leo)
    make_left(lesson.course, leo)
    with nothing_changes():
        assert Api(leo).call(method, comment_path(asked), body)[:2] == (404, NOT_FOUND)


def assert_closed(method: str, body: object = None) -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    asked = make_comment(make_lesson(lesson.section, "Series"), leo)
    type(lesson.course).objects.update(enforce_lessons_order=True)
    with nothing_changes():
        answer = Api(leo).call(method, comment_path(asked), body)
        assert answer[:2] == (403, locked('complete "Limits" first.'))
    assert Api(lesson.course.created_by).call(method, comment_path(asked), body).status < 300


def assert_not_there(method: str, body: object = None) -> None:
    lesson = make_place()
    ann = lesson.course.created_by
    foreign = make_comment(make_lesson(lesson.section, "Series"), ann)
    with nothing_changes():
        for id in (foreign.pk, 999_999, "undefined", "9" * 30):
            assert Api(ann).call(method, comments_path(lesson, f"{id}/"), body)[:2] == (404, NOT_FOUND)


def assert_turned_off(method: str, body: object = None) -> None:
    """What was written can still be mended."""
    lesson = make_place()
    asked = make_comment(lesson, make_learner(lesson.course))
    Lesson.objects.update(comments_enabled=False)
    assert Api(asked.created_by).call(method, comment_path(asked), body).status < 300


def assert_statements(method: str, body: object = None, *, number: int) -> None:
    """As many for a thread of thirty as for one."""
    lesson = make_place()
    leo = make_learner(lesson.course)
    short, long = make_comment(lesson, leo), make_comment(lesson, leo)
    for thread, replies in ((short, 1), (long, 30)):
        for _ in range(replies):
            make_reply(thread, leo)
    assert Comment.objects.count() == 33
    few, many = (Api(leo).call(method, comment_path(thread), body).statements for thread in (short, long))
    assert (few, many) == (number, number)


def assert_most_statements(method: str) -> None:
    """Other words and other media at once, in a thread whose latest reply has media too."""
    lesson = make_place()
    leo = make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(leo, "Slides")
    asked = make_comment(lesson, leo, medias=[notes.pk])
    reply = make_reply(asked, leo, medias=[notes.pk])
    answer = Api(leo).call(method, comment_path(asked), {"text": "<p>How?</p>", "medias": [slides.pk]})
    latest = comment_shape(reply, medias=[document_shape(notes)])
    assert answer[:2] == (
        200,
        comment_shape(asked, html="<p>How?</p>", medias=[document_shape(slides)], latest_reply=latest),
    )
    assert answer.statements == 9
