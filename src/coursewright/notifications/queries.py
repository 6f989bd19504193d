"""Reads of notifications: what a person is told of courses they can still see."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from coursewright.courses import queries as courses
from coursewright.foundation import sql
from coursewright.learning.queries import cards
from coursewright.notifications import rules, shapes

PAGE_SIZE = 20
# For managers only: who is no manager any more does not hear of requests and comments.
FOR_MANAGERS = f"'{rules.REQUESTED}', '{rules.COMMENTED}'"
TABLES = """
FROM coursewright_notification n
JOIN coursewright_course c ON c.id = n.course_id AND c.deleted_at IS NULL
LEFT JOIN coursewright_membership m ON m.course_id = c.id AND m.user_id = n.user_id
LEFT JOIN coursewright_comment o ON o.id = n.comment_id AND o.deleted_at IS NULL
LEFT JOIN coursewright_lesson l ON l.id = o.lesson_id AND l.deleted_at IS NULL
"""
SEEN = f"""
{courses.VISIBLE}
AND (n.type NOT IN ({FOR_MANAGERS}) OR m.status IN ({courses.MANAGERS}))
AND (n.comment_id IS NULL OR l.id IS NOT NULL)
"""
# The window is cut before people are joined: PostgreSQL, which does not know whose a kept plan will be, would join them
# to all notifications of someone first, and sort these then.
PAGE = f"""
SELECT {courses.AUTHOR}, n.id, n.type, n.is_new, n.at, n.course_id, n.comment_id, n.section_id, n.lesson_id,
    n.lesson_name, n.html
FROM (
    SELECT n.id, n.type, n.is_new, n.at, n.course_id, n.actor_id, o.id AS comment_id, l.section_id, l.id AS lesson_id,
        l.name AS lesson_name, o.html
    {TABLES} WHERE n.user_id = %(user)s AND {{where}} AND {SEEN} ORDER BY n.id {{direction}} LIMIT %(limit)s
) n JOIN coursewright_user u ON u.id = n.actor_id ORDER BY n.id {{direction}}
"""
OLDER = PAGE.format(where="n.id < %(before)s", direction="DESC")
NEWER = PAGE.format(where="n.id > %(after)s", direction="ASC")
UNSEEN = f"""
SELECT count(*) FROM (SELECT 1 {TABLES} WHERE n.user_id = %(user)s AND n.is_new AND {SEEN} LIMIT {rules.MAX_UNSEEN}) new
"""
COURSES = f"SELECT {cards.COLUMNS} FROM {cards.TABLES} WHERE c.id IN ({{ids}}) AND c.deleted_at IS NULL"
SETTINGS = """
SELECT qa_frequency, email_notification_not_qa, mobile_notifications_scmty, show_toast_notifications,
    toast_notifications_emit_sound
FROM coursewright_notificationsettings WHERE user_id = %(user)s
"""
DEFAULT_SETTINGS = (rules.AT_ONCE, 1, 1, 1, 0)


class NotificationRow(courses.Author):
    id: int
    type: shapes.Type
    is_new: bool
    at: datetime
    course_id: int
    comment_id: int | None
    section_id: int | None
    lesson_id: int | None
    lesson_name: str | None
    html: str | None


class Part(NamedTuple):
    """A part of a person's notifications, newest first, and whether there are older and newer ones."""

    rows: list[NotificationRow]
    has_older: bool
    has_newer: bool


def sid(id: int) -> str:
    """The name of a notification on the wire."""
    return f"n{id}"


def id_of(name: str) -> int:
    """The notification of a name; 0 when it is nobody's."""
    digits = name[1:]
    return int(digits) if name[:1] == "n" and digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def part(user_id: int, *, before: int | None, after: int | None) -> Part:
    """A page of notifications, older than ``before`` or newer than ``after``."""
    parameters = {"user": user_id, "limit": PAGE_SIZE + 1}
    if after is not None:
        rows = sql.rows(NotificationRow, NEWER, {**parameters, "after": after})
        return Part(rows[:PAGE_SIZE][::-1], True, len(rows) > PAGE_SIZE)
    rows = sql.rows(NotificationRow, OLDER, {**parameters, "before": before if before is not None else sql.MAX_ID})
    return Part(rows[:PAGE_SIZE], len(rows) > PAGE_SIZE, before is not None)


def notifications(rows: Sequence[NotificationRow], user_id: int) -> list[shapes.Notification]:
    """Rows as they are answered. Two statements."""
    marks, parameters = sql.named("id", sorted({row.course_id for row in rows}))
    found = sql.rows(cards.CourseRow, COURSES.format(ids=marks), {**parameters, "viewer": user_id})
    minimal = {card.id: card for card in cards.minimal_cards(found)}
    return [
        shapes.Notification(
            sid(row.id),
            row.is_new,
            [
                shapes.CourseNotification(
                    type=row.type,
                    sid=sid(row.id),
                    is_new=row.is_new,
                    active_at=row.at,
                    user=courses.author(row),
                    course=minimal[row.course_id],
                    comment=_comment(row),
                )
            ],
        )
        for row in rows
    ]


def _comment(row: NotificationRow) -> shapes.NotifiedComment | msgspec.UnsetType:
    if row.comment_id is None:
        return msgspec.UNSET
    return shapes.NotifiedComment(
        row.comment_id, row.course_id, row.section_id or 0, row.lesson_id or 0, row.lesson_name or "", row.html or ""
    )


def unseen_count(user_id: int) -> int:
    """How many notifications are new, a hundred if there are more."""
    return sql.number(UNSEEN, {"user": user_id})


def user_settings(user_id: int) -> shapes.UserSettings:
    """How a person wants to be told."""
    return sql.one(shapes.UserSettings, SETTINGS, {"user": user_id}) or shapes.UserSettings(*DEFAULT_SETTINGS)
