"""What the tests of comments and notifications share."""

from datetime import datetime
from typing import Any

from coursewright.accounts.models import User
from coursewright.comments.actions import create_comment
from coursewright.comments.models import Comment
from coursewright.courses.models import Course, Lesson
from coursewright.media.models import Media
from tests.api.authors import person
from tests.api.learners import lesson_path
from tests.factories import NOW, make_course, make_joined, make_lesson, make_section, make_user


def make_place(**values: Any) -> Lesson:
    """A lesson of Ann's in an open course."""
    return make_lesson(make_section(make_course(make_user(), **values)))


def make_learner(course: Course, name: str = "leo", **values: Any) -> User:
    return make_joined(course, make_user(name, **values))


def make_comment(lesson: Lesson, user: User, text: str = "<p>Why?</p>", at: datetime = NOW, **values: Any) -> Comment:
    made = create_comment(lesson.course_id, lesson.pk, {"text": text, **values}, at=at, by=user.pk)
    return Comment.objects.get(pk=made.id)


def make_reply(parent: Comment, user: User, text: str = "<p>So.</p>", at: datetime = NOW, **values: Any) -> Comment:
    return make_comment(parent.lesson, user, text, at, parent=parent.pk, **values)


def make_document(user: User, title: str = "Notes") -> Media:
    return Media.objects.create(type="doc", uploader=user, added_at=NOW, title=title, file=f"files/{title}.pdf")


def document_shape(media: Media, order: int = 0) -> dict[str, Any]:
    """A document as it is answered where it is used."""
    return {
        "id": media.pk,
        "added_at": "2026-11-23T10:00:00Z",
        "type": "doc",
        "title": media.title,
        "description": "",
        "url": f"http://testserver/media/{media.file}",
        "image": None,
        "image_thumbnail": None,
        "image_width": None,
        "image_height": None,
        "order": order,
        "embed": None,
    }


def comment_shape(comment: Comment, **values: Any) -> dict[str, Any]:
    """A comment written at NOW, without media and replies unless told."""
    return {
        "id": comment.pk,
        "html": comment.html,
        "parent": comment.parent_id,
        "in_reply_to": comment.in_reply_to_id,
        "created_at": "2026-11-23T10:00:00Z",
        "created_by": person(comment.created_by),
        "medias": [],
        "latest_reply": None,
        **values,
    }


def comments_path(lesson: Lesson, end: str = "") -> str:
    return lesson_path(lesson, f"comment/{end}")


def comment_path(comment: Comment) -> str:
    return comments_path(comment.lesson, f"{comment.pk}/")
