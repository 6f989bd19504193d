"""Completing lessons, and taking it back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from coursewright.courses import rules as course_rules
from coursewright.foundation import events, sql, tallies
from coursewright.foundation.tallies import Tally
from coursewright.learning import rules
from coursewright.learning.actions import progress
from coursewright.learning.errors import QuizNeedsAttempt

# Foreign keys are checked when the transaction ends, so the lesson must be held by name.
HOLD = "FROM coursewright_lesson l WHERE l.id = %(lesson)s {lock}"
LOCK = "FOR KEY SHARE OF l"
# Whoever completes a lesson saw it before this transaction: it may have become a quiz since.
WRITE = f"""
INSERT INTO coursewright_completion (course_id, lesson_id, user_id, status, completed_at)
SELECT %(course)s, l.id, %(user)s, %(status)s, %(completed_at)s
FROM coursewright_lesson l WHERE l.id = %(lesson)s AND (l.type = '{course_rules.QUIZ}') = %(by_attempt)s {{lock}}
ON CONFLICT (lesson_id, user_id) DO UPDATE SET status = excluded.status, completed_at = excluded.completed_at
WHERE coursewright_completion.status <> 'completed'
"""
INCOMPLETE = """
DELETE FROM coursewright_completion WHERE lesson_id = %(lesson)s AND user_id = %(user)s AND status = 'completed'
"""
COUNTS = f"""
(SELECT count(*) FROM coursewright_lesson l
 WHERE l.id = %(lesson)s AND l.deleted_at IS NULL AND l.status = '{course_rules.PUBLISHED}')
"""
COUNT = f"""
UPDATE coursewright_membership SET num_completed = num_completed + %(step)s * {COUNTS},
    last_active_at = COALESCE(%(now)s, last_active_at)
WHERE course_id = %(course)s AND user_id = %(user)s RETURNING status, num_completed, {COUNTS}
"""


@transaction.atomic
def complete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Marks a lesson completed by a person; again changes nothing. QuizNeedsAttempt: it is a quiz."""
    if not _write(course_id, lesson_id, user_id, rules.COMPLETED, at, by_attempt=False):
        _hold_plain(lesson_id, QuizNeedsAttempt.message)
        return
    tallies.add(_counted(course_id, lesson_id, user_id, 1, at))
    after = {"user_id": user_id, "completed_at": at}
    events.record("completion.created", at=at, by=user_id, object_id=lesson_id, course_id=course_id, after=after)


def record_result(course_id: int, lesson_id: int, user_id: int, *, passed: bool, at: datetime) -> Mapping[Tally, int]:
    """Keeps how an attempt at a quiz went, in the attempt's transaction: once passed, a quiz stays completed.

    Answers what it changes in the tallies, for the attempt to add with its own.
    """
    status = rules.COMPLETED if passed else rules.FAILED
    if _write(course_id, lesson_id, user_id, status, at, by_attempt=True) and passed:
        return _counted(course_id, lesson_id, user_id, 1, at)
    return {}


def _write(course_id: int, lesson_id: int, user_id: int, status: str, at: datetime, *, by_attempt: bool) -> bool:
    """Whether anything changed. ``by_attempt``: a quiz is completed, else a plain lesson; the other changes nothing."""
    parameters = {
        "course": course_id,
        "lesson": lesson_id,
        "user": user_id,
        "status": status,
        "completed_at": at if status == rules.COMPLETED else None,
        "by_attempt": by_attempt,
    }
    return sql.execute(WRITE.format(lock=sql.locking(LOCK)), parameters) > 0


def _counted(course_id: int, lesson_id: int, user_id: int, step: int, at: datetime | None) -> Mapping[Tally, int]:
    """Counts a completion, if the lesson is published, and answers what that changes in the tallies.

    ``at``: when the person was active with it. The lesson is held meanwhile, so that it is not unpublished or deleted
    between the completion and its counting.
    """
    parameters = {"course": course_id, "lesson": lesson_id, "user": user_id, "step": step, "now": at}
    found = sql.values(COUNT, parameters)
    if not found:  # who never stood to the course is not counted in it
        return {}
    status, number, counts = found[0]
    return progress.shifted(course_id, status, number - step * counts, number)


@transaction.atomic
def uncomplete_lesson(course_id: int, lesson_id: int, user_id: int, *, at: datetime) -> None:
    """Takes a completion back; without one nothing changes. QuizNeedsAttempt: it is a quiz."""
    _hold_plain(lesson_id, "The completion of a quiz comes from its attempts and cannot be taken back.")
    if sql.execute(INCOMPLETE, {"lesson": lesson_id, "user": user_id}):
        tallies.add(_counted(course_id, lesson_id, user_id, -1, None))
        before = {"user_id": user_id}
        events.record("completion.deleted", at=at, by=user_id, object_id=lesson_id, course_id=course_id, before=before)


def _hold_plain(lesson_id: int, refusal: str) -> None:
    """Holds a lesson until the transaction ends. QuizNeedsAttempt, in these words: it is a quiz."""
    found = sql.values(f"SELECT l.type {HOLD}".format(lock=sql.locking(LOCK)), {"lesson": lesson_id})
    if found == [(course_rules.QUIZ,)]:
        raise QuizNeedsAttempt(refusal)
