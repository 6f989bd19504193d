"""Reads about people."""

from typing import Any

from coursewright.accounts import shapes
from coursewright.foundation import sql
from coursewright.foundation.errors import NotFound
from coursewright.foundation.tallies import tallied
from coursewright.foundation.text import ENDING_LENGTH, beginning, like, name_key

COLUMNS = """
u.id, u.username, u.real_name, u.ext_id, u.date_joined, u.bio, u.location, u.location_lat_lng, u.position_lat_lng,
u.date_of_birth, u.description, u.gender, u.website, u.deleted_at IS NOT NULL AS deleted, u.deleted_at,
u.avatar, u.cover
"""
USER = f"SELECT {COLUMNS} FROM coursewright_user u WHERE u.id = %(id)s AND u.deleted_at IS NULL"
EXISTS = "SELECT 1 FROM coursewright_user WHERE id = %(id)s AND deleted_at IS NULL"
ACCOUNT = """
SELECT email, language, email_is_valid, NULLIF(role, '') AS role FROM coursewright_user WHERE id = %(id)s
"""
NAMED = """
(SELECT DISTINCT e.user_id FROM coursewright_nameending e WHERE e.ending >= %(begin)s AND e.ending < %(end)s)
"""
"""The ids of people whose names may contain a text; ``LIKE`` tells for certain."""
MATCHING = """
FROM coursewright_user u
WHERE u.deleted_at IS NULL AND u.is_active
AND (u.username_key LIKE %(user)s ESCAPE '!' OR u.real_name_key LIKE %(user)s ESCAPE '!')
AND u.username_key LIKE %(username)s ESCAPE '!'
AND u.real_name_key LIKE %(real_name)s ESCAPE '!'
{named}
"""
NUM_PEOPLE = tallied("people")
ORDERINGS = {
    "username": "u.username_key, u.id",
    "-username": "u.username_key DESC, u.id DESC",
    "real_name": "u.real_name_key, u.id",
    "-real_name": "u.real_name_key DESC, u.id DESC",
}
DEFAULT_ORDERING = "username"


def user(id: int) -> shapes.User:
    """One person. Unknown or deleted: NotFound."""
    found = sql.one(shapes.User, USER, {"id": id})
    if found is None:
        raise NotFound
    return found


def exists(id: int) -> bool:
    """Whether someone has the id, and is not deleted."""
    return bool(sql.values(EXISTS, {"id": id}))


def account(id: int) -> shapes.Account:
    """What only the person sees of themselves. Unknown: NotFound."""
    found = sql.one(shapes.Account, ACCOUNT, {"id": id})
    if found is None:
        raise NotFound
    return found


def search_users(
    *, user: str, username: str, real_name: str, ordering: str, limit: int, offset: int
) -> tuple[int, list[shapes.User]]:
    """People whose names contain the texts, without case: how many, and those in the window."""
    parameters: dict[str, Any] = {
        "user": like(name_key(user)),
        "username": like(name_key(username)),
        "real_name": like(name_key(real_name)),
        "limit": limit,
        "offset": offset,
    }
    longest = max(user, username, real_name, key=len)
    parameters |= named(longest)
    matching = MATCHING.format(named=f"AND u.id IN {NAMED}" if longest else "")
    count = sql.number(f"SELECT count(*) {matching}" if longest else f"SELECT {NUM_PEOPLE}", parameters)
    page = f"SELECT {COLUMNS} {matching} ORDER BY {ORDERINGS[ordering]} LIMIT %(limit)s OFFSET %(offset)s"
    return count, sql.rows(shapes.User, page, parameters)


def named(text: str) -> dict[str, str]:
    """The parameters of ``NAMED`` for names that contain the text."""
    return beginning(name_key(text)[:ENDING_LENGTH])
