"""Jobs that send mails. Each is safe to run twice: a notification is claimed before it is mailed."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

import msgspec
from django.utils import timezone
from django_tasks import task

from coursewright.foundation import sql
from coursewright.notifications import mails, queries, rules

DAY = timedelta(days=1)
CLAIM = """
UPDATE coursewright_notification SET is_mailed = %(yes)s WHERE id IN ({ids}) AND NOT is_mailed RETURNING id
"""
RELEASE = "UPDATE coursewright_notification SET is_mailed = %(no)s WHERE id IN ({ids})"
RECIPIENTS = f"""
SELECT n.id, n.type, n.user_id, r.username, r.real_name, r.email, r.language, COALESCE(x.qa_frequency, -1),
    u.username, u.real_name, c.name
{queries.TABLES}
JOIN coursewright_user u ON u.id = n.actor_id
JOIN coursewright_user r ON r.id = n.user_id AND r.is_active AND r.deleted_at IS NULL AND r.email <> ''
LEFT JOIN coursewright_notificationsettings x ON x.user_id = n.user_id
WHERE {{which}} AND NOT n.is_mailed AND {queries.SEEN} ORDER BY n.user_id, n.id
"""
EARLIER = """
SELECT count(*) FROM coursewright_notification WHERE user_id = %(user)s AND NOT is_mailed AND id < %(id)s
"""


class Recipient(msgspec.Struct):
    """One thing that one person is told by mail."""

    id: int
    type: str
    user_id: int
    username: str
    real_name: str
    email: str
    language: str
    frequency: int
    actor: str
    actor_name: str
    course: str


@task()
def send_mails(ids: list[int]) -> None:
    """Mails notifications to those who want them at once, and sees to it that the others get a digest."""
    marks, parameters = sql.named("id", ids)
    found = sql.rows(Recipient, RECIPIENTS.format(which=f"n.id IN ({marks})"), parameters)
    for user_id, group in groupby(found, key=lambda row: row.user_id):
        rows = list(group)
        if rows[0].frequency == rules.AT_ONCE:
            for row in rows:
                _send([row])
        elif rows[0].frequency == rules.DAILY and not sql.number(EARLIER, {"user": user_id, "id": rows[0].id}):
            send_digest.using(run_after=timezone.now() + DAY).enqueue(user_id)


@task()
def send_digest(user_id: int) -> None:
    """Mails a person everything they were not mailed yet, in one mail, while they want that daily."""
    found = sql.rows(Recipient, RECIPIENTS.format(which="n.user_id = %(user)s"), {"user": user_id})
    if found and found[0].frequency != rules.NEVER:
        _send(found)


def _send(rows: Sequence[Recipient]) -> None:
    marks, parameters = sql.named("id", [row.id for row in rows])
    claimed = {id for (id,) in sql.values(CLAIM.format(ids=marks), {**parameters, "yes": True})}
    rows = [row for row in rows if row.id in claimed]
    if not rows:
        return
    head = rows[0]
    told = [mails.Told(row.type, row.actor_name or row.actor, row.course) for row in rows]
    try:
        mails.mail(head.user_id, head.real_name or head.username, head.email, head.language, told).send()
    except BaseException:
        sql.execute(RELEASE.format(ids=marks), {**parameters, "no": False})
        raise
