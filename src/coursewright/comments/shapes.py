"""Comments as they are answered (schemas.yaml)."""

from typing import Annotated

import msgspec

from coursewright.accounts.shapes import Author
from coursewright.courses.shapes import CourseId
from coursewright.foundation.types import CreatedAt, Html, doc
from coursewright.media.shapes import Medias

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET

CommentId = Annotated[int, doc("Id of the comment, `comment_id` in paths.")]


class ExtraCourse(msgspec.Struct):
    """A course to link to."""

    id: CourseId
    slug: Annotated[str, doc("Slug of the course, for addresses.")]


class ExtraPlace(msgspec.Struct):
    """A section or a lesson to link to."""

    id: Annotated[int, doc("Id of the section or the lesson.")]
    name: Annotated[str, doc("Name of the section or the lesson.")]


class Extras(msgspec.Struct):
    """Where a comment stands; only in the list of a whole course."""

    course: Annotated[ExtraCourse, doc("The course that it is in.")]
    section: Annotated[ExtraPlace, doc("The section that its lesson is in.")]
    lesson: Annotated[ExtraPlace, doc("The lesson that it is about.")]


class CourseComment(msgspec.Struct, kw_only=True):
    """A comment. ``replies`` and ``extras`` come in the list of a whole course only, ``latest_reply`` elsewhere."""

    id: CommentId
    html: Html
    parent: Annotated[int | None, doc("The first-level comment in whose thread it stands; null: it is one itself.")]
    in_reply_to: Annotated[int | None, doc("The comment of that thread that it answers; null: none in particular.")]
    created_at: CreatedAt
    created_by: Author
    medias: Medias
    latest_reply: Annotated[
        "CourseComment | Unset | None",
        doc("The newest reply in its thread; null: there is none, or it is one. Absent in the list of a whole course."),
    ] = UNSET
    replies: Annotated[
        "list[CourseComment] | Unset",
        doc("The replies in its thread, oldest first; empty for a reply. In the list of a whole course; else absent."),
    ] = UNSET
    extras: Annotated[Extras | Unset, doc("Where it stands. In the list of a whole course; else absent.")] = UNSET
