"""Writes of notifications. ``hear`` is the one place that decides from events who is told of what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.courses import queries as courses
from coursewright.foundation import sql
from coursewright.foundation.events import Change
from coursewright.notifications import rules, tasks
from coursewright.notifications.models import NotificationSettings

MANAGERS = f"""
SELECT m.user_id FROM coursewright_membership m JOIN coursewright_course c ON c.id = m.course_id
WHERE m.course_id = %(course)s AND m.status IN ({courses.MANAGERS})
AND (c.new_comment_notification_enabled OR NOT %(comment)s) ORDER BY m.user_id
"""
INSERT = """
INSERT INTO coursewright_notification (user_id, actor_id, type, course_id, comment_id, at, is_new, is_mailed)
VALUES {rows} RETURNING id
"""
ROW = "(%(user{n})s, %(actor)s, %(type{n})s, %(course)s, %(comment)s, %(at)s, %(yes)s, %(no)s)"
READ = """
UPDATE coursewright_notification SET is_new = %(no)s WHERE user_id = %(user)s AND is_new AND id IN ({ids})
"""


def hear(kind: str, changes: Sequence[Change], *, at: datetime, by: int | None, course_id: int | None) -> None:
    """Hears of events as they are recorded, and writes who is told, in the same transaction (rules.md 10).

    Nobody is told of what they did themselves.
    """
    if by is None or course_id is None:
        return
    if kind == "comment.created":
        for change in changes:
            managers = _managers(course_id, comment=True)
            _tell([(user, rules.COMMENTED) for user in managers], by, course_id, change.object_id, at)
    elif kind == "membership.changed":
        told = []
        for change in changes:
            before, after = change.before["status"], change.after["status"]
            if after == "requested":
                told += [(user, rules.REQUESTED) for user in _managers(course_id, comment=False)]
            elif type := rules.told_of_standing(before, after):
                told.append((change.object_id, type))
        _tell(told, by, course_id, None, at)


def _managers(course_id: int, *, comment: bool) -> list[int]:
    return [id for (id,) in sql.values(MANAGERS, {"course": course_id, "comment": comment})]


def _tell(told: Sequence[tuple[int, str]], by: int, course_id: int, comment_id: int | None, at: datetime) -> None:
    others = [(user, type) for user, type in told if user != by]
    if not others:
        return
    parameters: dict[str, Any] = {
        "actor": by,
        "course": course_id,
        "comment": comment_id,
        "at": at,
        "yes": True,
        "no": False,
    }
    for place, (user, type) in enumerate(others):
        parameters |= {f"user{place}": user, f"type{place}": type}
    rows = ", ".join(ROW.format(n=place) for place in range(len(others)))
    tasks.send_mails.enqueue([id for (id,) in sql.values(INSERT.format(rows=rows), parameters)])


def mark_read(user_id: int, ids: Sequence[int]) -> None:
    """Marks a person's notifications as read; ids that are not theirs are ignored."""
    if ids:
        marks, parameters = sql.named("id", ids)
        sql.execute(READ.format(ids=marks), {**parameters, "user": user_id, "no": False})


def change_settings(user_id: int, values: Mapping[str, int]) -> None:
    """Writes how a person wants to be told."""
    if values:
        with transaction.atomic():
            NotificationSettings.objects.update_or_create(user_id=user_id, defaults=dict(values))
