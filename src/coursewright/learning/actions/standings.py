"""Changing how people stand to a course. The one place that executes ``rules.TRANSITIONS``."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import connection, transaction

from coursewright.courses import rules as course_rules
from coursewright.foundation import events, sql
from coursewright.foundation.errors import Faults, invalid
from coursewright.learning import rules
from coursewright.learning.errors import CreatorStays
from coursewright.learning.queries.members import known

ENTER = """
INSERT INTO coursewright_membership (course_id, user_id) VALUES {rows} ON CONFLICT (course_id, user_id) DO NOTHING
"""
LOCK = """
SELECT user_id, status, joined_at FROM coursewright_membership
WHERE course_id = %(course)s AND user_id IN ({ids}) ORDER BY user_id {lock}
"""
MOVE = """
UPDATE coursewright_membership SET status = %(status)s, joined_at = {joined_at}
WHERE course_id = %(course)s AND user_id IN ({ids})
"""
COUNT = "UPDATE coursewright_course SET member_count = member_count + %(number)s WHERE id = %(course)s"
NEW = "COALESCE(joined_at, %(now)s)"


class Member(msgspec.Struct):
    user_id: int
    status: str | None
    joined_at: datetime | None


def join(course_id: int, privacy: str, user_id: int, *, at: datetime) -> None:
    """Joins, asks to join, or accepts an invitation, as the course's privacy and the standing say."""
    call = rules.JOIN_CALLS.get(privacy, rules.Call.JOIN_OTHER)
    _move(course_id, {call: [user_id]}, at=at, by=user_id)


def leave(course_id: int, user_id: int, *, at: datetime, by: int) -> None:
    """Ends any standing but the creator's (CreatorStays)."""
    _move(course_id, {rules.Call.LEAVE: [user_id]}, at=at, by=by)


def invite(course_id: int, user_ids: Sequence[int], *, at: datetime, by: int) -> None:
    """Invites people, and lets those in who asked. Unknown ids: Invalid, and nothing is changed."""
    _check_users(course_id, {"users": user_ids})
    _move(course_id, {rules.Call.INVITE: user_ids}, at=at, by=by)


def uninvite(course_id: int, user_ids: Sequence[int], *, at: datetime, by: int) -> None:
    """Takes invitations back. Unknown ids: Invalid, and nothing is changed."""
    _check_users(course_id, {"users": user_ids})
    _move(course_id, {rules.Call.UNINVITE: user_ids}, at=at, by=by)


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
    _check_users(course_id, lists, faults)
    _move(course_id, {ROLES[field]: ids for field, ids in lists.items()}, at=at, by=by)


def _check_users(course_id: int, lists: Mapping[str, Sequence[int]], faults: Faults | None = None) -> None:
    """Raises Invalid (``does_not_exist``) naming the ids that are nobody's."""
    faults = faults or Faults(lists)
    found = known(course_id, {id for ids in lists.values() for id in ids})
    for field, ids in lists.items():
        unknown = ", ".join(str(id) for id in dict.fromkeys(ids) if id not in found)
        if unknown:
            faults.add(field, "does_not_exist", f"There is no such user: {unknown}.")
    faults.settle()


@transaction.atomic
def _move(course_id: int, calls: Mapping[rules.Call, Sequence[int]], *, at: datetime, by: int) -> None:
    """Moves people along the table, in a number of statements that does not depend on how many they are.

    The memberships are locked in one order, so parallel calls queue up and each sees what the one before left.
    """
    call_of = {user_id: call for call, ids in calls.items() for user_id in ids}
    if not call_of:
        return
    entering = sorted(user_id for user_id, call in call_of.items() if None in rules.TRANSITIONS[call])
    members = _locked(course_id, sorted(call_of), entering)
    if any(
        member.status == course_rules.CREATOR and call_of[member.user_id] in rules.CREATOR_STAYS for member in members
    ):
        raise CreatorStays
    moved: dict[str | None, list[Member]] = {}
    joining = 0
    for member in members:
        after = rules.moved(call_of[member.user_id], member.status)
        if after != member.status:
            moved.setdefault(after, []).append(member)
            joining += (after in course_rules.MEMBERS) - (member.status in course_rules.MEMBERS)
    changes = []
    for after, group in moved.items():
        marks, ids = sql.named("id", [member.user_id for member in group])
        joined_at = NEW if rules.joined_at(None, after, at) else "NULL"
        parameters = {**ids, "course": course_id, "status": after, "now": at}
        sql.execute(MOVE.format(joined_at=joined_at, ids=marks), parameters)
        changes += [
            events.Change(
                member.user_id,
                {"status": member.status, "joined_at": member.joined_at},
                {"status": after, "joined_at": rules.joined_at(member.joined_at, after, at)},
            )
            for member in group
        ]
    if joining:
        sql.execute(COUNT, {"course": course_id, "number": joining})
    events.record_all("membership.changed", changes, at=at, by=by, course_id=course_id)


def _locked(course_id: int, user_ids: Sequence[int], entering: Sequence[int]) -> list[Member]:
    """The memberships, locked; those who may come to stand to the course get one first, to be locked as well."""
    if entering:
        marks, parameters = sql.named("id", entering)
        rows = ", ".join(f"(%(course)s, {mark})" for mark in marks.split(", "))
        sql.execute(ENTER.format(rows=rows), {**parameters, "course": course_id})
    marks, parameters = sql.named("id", user_ids)
    lock = "FOR UPDATE" if connection.vendor == "postgresql" else ""
    return sql.rows(Member, LOCK.format(ids=marks, lock=lock), {**parameters, "course": course_id})
