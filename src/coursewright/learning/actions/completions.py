"""Completing lessons, and taking it back."""

from datetime import datetime

from django.db import transaction

from coursewright.foundation import events, sql

COMPLETE = """
INSERT INTO coursewright_completion (course_id, lesson_id, user_id, completed_at)
VALUES (%(course)s, %(lesson)s, %(user)s, %(now)s) ON CONFLICT (lesson_id, user_id) DO NOTHING
"""
INCOMPLETE = "DELETE FROM coursewright_completion WHERE lesson_id = %(lesson)s AND user_id = %(user)s"
ACTIVE = """
UPDATE coursewright_membership SET last_active_at = %(now)s WHERE course_id = %(course)s AND user_id = %(user)s
"""


@transaction.atomic
def complete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Marks a lesson completed by a person; again changes nothing."""
    parameters = {"course": course_id, "lesson": lesson_id, "user": user_id, "now": at}
    if not sql.execute(COMPLETE, parameters):
        return
    sql.execute(ACTIVE, parameters)
    after = {"user_id": user_id, "completed_at": at}
    events.record("completion.created", at=at, by=user_id, object_id=lesson_id, course_id=course_id, after=after)


@transaction.atomic
def uncomplete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Takes a completion back; without one nothing changes."""
    if sql.execute(INCOMPLETE, {"lesson": lesson_id, "user": user_id}):
        before = {"user_id": user_id}
        events.record("completion.deleted", at=at, by=user_id, object_id=lesson_id, course_id=course_id, before=before)
