"""Jobs that send mails.

Each may run more than once: a notification is claimed for a few minutes before it is mailed, and counts as mailed
afterwards. So two workers do not mail it both, and one that dies in between leaves it to the next try of its job; if
the mail server had taken the mail by then, it comes twice (decision 0017). What was not mailed after the last try is
still in the list of notifications, and in the next digest of who has one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from coursewright.foundation import clock, sql
from coursewright.notifications import mails, queries, rules

DAY = timedelta(days=1)
CLAIM_LASTS = timedelta(minutes=4)
"""Longer than a mail takes, shorter than a job waits for its next try (``jobs.WAITS``)."""
MOST = 20
"""Mails of one job: with a mail server that does not answer they take five minutes (``environment.MAIL_TIMEOUT``)."""
WAITING = "NOT is_mailed AND (claimed_until IS NULL OR claimed_until <= %(now)s)"
CLAIM = f"""
UPDATE coursewright_notification SET claimed_until = %(until)s WHERE id IN ({{ids}}) AND {WAITING} RETURNING id
"""
RELEASE = "UPDATE coursewright_notification SET claimed_until = NULL WHERE id IN ({ids})"
DONE = "UPDATE coursewright_notification SET is_mailed = %(yes)s WHERE id IN ({ids})"
RECIPIENTS = f"""
SELECT n.id, n.type, n.at, n.user_id, r.username, r.real_name, r.email, r.language,
    COALESCE(x.qa_frequency, {rules.AT_ONCE}), u.username, u.real_name, c.name
{queries.TABLES}
JOIN coursewright_user u ON u.id = n.actor_id
JOIN coursewright_user r ON r.id = n.user_id AND r.is_active AND r.deleted_at IS NULL AND r.email <> ''
LEFT JOIN coursewright_notificationsettings x ON x.user_id = n.user_id
WHERE {{which}} AND {WAITING} AND {queries.SEEN} ORDER BY n.user_id, n.id
"""


class Recipient(msgspec.Struct):
    """One thing that one person is told by mail."""

    id: int
    type: str
    at: datetime
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
def send_mails(ids: list[int], _tries: int = 0) -> None:
    """Mails notifications to those who want them at once, and sees to it that the others get a digest.

    Many are left to jobs of their own. ``_tries`` is in jobs that an earlier version left, and no matter any more.
    ExceptionGroup: the mail server did not take some.
    """
    if len(ids) > MOST:
        with transaction.atomic():
            for first in range(0, len(ids), MOST):
                send_mails.enqueue(ids[first : first + MOST])
        return
    marks, parameters = sql.named("id", ids)
    refused: list[Exception] = []
    for user_id, group in groupby(_waiting(f"n.id IN ({marks})", parameters), key=lambda row: row.user_id):
        rows = list(group)
        if rows[0].frequency == rules.DAILY:
            send_digest.using(run_after=timezone.now() + DAY).enqueue(user_id)
        elif rows[0].frequency == rules.AT_ONCE:
            refused += [error for row in rows if (error := _send([row]))]
    if refused:
        raise ExceptionGroup("Mails could not be sent.", refused)


@task()
def send_digest(user_id: int, _tries: int = 0) -> None:
    """Mails a person everything they were not mailed yet, in one mail, once the oldest of it is a day old.

    Each change brings a job of its own: the first one mails all there is, the others find nothing that is old enough.
    """
    found = _waiting("n.user_id = %(user)s", {"user": user_id})
    if not found or found[0].frequency == rules.NEVER or min(row.at for row in found) > clock.now() - DAY:
        return
    if error := _send(found):
        raise error


def _waiting(which: str, parameters: Mapping[str, Any]) -> list[Recipient]:
    return sql.rows(Recipient, RECIPIENTS.format(which=which), {**parameters, "now": timezone.now()})


def _send(rows: Sequence[Recipient]) -> Exception | None:
    """Sends one mail about those of the rows, all of one person, that nobody claimed; why it could not be sent."""
    marks, parameters = sql.named("id", [row.id for row in rows])
    now = timezone.now()
    times = {"now": now, "until": now + CLAIM_LASTS}
    claimed = {id for (id,) in sql.values(CLAIM.format(ids=marks), {**parameters, **times})}
    rows = [row for row in rows if row.id in claimed]
    if not rows:
        return None
    head = rows[0]
    told = [mails.Told(row.type, row.actor_name or row.actor, row.course) for row in rows]
    marks, parameters = sql.named("id", claimed)
    try:
        mails.mail(head.user_id, head.real_name or head.username, head.email, head.language, told).send()
    except Exception as error:  # the mail server is away, or refuses: any error of its library or of the network
        sql.execute(RELEASE.format(ids=marks), parameters)
        return error
    sql.execute(DONE.format(ids=marks), {**parameters, "yes": True})
    return None
