"""Keeping the figures of a course right when its lessons come and go: how many are published, and what each member did.

A membership keeps how many published lessons the person completed and how many attempts they made; tallies keep how
many members completed so many, and how many attempts there are. Whoever changes a membership's numbers (a completion,
an attempt, and here) holds first the lesson and then the membership until the transaction ends.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from coursewright.courses import rules as course_rules
from coursewright.foundation import sql, tallies
from coursewright.foundation.events import Change
from coursewright.foundation.tallies import Tally
from coursewright.learning import rules
from coursewright.learning.actions import progress

HOLD = "SELECT id, status FROM coursewright_lesson WHERE id IN ({ids}) ORDER BY id {lock}"
COMPLETED = """
(SELECT count(*) FROM coursewright_completion k
 WHERE k.lesson_id IN ({published}) AND k.user_id = {user} AND k.status = 'completed')
"""
ATTEMPTS = "(SELECT count(*) FROM coursewright_attempt t WHERE t.lesson_id IN ({gone}) AND t.user_id = {user})"
# Whoever made an attempt has a completion too, be it a failed one.
WHO = """
course_id = %(course)s AND user_id IN (SELECT k.user_id FROM coursewright_completion k WHERE k.lesson_id IN ({ids}))
"""
# They are locked in the order of people, as whoever changes several standings does.
WRITE = f"""
WITH held AS (SELECT m.id FROM coursewright_membership m WHERE m.{WHO} ORDER BY m.user_id {{lock}})
UPDATE coursewright_membership SET num_completed = num_completed + %(step)s * {COMPLETED},
    num_attempts = num_attempts - {ATTEMPTS}
WHERE id IN (SELECT held.id FROM held)
RETURNING status, num_completed, num_attempts, {COMPLETED} AS completed, {ATTEMPTS} AS attempts
"""
PUBLISHED = f"SELECT l.id FROM coursewright_lesson l WHERE l.id = {{id}} AND l.status = '{course_rules.PUBLISHED}'"
NONE = "NULL"
"""No lesson."""
# What was completed as a lesson does not count while it is a quiz, which has no attempts then: else it could not turn.
TURN = """
UPDATE coursewright_completion SET status = %(after)s WHERE lesson_id = %(lesson)s AND status = %(before)s
"""


class Member(msgspec.Struct):
    """A member who did something in the lessons, how much, and their numbers from now on."""

    status: str | None
    num_completed: int
    num_attempts: int
    completed: int
    attempts: int


def hear(kind: str, changes: Sequence[Change], *, at: datetime, by: int | None, course_id: int | None) -> None:
    """Hears of lessons that are made, published, unpublished, turned into quizzes and back, or deleted, in the same
    transaction."""
    if course_id is None or not kind.startswith("lesson."):
        return
    ids = [change.object_id for change in changes]
    if kind == "lesson.created":
        published = [change for change in changes if change.after["status"] == course_rules.PUBLISHED]
        tallies.add({Tally("lessons", course_id): len(published)})
    elif kind == "lesson.deleted":
        held = _held(ids)
        counted = [id for id in ids if held[id] == course_rules.PUBLISHED]
        _count(course_id, ids, _marks(counted), -1, lessons=-len(counted), gone=_marks(ids))
    else:
        for change in changes:
            if change.after.keys() & {"status", "type"}:
                _changed(course_id, change)


def _changed(course_id: int, change: Change) -> None:
    """Counts what was completed of a lesson that was published, unpublished, or turned into a quiz or back."""
    id, type = change.object_id, change.after.get("type")
    before, after = change.before.get("status"), change.after.get("status")
    lessons = (after == course_rules.PUBLISHED) - (before == course_rules.PUBLISHED)
    if type is None:
        _count(course_id, [id], str(id), lessons, lessons=lessons)
    elif type == course_rules.QUIZ:
        _count(course_id, [id], _counted(id, before), -1, lessons=lessons)
        sql.execute(TURN, {"lesson": id, "before": rules.COMPLETED, "after": rules.UNCOMPLETED})
    else:
        sql.execute(TURN, {"lesson": id, "before": rules.UNCOMPLETED, "after": rules.COMPLETED})
        _count(course_id, [id], _counted(id, after), 1, lessons=lessons)


def _counted(id: int, status: str | None) -> str:
    """The lesson, if it counts; None: with the status that it has."""
    return PUBLISHED.format(id=id) if status is None else str(id) if status == course_rules.PUBLISHED else NONE


def _held(ids: Sequence[int]) -> dict[int, str]:
    """Statuses of lessons by id, once those who are at them have ended; others wait until the transaction ends."""
    marks, parameters = sql.named("id", ids)
    return dict(sql.values(HOLD.format(ids=marks, lock=sql.locking("FOR UPDATE")), parameters))


def _marks(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids)) or NONE


def _count(course_id: int, ids: Sequence[int], counted: str, step: int, *, lessons: int, gone: str = NONE) -> None:
    """Counts what was completed of lessons from now on (1), or no more (-1).

    ``ids``: all that are touched; ``counted``: those that count, and ``gone``: those at which attempts do not count any
    more, both as the inside of ``IN (...)``; ``lessons``: how many more are published.
    """
    changed = Counter({Tally("lessons", course_id): lessons})
    if (counted, gone) == (NONE, NONE):
        tallies.add(changed)
        return
    parameters = {"course": course_id, "step": step}
    marks = {"ids": _marks(ids), "published": counted, "gone": gone}
    lock = sql.locking("FOR UPDATE OF m")
    statement = WRITE.format(**marks, user="coursewright_membership.user_id", lock=lock)
    for member in sql.rows(Member, statement, parameters):
        completed, attempts = member.num_completed - step * member.completed, member.num_attempts + member.attempts
        changed.subtract(progress.counted(course_id, member.status, completed, attempts))
        changed.update(progress.counted(course_id, member.status, member.num_completed, member.num_attempts))
    tallies.add(changed)
