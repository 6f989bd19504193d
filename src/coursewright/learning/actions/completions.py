"""Completing lessons, and taking it back."""

from datetime import datetime

from django.db import transaction

from coursewright.foundation import events, sql
from coursewright.learning import rules

WRITE = """
INSERT INTO coursewright_completion (course_id, lesson_id, user_id, status, completed_at)
VALUES (%(course)s, %(lesson)s, %(user)s, %(status)s, %(completed_at)s)
ON CONFLICT (lesson_id, user_id) DO UPDATE SET status = excluded.status, completed_at = excluded.completed_at
WHERE coursewright_completion.status <> 'completed'
"""
INCOMPLETE = "DELETE FROM coursewright_completion WHERE lesson_id = %(lesson)s AND user_id = %(user)s"
ACTIVE = """
UPDATE coursewright_membership SET last_active_at = %(now)s WHERE course_id = %(course)s AND user_id = %(user)s
"""


@transaction.atomic
def complete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Marks a lesson completed by a person; again changes nothing."""
    if not _write(course_id, lesson_id, user_id, rules.COMPLETED, at):
        return
    be_active(course_id, user_id, at)
    after = {"user_id": user_id, "completed_at": at}
    events.record("completion.created", at=at, by=user_id, object_id=lesson_id, course_id=course_id, after=after)


def record_result(course_id: int, lesson_id: int, user_id: int, *, passed: bool, at: datetime) -> None:
    """Keeps how an attempt at a quiz went, in the attempt's transaction: once passed, a quiz stays completed."""
    _write(course_id, lesson_id, user_id, rules.COMPLETED if passed else rules.FAILED, at)


def _write(course_id: int, lesson_id: int, user_id: int, status: str, at: datetime) -> bool:
    """Whether anything changed."""
    parameters = {
        "course": course_id,
        "lesson": lesson_id,
        "user": user_id,
        "status": status,
        "completed_at": at if status == rules.COMPLETED else None,
    }
    return sql.execute(WRITE, parameters) > 0


def be_active(course_id: int, user_id: int, at: datetime) -> None:
    """Keeps when a person last did something, and so locks their membership until the transaction ends."""
    sql.execute(ACTIVE, {"course": course_id, "user": user_id, "now": at})


@transaction.atomic
def uncomplete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Takes a completion back; without one nothing changes."""
    if sql.execute(INCOMPLETE, {"lesson": lesson_id, "user": user_id}):
        before = {"user_id": user_id}
        events.record("completion.deleted", at=at, by=user_id, object_id=lesson_id, course_id=course_id, before=before)
