"""Notifications as they are answered (schemas.yaml)."""

from typing import Literal

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.courses.shapes import CourseMinimal
from coursewright.foundation.types import Instant

Type = Literal[
    "user_invited_to_join_course",
    "user_requested_to_join_course",
    "user_accepted_to_join_course",
    "user_added_to_course",
    "manager_added_to_course",
    "user_commented_a_course_lesson",
]


class NotifiedComment(msgspec.Struct):
    """A comment with its place, all ids flat."""

    id: int
    course_id: int
    section_id: int
    lesson_id: int
    lesson_name: str
    html: str


class CourseNotification(msgspec.Struct, kw_only=True):
    """One change; ``comment`` only for ``user_commented_a_course_lesson``."""

    type: Type
    sid: str
    is_new: bool
    active_at: Instant
    user: UserMinimal
    course: CourseMinimal
    comment: NotifiedComment | msgspec.UnsetType = msgspec.UNSET


class Notification(msgspec.Struct):
    """What is told, as a list of one."""

    sid: str
    is_new: bool
    aggregated: list[CourseNotification]


class Notifications(msgspec.Struct):
    """A cursor page: there is no count."""

    next: str | None
    previous: str | None
    results: list[Notification]


class UnseenCount(msgspec.Struct):
    """How many notifications are new."""

    count: int


class UserSettings(msgspec.Struct):
    """How a person wants to be told. ``qa_frequency``: mails, -1 at once, 1 daily, 0 never."""

    qa_frequency: int
    email_notification_not_qa: int
    mobile_notifications_scmty: int
    show_toast_notifications: int
    toast_notifications_emit_sound: int
