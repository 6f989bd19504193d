"""Writes of notifications. ``hear`` is the one place that decides from events who is told of what."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from coursewright.courses import queries as courses
from coursewright.foundation import sql
from coursewright.foundation.events import Change
from coursewright.notifications import rules, tasks
from coursewright.notifications.models import NotificationSettings

MANAGERS = f"""
SELECT m.user_id FROM coursewright_membership m JOIN coursewright_course c ON c.id = m.course_id
WHERE m.course_id = %(course)s AND m.status IN ({courses.MANAGERS})
"""
WATCHING_MANAGERS = f"{MANAGERS} AND c.new_comment_notification_enabled"
# Who wants no mails, or has no address, counts as mailed at once. A standing tells each person a type of their own.
TELL = f"""
INSERT INTO coursewright_notification (user_id, actor_id, type, course_id, comment_id, at, is_new, is_mailed)
SELECT r.id, %(actor)s, {{type}}, %(course)s, %(comment)s, %(at)s, %(yes)s,
    NOT (r.is_active AND r.deleted_at IS NULL AND r.email <> ''
        AND COALESCE(x.qa_frequency, {rules.AT_ONCE}) <> {rules.NEVER})
FROM coursewright_user r LEFT JOIN coursewright_notificationsettings x ON x.user_id = r.id
WHERE r.id <> %(actor)s AND r.id IN ({{whom}}) ORDER BY r.id
RETURNING id, is_mailed
"""
READ = """
UPDATE coursewright_notification SET is_new = %(no)s WHERE user_id = %(user)s AND is_new AND id IN ({ids})
"""
FORGET_MAILS = """
UPDATE coursewright_notification SET is_mailed = %(yes)s WHERE user_id = %(user)s AND NOT is_mailed
"""


def hear(kind: str, changes: Sequence[Change], *, at: datetime, by: int | None, course_id: int | None) -> None:
    """Hears of events as they are recorded, and writes who is told, in the same transaction (rules.md 10).

    Nobody is told of what they did themselves, and what nobody did (a command of the operator) tells nobody.
    """
    if by is None or course_id is None:
        return
    told = []
    for type, whom, comment in _notices(kind, changes, by):
        parameters = {"actor": by, "course": course_id, "comment": comment, "at": at, "yes": True}
        told += [id for id, is_mailed in sql.values(TELL.format(type=type, whom=whom), parameters) if not is_mailed]
    if told:
        tasks.send_mails.enqueue(told)


def _notices(kind: str, changes: Sequence[Change], by: int) -> Iterator[tuple[str, str, int | None]]:
    """What is told to whom, both as SQL, and of which comment: one for all who are told how they stand from now on."""
    if kind == "comment.created":
        for change in changes:
            yield f"'{rules.COMMENTED}'", WATCHING_MANAGERS, change.object_id
    elif kind == "membership.changed":
        people: dict[int, str] = {}
        for change in changes:
            before, after = change.before["status"], change.after["status"]
            if after == "requested":
                yield f"'{rules.REQUESTED}'", MANAGERS, None
            elif change.object_id != by and (type := rules.told_of_standing(before, after)):
                people[change.object_id] = type
        if people:
            types = " ".join(f"WHEN {id} THEN '{type}'" for id, type in people.items())
            yield f"CASE r.id {types} END", ", ".join(map(str, people)), None


def mark_read(user_id: int, ids: Sequence[int]) -> None:
    """Marks a person's notifications as read; ids that are not theirs are ignored."""
    if ids:
        marks, parameters = sql.named("id", ids)
        sql.execute(READ.format(ids=marks), {**parameters, "user": user_id, "no": False})


@transaction.atomic
def change_settings(user_id: int, values: Mapping[str, int]) -> None:
    """Writes how a person wants to be told. Who wants no more mails does not get those that wait either."""
    if values:
        NotificationSettings.objects.update_or_create(user_id=user_id, defaults=dict(values))
    if values.get("qa_frequency") == rules.NEVER:
        sql.execute(FORGET_MAILS, {"user": user_id, "yes": True})
