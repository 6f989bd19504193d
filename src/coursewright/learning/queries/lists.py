"""Lists of courses: joined, found, suggested, of a person. Each in a fixed number of statements."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.text import words
from coursewright.learning.queries import cards

ORDERINGS = {
    "id": "c.id",
    "-id": "c.id DESC",
    "name": "c.name_key, c.id",
    "-name": "c.name_key DESC, c.id DESC",
    "created_at": "c.created_at, c.id",
    "-created_at": "c.created_at DESC, c.id DESC",
}
DEFAULT_ORDERING = "-id"
MAX_WORDS = 16
LAST_CHARACTER = "\U0010ffff"

MEMBER_COUNT = f"""
(SELECT count(*) FROM coursewright_membership x WHERE x.course_id = c.id AND x.status IN ({courses.MEMBERS}))
"""
SHARES_CATEGORY = f"""
EXISTS (
    SELECT 1 FROM coursewright_coursecategory theirs
    JOIN coursewright_coursecategory own ON own.category_id = theirs.category_id
    JOIN coursewright_membership mine ON mine.course_id = own.course_id
    WHERE theirs.course_id = c.id AND mine.user_id = %(viewer)s
    AND mine.status IN ({", ".join(f"'{standing}'" for standing in course_rules.LEARNERS)})
)
"""


class Found(NamedTuple):
    """Conditions on a course ``c``, with their parameters."""

    where: str
    parameters: dict[str, Any]
    tables: str = cards.TABLES


def _listed(found: Found, viewer: int, order: str, limit: int, offset: int) -> tuple[int, list[cards.CourseRow]]:
    """How many courses that the viewer may see fit the conditions, and the rows in the window."""
    where = f"c.deleted_at IS NULL AND {courses.VISIBLE} AND {found.where}"
    parameters = {**found.parameters, "viewer": viewer}
    count = sql.number(f"SELECT count(*) FROM {found.tables} WHERE {where}", parameters)
    select = f"SELECT {cards.COLUMNS} FROM {found.tables} WHERE {where}"
    page = f"{select} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
    return count, sql.rows(cards.CourseRow, page, {**parameters, "limit": limit, "offset": offset})


def joined(
    viewer: int, *, statuses: Sequence[str], created_by: int | None, site: str, limit: int, offset: int
) -> tuple[int, list[shapes.Course]]:
    """Courses in which the viewer has one of the standings, newest first."""
    marks, parameters = sql.named("status", statuses)
    where = f"m.status IN ({marks})"
    if created_by is not None:
        where += " AND c.created_by_id = %(created_by)s"
        parameters["created_by"] = created_by
    count, rows = _listed(Found(where, parameters), viewer, "c.id DESC", limit, offset)
    return count, cards.full_cards(rows, site)


def search(
    viewer: int,
    *,
    text: str,
    categories: Sequence[int] | None,
    statuses: Sequence[str] | None,
    ordering: str,
    site: str,
    limit: int,
    offset: int,
) -> tuple[int, list[shapes.CourseMinimal]]:
    """Courses whose name or description has all the words of the text, the last one as a beginning.

    The description of a course of which the viewer sees only the lock screen is not looked in.
    """
    conditions, parameters = ["1 = 1"], {}
    wanted = words(text)[:MAX_WORDS]
    if text and not wanted:
        conditions.append("1 = 0")
    for place, word in enumerate(wanted):
        last = place == len(wanted) - 1
        conditions.append(_word(place, last))
        parameters[f"word{place}"] = word
        if last:
            parameters["end"] = word + LAST_CHARACTER
    if categories is not None:
        marks, ids = sql.named("category", categories)
        conditions.append(
            "EXISTS (SELECT 1 FROM coursewright_coursecategory k "
            f"WHERE k.course_id = c.id AND k.category_id IN ({marks}))"
        )
        parameters |= ids
    if statuses is not None:
        marks, standings = sql.named("status", statuses)
        conditions.append(f"m.status IN ({marks})")
        parameters |= standings
    found = Found(" AND ".join(conditions), parameters)
    count, rows = _listed(found, viewer, ORDERINGS[ordering], limit, offset)
    return count, cards.minimal_cards(rows, site)


def _full() -> str:
    """The part of ``rules.SEEN`` in which more than the lock screen is seen."""
    limited = [privacy for privacy, views in course_rules.SEEN.items() if views[course_rules.LOCK]]
    parts = []
    for privacy in limited:
        who = ", ".join(f"'{standing}'" for standing in course_rules.SEEN[privacy][course_rules.FULL])
        parts.append(f"(c.privacy <> '{privacy}' OR m.status IN ({who}))")
    return " AND ".join(parts)


FULL = _full()


def _word(place: int, last: bool) -> str:
    match = f"w.word >= %(word{place})s AND w.word < %(end)s" if last else f"w.word = %(word{place})s"
    by_name = f"c.id IN (SELECT w.course_id FROM coursewright_courseword w WHERE {match} AND w.in_name)"
    by_any = f"c.id IN (SELECT w.course_id FROM coursewright_courseword w WHERE {match})"
    return f"({by_name} OR ({FULL} AND {by_any}))"


def suggested(viewer: int, *, site: str, limit: int, offset: int) -> tuple[int, list[shapes.Course]]:
    """Courses the viewer does not stand to: those that share a category with their own first, then by members."""
    found = Found("c.privacy IN ('open', 'private') AND m.status IS NULL", {})
    order = f"CASE WHEN {SHARES_CATEGORY} THEN 0 ELSE 1 END, {MEMBER_COUNT} DESC, c.id DESC"
    count, rows = _listed(found, viewer, order, limit, offset)
    return count, cards.full_cards(rows, site)


def of_user(
    user: int, viewer: int, *, statuses: Sequence[str], site: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseWithMemberCount]]:
    """Courses in which a person has one of the standings and which the viewer may see; figures are the viewer's own."""
    marks, parameters = sql.named("status", statuses)
    tables = f"{cards.TABLES} JOIN coursewright_membership o ON o.course_id = c.id AND o.user_id = %(user)s"
    found = Found(f"o.status IN ({marks})", {**parameters, "user": user}, tables)
    count, rows = _listed(found, viewer, "c.id DESC", limit, offset)
    members = member_counts([row.id for row in rows])
    return count, [
        shapes.CourseWithMemberCount(
            **fields,
            member_count=course_rules.shown_member_count(members.get(row.id, 0), row.hide_member_count, row.status),
        )
        for row, fields in zip(rows, cards.full_fields(rows, site), strict=True)
    ]


def member_counts(course_ids: Sequence[int]) -> dict[int, int]:
    """How many managers and joined each course has."""
    marks, parameters = sql.named("id", course_ids)
    return dict(
        sql.values(
            "SELECT course_id, count(*) FROM coursewright_membership "
            f"WHERE course_id IN ({marks}) AND status IN ({courses.MEMBERS}) GROUP BY course_id",
            parameters,
        )
    )
