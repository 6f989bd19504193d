"""Notifications as they are answered (schemas.yaml)."""

from datetime import datetime

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.courses.shapes import CourseMinimal


class NotifiedComment(msgspec.Struct):
    id: int
    course_id: int
    section_id: int
    lesson_id: int
    lesson_name: str
    html: str


class CourseNotification(msgspec.Struct, kw_only=True):
    """One change; ``comment`` only for ``user_commented_a_course_lesson``."""

    type: str
    sid: str
    is_new: bool
    active_at: datetime
    user: UserMinimal
    course: CourseMinimal
    comment: NotifiedComment | msgspec.UnsetType = msgspec.UNSET


class Notification(msgspec.Struct):
    sid: str
    is_new: bool
    aggregated: list[CourseNotification]


class NotificationPage(msgspec.Struct):
    """A cursor page: there is no count."""

    next: str | None
    previous: str | None
    results: list[Notification]


class UnseenCount(msgspec.Struct):
    count: int


class UserSettings(msgspec.Struct):
    qa_frequency: int
    email_notification_not_qa: int
    mobile_notifications_scmty: int
    show_toast_notifications: int
    toast_notifications_emit_sound: int
