"""Notifications as they are answered (schemas.yaml)."""

from typing import Annotated, Literal

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.comments.shapes import CommentId
from coursewright.courses.shapes import CourseId, CourseMinimal, LessonId, LessonName, SectionId
from coursewright.foundation.types import Html, Instant, doc

Type = Literal[
    "user_invited_to_join_course",
    "user_requested_to_join_course",
    "user_accepted_to_join_course",
    "user_added_to_course",
    "manager_added_to_course",
    "user_commented_a_course_lesson",
]

MAILS_DOC = "Mails about what happens: at once (-1), daily (1), never (0). At once if never given."
KEPT_DOC = "Kept for applications; nothing here follows it."

Sid = Annotated[str, doc("Its name, as `sids` takes it to mark it as read.")]
Kept = Annotated[int, doc(KEPT_DOC)]
IsNew = Annotated[bool, doc("Whether it had not been read before this answer.")]


class NotifiedComment(msgspec.Struct):
    """A comment with its place, all ids flat."""

    id: CommentId
    course_id: CourseId
    section_id: SectionId
    lesson_id: LessonId
    lesson_name: LessonName
    html: Html


class CourseNotification(msgspec.Struct, kw_only=True):
    """One change; ``comment`` only for ``user_commented_a_course_lesson``."""

    type: Annotated[
        Type,
        doc(
            "What happened: the caller was invited, let in, put in (`user_added_to_course`) or made a manager; or, for "
            "the creator and the managers, somebody asked to join or commented."
        ),
    ]
    sid: Sid
    is_new: IsNew
    active_at: Annotated[Instant, doc("When it happened, UTC.")]
    user: Annotated[UserMinimal, doc("Who did it.")]
    course: Annotated[CourseMinimal, doc("The course, as it is to the caller now.")]
    comment: Annotated[
        NotifiedComment | msgspec.UnsetType,
        doc("The comment, as it is now. With `user_commented_a_course_lesson`; absent otherwise."),
    ] = msgspec.UNSET


class Notification(msgspec.Struct):
    """What is told, as a list of one."""

    sid: Sid
    is_new: IsNew
    aggregated: Annotated[list[CourseNotification], doc("Always exactly one.")]


class Notifications(msgspec.Struct):
    """A cursor page: there is no count."""

    next: Annotated[str | None, doc("Address of the page of older ones; null: there are none.")]
    previous: Annotated[str | None, doc("Address of the page of newer ones; null: these are the newest.")]
    results: Annotated[list[Notification], doc("The notifications of this page, newest first.")]


class UnseenCount(msgspec.Struct):
    """How many notifications are new."""

    count: Annotated[int, doc("How many notifications are new; 100 if there are more.")]


class UserSettings(msgspec.Struct):
    """How a person wants to be told."""

    qa_frequency: Annotated[int, doc(MAILS_DOC)]
    email_notification_not_qa: Kept
    mobile_notifications_scmty: Kept
    show_toast_notifications: Kept
    toast_notifications_emit_sound: Kept
