"""The people of a course, for those who may see or manage them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from coursewright.accounts import queries as accounts
from coursewright.accounts import shapes as people
from coursewright.courses import rules as course_rules
from coursewright.foundation import sql
from coursewright.foundation.text import like, name_key
from coursewright.learning import rules, shapes
from coursewright.learning.queries import cards

NAMED = "(u.username_key LIKE %(search)s ESCAPE '!' OR u.real_name_key LIKE %(search)s ESCAPE '!')"
MEMBERS = """
FROM coursewright_membership m JOIN coursewright_user u ON u.id = m.user_id
WHERE m.course_id = %(course)s AND m.status IN ({statuses})
"""
MINIMAL = "u.id, u.username, u.real_name, NULL AS avatar, 1 = 0 AS community_badge, u.deleted_at IS NOT NULL AS deleted"
BRIEF = "u.id, u.username, u.real_name, u.ext_id, NULL AS avatar"
NEWEST_FIRST = "ORDER BY m.status DESC, m.joined_at DESC, m.user_id DESC LIMIT %(limit)s OFFSET %(offset)s"
BY_ENTRY = "ORDER BY m.id LIMIT %(limit)s OFFSET %(offset)s"

DASHBOARD_ORDERINGS = {
    "joined_at": "m.joined_at ASC NULLS LAST, m.user_id",
    "-joined_at": "m.joined_at DESC NULLS LAST, m.user_id DESC",
    "last_active_at": "m.last_active_at ASC NULLS LAST, m.user_id",
    "-last_active_at": "m.last_active_at DESC NULLS LAST, m.user_id DESC",
}
DEFAULT_DASHBOARD_ORDERING = "-joined_at"
# The window is cut first, so that progress is counted for the rows of one page only.
DASHBOARD = """
SELECT m.user_id, m.username, m.real_name, m.status, m.last_active_at, m.joined_at, {completed}, {lessons}
FROM (
    SELECT m.user_id, m.course_id, m.status, m.last_active_at, m.joined_at, u.username, u.real_name
    {members} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
) m JOIN coursewright_course c ON c.id = m.course_id ORDER BY {order}
"""
SUGGESTED = """
FROM coursewright_user u
LEFT JOIN coursewright_membership m ON m.user_id = u.id AND m.course_id = %(course)s
WHERE u.deleted_at IS NULL AND u.is_active AND m.status IS NULL AND {named}
"""


class DashboardRow(msgspec.Struct):
    user_id: int
    username: str
    real_name: str
    status: str
    last_active_at: datetime | None
    joined_at: datetime | None
    num_completed: int
    num_lessons: int


def _members(statuses: Sequence[str], search: str) -> tuple[str, dict[str, Any]]:
    marks, parameters = sql.named("status", statuses)
    if not search:
        return MEMBERS.format(statuses=marks), parameters
    return f"{MEMBERS.format(statuses=marks)} AND {NAMED}", {**parameters, "search": like(name_key(search))}


def joined_users(
    course_id: int, *, statuses: Sequence[str], limit: int, offset: int
) -> tuple[int, list[people.UserMinimal]]:
    """Members: managers first, then those who joined last."""
    members, parameters = _members(statuses, "")
    parameters |= {"course": course_id, "limit": limit, "offset": offset}
    found = sql.rows(people.UserMinimal, f"SELECT {MINIMAL} {members} {NEWEST_FIRST}", parameters)
    return sql.number(f"SELECT count(*) {members}", parameters), found


def invited_users(course_id: int, *, limit: int, offset: int) -> tuple[int, list[people.UserBrief]]:
    """Who is invited."""
    members, parameters = _members([course_rules.INVITED], "")
    parameters |= {"course": course_id, "limit": limit, "offset": offset}
    found = sql.rows(people.UserBrief, f"SELECT {BRIEF} {members} {BY_ENTRY}", parameters)
    return sql.number(f"SELECT count(*) {members}", parameters), found


def users_to_approve(course_id: int, *, search: str, limit: int, offset: int) -> tuple[int, list[people.User]]:
    """Who asked to join."""
    members, parameters = _members([course_rules.REQUESTED], search)
    parameters |= {"course": course_id, "limit": limit, "offset": offset}
    found = sql.rows(people.User, f"SELECT {accounts.COLUMNS} {members} {BY_ENTRY}", parameters)
    return sql.number(f"SELECT count(*) {members}", parameters), found


def suggested_users(course_id: int, *, search: str, limit: int, offset: int) -> tuple[int, list[people.UserBrief]]:
    """Who could be added: people without a standing, by username."""
    where = SUGGESTED.format(named=NAMED)
    parameters = {"course": course_id, "search": like(name_key(search)), "limit": limit, "offset": offset}
    page = f"SELECT {BRIEF} {where} ORDER BY u.username_key, u.id LIMIT %(limit)s OFFSET %(offset)s"
    return sql.number(f"SELECT count(*) {where}", parameters), sql.rows(people.UserBrief, page, parameters)


def dashboard_users(
    course_id: int, *, statuses: Sequence[str], search: str, ordering: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseUserDashboard]]:
    """Members with their progress."""
    members, parameters = _members(statuses, search)
    parameters |= {"course": course_id, "limit": limit, "offset": offset}
    page = DASHBOARD.format(
        members=members,
        order=DASHBOARD_ORDERINGS[ordering],
        completed=cards.NUM_COMPLETED.format(user="m.user_id"),
        lessons=cards.NUM_LESSONS,
    )
    found = [
        shapes.CourseUserDashboard(
            id=row.user_id,
            username=row.username,
            real_name=row.real_name,
            avatar=None,
            join_status=row.status,
            user_completion_rate=rules.completion_rate(row.num_completed, row.num_lessons),
            last_active_at=row.last_active_at,
            joined_at=row.joined_at,
        )
        for row in sql.rows(DashboardRow, page, parameters)
    ]
    return sql.number(f"SELECT count(*) {members}", parameters), found
