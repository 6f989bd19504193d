"""Changing how people stand to a course. The one place that executes ``rules.TRANSITIONS``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from coursewright.courses import rules as course_rules
from coursewright.foundation import events, sql, tallies
from coursewright.foundation.errors import Faults, invalid
from coursewright.foundation.tallies import Tally
from coursewright.learning import rules
from coursewright.learning.actions import progress
from coursewright.learning.errors import CreatorStays
from coursewright.learning.queries import members as queries

# Those who may come to stand to the course get a membership first, to be locked with the others: a change of nothing
# locks a row, and answers it as the one before left it.
ENTER = f"""
INSERT INTO coursewright_membership (course_id, user_id)
{queries.KNOWN.replace("SELECT u.id", "SELECT %(course)s, u.id")} ORDER BY u.id
ON CONFLICT (course_id, user_id) DO UPDATE SET status = coursewright_membership.status
RETURNING user_id, status, joined_at, num_completed, num_attempts
"""
LOCK = """
SELECT user_id, status, joined_at, num_completed, num_attempts FROM coursewright_membership
WHERE course_id = %(course)s AND user_id IN ({ids}) AND status IS NOT NULL ORDER BY user_id {lock}
"""
MOVE = """
UPDATE coursewright_membership SET status = CASE user_id {statuses} END,
    joined_at = CASE WHEN user_id IN ({members}) THEN COALESCE(joined_at, %(now)s) END
WHERE course_id = %(course)s AND user_id IN ({ids})
"""
COUNT = "UPDATE coursewright_course SET member_count = member_count + %(number)s WHERE id = %(course)s"


class Member(msgspec.Struct):
    """How a person stands to a course, and what they did in it."""

    user_id: int
    status: str | None
    joined_at: datetime | None
    num_completed: int
    num_attempts: int


def join(course_id: int, privacy: str, user_id: int, *, at: datetime) -> Member:
    """Joins, asks to join, or accepts an invitation, as the privacy and the standing say; answers the new standing."""
    call = rules.JOIN_CALLS.get(privacy, rules.Call.JOIN_OTHER)
    moved = _move(course_id, {"user": [user_id]}, {"user": call}, at=at, by=user_id)
    return moved[0] if moved else Member(user_id, None, None, 0, 0)


def leave(course_id: int, user_id: int, *, at: datetime, by: int) -> None:
    """Ends any standing but the creator's (CreatorStays). Unknown: Invalid."""
    _move(course_id, {"user": [user_id]}, {"user": rules.Call.LEAVE}, at=at, by=by)


def invite(course_id: int, user_ids: Sequence[int], *, at: datetime, by: int) -> None:
    """Invites people, and lets those in who asked. Unknown ids: Invalid, and nothing is changed."""
    _move(course_id, {"users": user_ids}, {"users": rules.Call.INVITE}, at=at, by=by)


def uninvite(course_id: int, user_ids: Sequence[int], *, at: datetime, by: int) -> None:
    """Takes invitations back. Unknown ids: Invalid, and nothing is changed."""
    _move(course_id, {"users": user_ids}, {"users": rules.Call.UNINVITE}, at=at, by=by)


ROLES = {
    "managers": rules.Call.MAKE_MANAGER,
    "joined": rules.Call.MAKE_JOINED,
    "unjoined": rules.Call.UNJOIN,
}


def change_roles(
    course_id: int, lists: Mapping[str, Sequence[int]], *, at: datetime, by: int, faults: Faults | None = None
) -> None:
    """Makes managers, puts people in and out. ``lists``: ids by ``managers``, ``joined``, ``unjoined``.

    Invalid: no list at all, an id in two lists, an unknown id. CreatorStays: the creator in any of them.
    """
    faults = faults or Faults(ROLES)
    if not lists and not faults.fields:
        raise invalid("managers", "Give at least one of managers, joined and unjoined.", "required")
    seen: set[int] = set()
    for field, ids in lists.items():
        if seen & set(ids):
            faults.add(field, "invalid", "A user is in two lists.")
        seen |= set(ids)
    if faults.fields:
        _check_users(course_id, lists, set(), faults)
    _move(course_id, lists, ROLES, at=at, by=by)


def _check_users(course_id: int, lists: Mapping[str, Sequence[int]], known: AbstractSet[int], faults: Faults) -> None:
    """Raises Invalid (``does_not_exist``) naming the ids that are nobody's; those in ``known`` are not looked up."""
    found = known | queries.known(course_id, {id for ids in lists.values() for id in ids} - known)
    for field, ids in lists.items():
        unknown = ", ".join(str(id) for id in dict.fromkeys(ids) if id not in found)
        if unknown:
            faults.add(field, "does_not_exist", f"There is no such user: {unknown}.")
    faults.settle()


@transaction.atomic
def _move(
    course_id: int, lists: Mapping[str, Sequence[int]], calls: Mapping[str, rules.Call], *, at: datetime, by: int
) -> list[Member]:
    """Moves people along the table and answers how they stand now, in a number of statements that does not depend on
    how many they are.

    ``lists``: ids by field; ``calls``: what is done with those of a field. The memberships are locked in one order, so
    parallel calls queue up and each sees what the one before left. Unknown ids: Invalid.
    """
    call_of = {user_id: calls[field] for field, ids in lists.items() for user_id in ids}
    if not call_of:
        return []
    enter = any(None in rules.TRANSITIONS[call] for call in call_of.values())
    members = _locked(course_id, sorted(call_of), enter=enter)
    _check_users(course_id, lists, {member.user_id for member in members}, Faults(lists))
    if any(
        member.status == course_rules.CREATOR and call_of[member.user_id] in rules.CREATOR_STAYS for member in members
    ):
        raise CreatorStays
    after = [_moved(member, call_of[member.user_id], at) for member in members]
    changes = [(old, new) for old, new in zip(members, after, strict=True) if old.status != new.status]
    if changes:
        _write(course_id, changes, at=at, by=by)
    return after


def _locked(course_id: int, user_ids: Sequence[int], *, enter: bool) -> list[Member]:
    """The memberships, locked. ``enter``: everyone who is known gets one; else of those who stand to the course."""
    marks, parameters = sql.named("id", user_ids)
    statement = ENTER.format(ids=marks) if enter else LOCK.format(ids=marks, lock=sql.locking("FOR UPDATE"))
    return sql.rows(Member, statement, {**parameters, "course": course_id})


def _moved(member: Member, call: rules.Call, at: datetime) -> Member:
    status = rules.moved(call, member.status)
    if status == member.status:
        return member
    return msgspec.structs.replace(member, status=status, joined_at=rules.joined_at(member.joined_at, status, at))


def _write(course_id: int, changes: Sequence[tuple[Member, Member]], *, at: datetime, by: int) -> None:
    """Writes those who moved, each as before and after, and how many members the course has from then on."""
    moved = [new for _, new in changes]
    ids = ", ".join(str(member.user_id) for member in moved)
    members = ", ".join(str(member.user_id) for member in moved if member.joined_at) or "NULL"
    statuses = " ".join(f"WHEN {member.user_id} THEN {_quoted(member.status)}" for member in moved)
    sql.execute(MOVE.format(statuses=statuses, members=members, ids=ids), {"course": course_id, "now": at})
    joining = sum(_counts(new) - _counts(old) for old, new in changes)
    if joining:
        sql.execute(COUNT, {"course": course_id, "number": joining})
    tally: Counter[Tally] = Counter()
    for old, new in changes:
        tally.subtract(progress.counted(course_id, old.status, old.num_completed, old.num_attempts))
        tally.update(progress.counted(course_id, new.status, new.num_completed, new.num_attempts))
    tallies.add(tally)
    standings = [events.Change(new.user_id, _values(old), _values(new)) for old, new in changes]
    events.record_kinds({"membership.changed": standings}, at=at, by=by, course_id=course_id)


def _quoted(status: str | None) -> str:
    return f"'{status}'" if status else "NULL"


def _counts(member: Member) -> bool:
    return member.status in course_rules.MEMBERS


def _values(member: Member) -> dict[str, Any]:
    return {"status": member.status, "joined_at": member.joined_at}
