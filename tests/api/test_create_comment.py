"""POST .../lesson/{lesson_id}/comment/"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from coursewright.comments.models import Comment
from coursewright.courses.models import Lesson
from coursewright.foundation.models import Event
from coursewright.notifications.models import Notification
from tests.api.authors import BAD_HTML, BAD_NUMBER, BLANK, NUL, NULL, faults, nothing_changes
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
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, NOT_JOINED, Api, refused
from tests.clock import Clock
from tests.factories import NOW, make_course, make_joined, make_lesson, make_manager, make_section, make_user

DISABLED = refused("comments_disabled", "Comments are turned off for this lesson.")
NO_PARENT = "There is no such first-level comment in this lesson."
NO_REPLY = "There is no such comment in this thread."


def test_first_level(clock: Clock) -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    clock.set(NOW + timedelta(hours=1))
    answer = Api(leo).post(comments_path(lesson), {"text": '<p onclick="x()">Why <b>so</b>?</p><script>1</script>'})
    comment = Comment.objects.get()
    shape = comment_shape(comment, html="<p>Why <b>so</b>?</p>", created_at="2026-11-23T11:00:00Z")
    assert (answer.status, answer.body) == (201, shape)
    assert (comment.created_by, comment.course, comment.revision) == (leo, lesson.course, 1)
    assert Api(leo).get(comment_path(comment)).body == shape
    event = Event.objects.latest("id")
    assert (event.kind, event.object_id, event.actor_id, event.course_id) == (
        "comment.created",
        comment.pk,
        leo.pk,
        lesson.course_id,
    )


def test_reply() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    first = make_comment(lesson, leo)
    api = Api(lesson.course.created_by)
    answer = api.post(comments_path(lesson), {"text": "<p>So.</p>", "parent": first.pk})
    reply = Comment.objects.get(parent=first)
    assert (answer.status, answer.body) == (201, comment_shape(reply, html="<p>So.</p>", parent=first.pk))
    for target in (first, reply):
        answer = api.post(comments_path(lesson), {"text": "More", "parent": first.pk, "in_reply_to": target.pk})
        latest = Comment.objects.latest("id")
        assert (answer.status, answer.body) == (
            201,
            comment_shape(latest, html="More", parent=first.pk, in_reply_to=target.pk),
        )


def test_threads_that_are_none() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    elsewhere = make_comment(make_lesson(lesson.section, "Series"), leo)
    first, other = make_comment(lesson, leo), make_comment(lesson, leo)
    reply, foreign, gone = make_reply(first, leo), make_reply(other, leo), make_comment(lesson, leo)
    Comment.objects.filter(pk=gone.pk).update(deleted_at=NOW)
    bad_parent, bad_target = ("parent", "does_not_exist", NO_PARENT), ("in_reply_to", "does_not_exist", NO_REPLY)
    cases: list[tuple[dict[str, Any], tuple[str, str, str]]] = [
        ({"parent": elsewhere.pk}, bad_parent),
        ({"parent": reply.pk}, bad_parent),
        ({"parent": gone.pk}, bad_parent),
        ({"parent": 999_999}, bad_parent),
        ({"parent": 10**30}, bad_parent),
        ({"parent": "x"}, ("parent", "invalid", BAD_NUMBER)),
        ({"parent": first.pk, "in_reply_to": other.pk}, bad_target),
        ({"parent": first.pk, "in_reply_to": foreign.pk}, bad_target),
        ({"parent": first.pk, "in_reply_to": 999_999}, bad_target),
        ({"in_reply_to": first.pk}, ("in_reply_to", "invalid", "Give the parent too.")),
        ({"parent": None, "in_reply_to": first.pk}, ("in_reply_to", "invalid", "Give the parent too.")),
    ]
    api = Api(leo)
    with nothing_changes():
        for thread, fault in cases:
            answer = api.post(comments_path(lesson), {"text": "Why?", **thread})
            assert (thread, answer.status, answer.body) == (thread, 400, faults(fault))


@pytest.mark.parametrize(
    "body, fault",
    [
        ({}, ("text", "blank", BLANK)),
        ({"text": ""}, ("text", "blank", BLANK)),
        ({"text": " \n\t&nbsp; "}, ("text", "blank", BLANK)),
        ({"text": '<p class="SCEditor-paragraph" dir="ltr"><br></p>'}, ("text", "blank", BLANK)),
        ({"text": "<script>alert(1)</script>", "medias": []}, ("text", "blank", BLANK)),
        ({"text": None}, ("text", "null", NULL)),
        ({"text": "a\0"}, ("text", "invalid", NUL)),
        ({"text": "x" * (1024 * 1024 + 1)}, ("text", "max_length", BAD_HTML)),
        ({"text": "a", "medias": None}, ("medias", "null", NULL)),
        ({"text": "a", "medias": ["x"]}, ("medias", "invalid", f"medias[0]: {BAD_NUMBER}")),
        ({"medias": [999_999]}, ("medias", "does_not_exist", "There is no such media: 999999.")),
    ],
)
def test_bad_bodies(body: dict[str, Any], fault: tuple[str, str, str]) -> None:
    lesson = make_place()
    api = Api(make_learner(lesson.course))
    with nothing_changes():
        assert api.post(comments_path(lesson), body)[:2] == (400, faults(fault))


def test_every_fault_at_once() -> None:
    lesson = make_place()
    answer = Api(make_learner(lesson.course)).post(
        comments_path(lesson), {"text": "<p></p>", "parent": 9, "in_reply_to": "x"}
    )
    assert (answer.status, answer.body) == (
        400,
        faults(
            ("text", "blank", BLANK),
            ("parent", "does_not_exist", NO_PARENT),
            ("in_reply_to", "invalid", BAD_NUMBER),
        ),
    )


def test_media() -> None:
    """One's own, in their order, once each; they are something said; another's are not taken."""
    lesson = make_place()
    leo = make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(leo, "Slides")
    foreign = make_document(lesson.course.created_by, "Foreign")
    answer = Api(leo).post(comments_path(lesson), {"text": "", "medias": [slides.pk, notes.pk, slides.pk]})
    comment = Comment.objects.get()
    medias = [document_shape(slides), document_shape(notes, 1)]
    assert (answer.status, answer.body) == (201, comment_shape(comment, html="", medias=medias))
    with nothing_changes():
        answer = Api(leo).post(comments_path(lesson), {"text": "Why?", "medias": [notes.pk, foreign.pk]})
    fault = ("medias", "does_not_exist", f"There is no such media: {foreign.pk}.")
    assert (answer.status, answer.body) == (400, faults(fault))


def test_forms() -> None:
    lesson = make_place()
    leo = make_learner(lesson.course)
    notes, slides = make_document(leo), make_document(leo, "Slides")
    answer = Api(leo).form("POST", comments_path(lesson), text="Why?", medias=f"{notes.pk},{slides.pk}")
    comment = Comment.objects.get()
    medias = [document_shape(notes), document_shape(slides, 1)]
    assert (answer.status, answer.body) == (201, comment_shape(comment, html="Why?", medias=medias))


def test_comments_turned_off() -> None:
    lesson = make_place()
    people = [lesson.course.created_by, make_learner(lesson.course)]
    Lesson.objects.update(comments_enabled=False)
    with nothing_changes():
        for user in people:
            assert Api(user).post(comments_path(lesson), {"text": ""})[:2] == (403, DISABLED)


def test_a_closed_lesson() -> None:
    lesson = make_place(enforce_lessons_order=True)
    second, draft = make_lesson(lesson.section, "Series"), make_lesson(lesson.section, "Draft", status="draft")
    api = Api(make_learner(lesson.course))
    with nothing_changes():
        assert api.post(comments_path(second), {})[:2] == (403, locked('complete "Limits" first.'))
        assert api.post(comments_path(draft), {})[:2] == (404, NOT_FOUND)
    assert Api(lesson.course.created_by).post(comments_path(draft), {"text": "Later"}).status == 201


def test_who_may() -> None:
    lesson = make_place(privacy="private")
    people = make_people(lesson.course)
    statuses = {who: Api(user).post(comments_path(lesson), {"text": "Why?"}).status for who, user in people.items()}
    assert statuses == {"manager": 201, "joined": 201, "invited": 403, "requested": 403, "left": 403, "stranger": 403}
    with nothing_changes():
        assert Api(people["left"]).post(comments_path(lesson), {"text": ""})[:2] == (403, NOT_JOINED)
        assert Api().post(comments_path(lesson), {"text": "Why?"})[:2] == (401, NOT_AUTHENTICATED)
        assert Api(token="nonsense").post(comments_path(lesson), {"text": "Why?"})[:2] == (401, BAD_TOKEN)


def test_foreign_ids() -> None:
    lesson = make_place()
    foreign = make_lesson(make_section(make_course(lesson.course.created_by, "Physics")))
    leo = make_joined(foreign.course, make_learner(lesson.course))
    base = f"course/{lesson.course_id}/section"
    with nothing_changes():
        for path in (
            f"{base}/{lesson.section_id}/lesson/{foreign.pk}/comment/",
            f"{base}/{foreign.section_id}/lesson/{lesson.pk}/comment/",
            f"course/999999/section/{lesson.section_id}/lesson/{lesson.pk}/comment/",
            f"{base}/undefined/lesson/{lesson.pk}/comment/",
        ):
            assert Api(leo).post(path, {"text": "Why?"})[:2] == (404, NOT_FOUND)


def test_statements() -> None:
    """The same for one manager and for thirty, all of whom are told and mailed."""
    lesson = make_place()
    api = Api(make_learner(lesson.course))
    few = api.post(comments_path(lesson), {"text": "Why?"}).statements
    for place in range(30):
        make_manager(lesson.course, make_user(f"m{place}", email=f"m{place}@example.org"))
    Notification.objects.all().delete()
    many = api.post(comments_path(lesson), {"text": "Why?"}).statements
    assert Notification.objects.count() == 31
    assert (few, many) == (6, 7)


def test_most_statements() -> None:
    """A reply to a reply, with media, of which managers are told and mailed."""
    lesson = make_place()
    leo = make_learner(lesson.course)
    make_manager(lesson.course, make_user("max", email="max@example.org"))
    first, notes = make_comment(lesson, leo), make_document(leo)
    target = make_reply(first, leo)
    body = {"text": "More", "medias": [notes.pk], "parent": first.pk, "in_reply_to": target.pk}
    answer = Api(leo).post(comments_path(lesson), body)
    comment = Comment.objects.latest("id")
    medias = [document_shape(notes)]
    assert answer[:2] == (
        201,
        comment_shape(comment, html="More", parent=first.pk, in_reply_to=target.pk, medias=medias),
    )
    assert answer.statements == 9


def test_two_replies_at_once() -> None:
    """The later one is the latest, also when it is counted first; what is refused is not counted."""
    lesson = make_place()
    leo = make_learner(lesson.course)
    first = make_comment(lesson, leo)
    later: list[Comment] = []

    def overtaken(execute: Any, sql: str, *rest: Any) -> Any:
        if "num_replies + 1" in sql and not later:
            later.append(first)
            later[0] = make_reply(first, leo)
        return execute(sql, *rest)

    with connection.execute_wrapper(overtaken):
        earlier = make_reply(first, leo)
    assert earlier.pk < later[0].pk
    with nothing_changes():
        body = {"text": "So.", "parent": first.pk, "in_reply_to": 999_999}
        assert Api(leo).post(comments_path(lesson), body).status == 400
    first.refresh_from_db()
    assert (first.num_replies, first.latest_reply_id) == (2, later[0].pk)
