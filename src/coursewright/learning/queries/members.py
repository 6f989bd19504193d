"""The people of a course, for those who may see or manage them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from coursewright.accounts import queries as accounts
from coursewright.accounts import shapes as people
from coursewright.courses import rules as course_rules
from coursewright.courses.shapes import Standing
from coursewright.foundation import sql
from coursewright.foundation.tallies import summed, tallied
from coursewright.foundation.text import like, name_key
from coursewright.foundation.types import Address
from coursewright.learning import rules, shapes

NAMED = "(u.username_key LIKE %(search)s ESCAPE '!' OR u.real_name_key LIKE %(search)s ESCAPE '!')"
SO_NAMED = (
    f" AND m.user_id = n.user_id AND EXISTS (SELECT 1 FROM coursewright_user u WHERE u.id = m.user_id AND {NAMED})"
)
# Crossed, so that SQLite begins with the few who are so named, and not with all members.
AMONG_NAMED = f"{accounts.NAMED} n CROSS JOIN "
MINIMAL = "u.id, u.username, u.real_name, u.avatar, 1 = 0 AS community_badge, u.deleted_at IS NOT NULL AS deleted"
BRIEF = "u.id, u.username, u.real_name, u.ext_id, u.avatar"
WINDOW = "LIMIT %(limit)s OFFSET %(offset)s"
NOBODY = ""
"""A standing that no one has."""
RANKS = {course_rules.CREATOR: 0, course_rules.MANAGER: 1, course_rules.JOINED: 2}

MEMBERS = "FROM {among}coursewright_membership m WHERE m.course_id = %(course)s AND m.status"
# An index serves the order within one standing, not across several: each gives its first rows, of which the window
# is cut. So a page costs the same however many members there are.
PART = f"""
SELECT * FROM (
    SELECT {{place}} AS place, m.id, m.course_id, m.user_id, m.status, m.joined_at, m.last_active_at,
        m.num_completed
    {MEMBERS} = {sql.unseen("status{number}")}{{condition}} ORDER BY {{order}} LIMIT %(last)s
) part
"""
PAGE = f"""
SELECT {{columns}} FROM (SELECT * FROM ({{parts}}) m ORDER BY m.place, {{order}} {WINDOW}) m
JOIN coursewright_user u ON u.id = m.user_id
ORDER BY m.place, {{order}}
"""
DASHBOARD_ORDERINGS = {
    "joined_at": ("m.joined_at", ""),
    "-joined_at": ("m.joined_at", " DESC"),
    "last_active_at": ("m.last_active_at", ""),
    "-last_active_at": ("m.last_active_at", " DESC"),
}
DEFAULT_DASHBOARD_ORDERING = "-joined_at"
PROGRESS = f"""
m.user_id, u.username, u.real_name, m.status, m.last_active_at, m.joined_at, u.avatar,
m.num_completed, {tallied("lessons", "%(course)s")}
"""
SUGGESTED = """
FROM coursewright_user u
LEFT JOIN coursewright_membership m ON m.user_id = u.id AND m.course_id = %(course)s
WHERE u.deleted_at IS NULL AND u.is_active AND m.status IS NULL
"""
# All people, less those who stand to the course; of these, who is not among all people was not to be taken off.
# Crossed, so that SQLite begins with those who are gone, and not with all members.
NUM_SUGGESTED = f"""
SELECT {accounts.NUM_PEOPLE}
    - {summed("standings", "%(course)s")}
    + (SELECT count(*) FROM coursewright_user u CROSS JOIN coursewright_membership m
       WHERE (u.deleted_at IS NOT NULL OR NOT u.is_active)
           AND m.user_id = u.id AND m.course_id = %(course)s AND m.status IS NOT NULL)
"""
KNOWN = """
SELECT u.id FROM coursewright_user u WHERE u.id IN ({ids}) AND (u.deleted_at IS NULL OR EXISTS (
    SELECT 1 FROM coursewright_membership m WHERE m.user_id = u.id AND m.course_id = %(course)s AND m.status IS NOT NULL
))
"""


class DashboardRow(msgspec.Struct):
    user_id: int
    username: str
    real_name: str
    status: Standing
    last_active_at: datetime | None
    joined_at: datetime | None
    avatar: Address | None
    num_completed: int
    num_lessons: int


class Part(NamedTuple):
    """Members of one standing, the one with this number among those asked; a smaller ``place`` comes first."""

    number: int
    place: int = 0
    condition: str = ""


def _listed(
    row: type[sql.Row],
    columns: str,
    course_id: int,
    statuses: Sequence[str],
    parts: Sequence[Part],
    order: str,
    *,
    limit: int,
    offset: int,
    search: str = "",
) -> tuple[int, list[sql.Row]]:
    """How many members have one of the standings and, if asked, the name; and those in the window."""
    marks, parameters = sql.named("status", statuses)
    among, named = (AMONG_NAMED, SO_NAMED) if search else ("", "")
    parameters |= {"course": course_id, "search": like(name_key(search)), **accounts.named(search)}
    number = (
        f"SELECT count(*) {MEMBERS.format(among=among)} IN ({marks}){named}"
        if search
        else f"SELECT {summed('standings', '%(course)s', marks)}"
    )
    count = sql.number(number, parameters)
    window = {"limit": limit, "offset": offset, "last": min(limit + offset, sql.MAX_ID)}
    union = " UNION ALL ".join(
        PART.format(among=among, place=part.place, number=part.number, condition=part.condition + named, order=order)
        for part in parts
    )
    page = PAGE.format(columns=columns, parts=union, order=order)
    return count, sql.rows(row, page, parameters | window)


def joined_users(
    course_id: int, *, statuses: Sequence[str], limit: int, offset: int
) -> tuple[int, list[people.UserMinimal]]:
    """The creator first, then managers, then joined; of these, who joined last."""
    asked = list(dict.fromkeys(statuses)) or [NOBODY]
    parts = [Part(number, RANKS.get(status, 0)) for number, status in enumerate(asked)]
    order = "m.joined_at DESC, m.user_id DESC"
    return _listed(people.UserMinimal, MINIMAL, course_id, asked, parts, order, limit=limit, offset=offset)


def invited_users(course_id: int, *, limit: int, offset: int) -> tuple[int, list[people.UserBrief]]:
    """Who is invited, in the order in which they first came to stand to the course."""
    asked = [course_rules.INVITED]
    return _listed(people.UserBrief, BRIEF, course_id, asked, [Part(0)], "m.id", limit=limit, offset=offset)


def users_to_approve(course_id: int, *, search: str, limit: int, offset: int) -> tuple[int, list[people.User]]:
    """Who asked to join, in the order in which they first came to stand to the course."""
    asked = [course_rules.REQUESTED]
    window = {"limit": limit, "offset": offset}
    return _listed(people.User, accounts.COLUMNS, course_id, asked, [Part(0)], "m.id", search=search, **window)


def suggested_users(course_id: int, *, search: str, limit: int, offset: int) -> tuple[int, list[people.UserBrief]]:
    """Who could be added: people without a standing, by username."""
    where = f"{SUGGESTED} AND u.id IN {accounts.NAMED} AND {NAMED}" if search else SUGGESTED
    parameters = {"course": course_id, "search": like(name_key(search)), **accounts.named(search)}
    count = sql.number(f"SELECT count(*) {where}" if search else NUM_SUGGESTED, parameters)
    # Once all of them are found no more is looked for: where most people are members, they are few and far between.
    if count <= offset:
        return count, []
    window = {"limit": min(limit, count - offset), "offset": offset}
    page = f"SELECT {BRIEF} {where} ORDER BY u.username_key, u.id {WINDOW}"
    return count, sql.rows(people.UserBrief, page, {**parameters, **window})


def dashboard_users(
    course_id: int, *, statuses: Sequence[str], search: str, ordering: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseUserDashboard]]:
    """Members with their progress. Who has no such time (the creator never joined) comes last in either direction."""
    column, direction = DASHBOARD_ORDERINGS[ordering]
    asked = list(dict.fromkeys(statuses)) or [NOBODY]
    parts = [
        Part(number, place, f" AND {column} {known}")
        for number in range(len(asked))
        for place, known in enumerate(("IS NOT NULL", "IS NULL"))
    ]
    order = f"{column}{direction}, m.user_id{direction}"
    window = {"limit": limit, "offset": offset}
    count, rows = _listed(DashboardRow, PROGRESS, course_id, asked, parts, order, search=search, **window)
    return count, [
        shapes.CourseUserDashboard(
            id=row.user_id,
            username=row.username,
            real_name=row.real_name,
            avatar=row.avatar,
            join_status=row.status,
            user_completion_rate=rules.completion_rate(row.num_completed, row.num_lessons),
            last_active_at=row.last_active_at,
            joined_at=row.joined_at,
        )
        for row in rows
    ]


def known(course_id: int, user_ids: Collection[int]) -> set[int]:
    """Those of the ids that are somebody's.

    A deleted person is nobody, but for a course to which they still stand: its managers see them, and can let them go.
    """
    if not user_ids:
        return set()
    marks, parameters = sql.named("id", user_ids)
    return {id for (id,) in sql.values(KNOWN.format(ids=marks), {**parameters, "course": course_id})}
