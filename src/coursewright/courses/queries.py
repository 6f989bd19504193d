"""Reads of courses, sections and lessons, as their authors need them, and what decides who may know of a course."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.community.queries import CategoryRow, require_reader
from coursewright.courses import rules, shapes
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotAuthenticated, NotFound, PermissionDenied
from coursewright.foundation.types import Address


def quoted(words: Sequence[str | None]) -> str:
    """Constant words as the inside of ``IN (...)``."""
    return ", ".join(f"'{word}'" for word in words if word is not None)


def _visible() -> str:
    """The table of ``rules.SEEN`` as a condition on a course ``c`` and the caller's membership ``m``."""
    parts = []
    for privacy, views in rules.SEEN.items():
        who = views[rules.FULL] + views[rules.LOCK]
        standing = "" if None in who else f" AND m.status IN ({quoted(who)})"
        parts.append(f"(c.privacy = '{privacy}'{standing})")
    return f"({' OR '.join(parts)})"


def found_by_all(in_name: str) -> str:
    """``rules.found_by_all`` as a condition on a course ``c``. ``in_name``: SQL for whether words are of its name.

    A course that is found by a word of its description is found by one of its name too.
    """
    by_name, by_any = (
        quoted([privacy for privacy in rules.SEEN if rules.found_by_all(privacy, named)]) for named in (True, False)
    )
    return f"(c.privacy IN ({by_name}) AND (c.privacy IN ({by_any}) OR {in_name}))"


VISIBLE = _visible()
MANAGERS = quoted(rules.MANAGERS)
MEMBERS = quoted(rules.MEMBERS)
AUTHOR = """
u.id AS author_id, u.username, u.real_name, u.deleted_at IS NOT NULL AS author_deleted, u.avatar AS author_avatar
"""

ACCESS_COLUMNS = "c.id, c.type, c.privacy, c.enforce_lessons_order, c.hide_member_count, m.status, m.joined_at"
STANDING = "LEFT JOIN coursewright_membership m ON m.course_id = c.id AND m.user_id = %(viewer)s"
ACCESS = f"""
SELECT {ACCESS_COLUMNS} FROM coursewright_course c {STANDING}
WHERE c.id = %(course)s AND c.deleted_at IS NULL
"""
PLACE_ACCESS = ACCESS.replace("m.joined_at", "m.joined_at, EXISTS ({place})")
CATEGORY_IDS = "SELECT category_id FROM coursewright_coursecategory WHERE course_id = %(course)s ORDER BY category_id"
SECTION_IDS = """
SELECT id FROM coursewright_section WHERE course_id = %(course)s AND deleted_at IS NULL ORDER BY position, id
"""
LESSON_IDS = """
SELECT id FROM coursewright_lesson WHERE section_id = %(section)s AND deleted_at IS NULL ORDER BY position, id
"""
SECTION = """
SELECT s.id, s.name, s.dripped_at, s.drip_delay, l.id
FROM coursewright_section s LEFT JOIN coursewright_lesson l ON l.section_id = s.id AND l.deleted_at IS NULL
WHERE s.id = %(section)s AND s.course_id = %(course)s AND s.deleted_at IS NULL ORDER BY l.position, l.id
"""
SECTION_EXISTS = """
SELECT 1 FROM coursewright_section WHERE id = %(section)s AND course_id = %(course)s AND deleted_at IS NULL
"""
LESSON_EXISTS = """
SELECT 1 FROM coursewright_lesson
WHERE id = %(lesson)s AND section_id = %(section)s AND course_id = %(course)s AND deleted_at IS NULL
"""
SECTIONS = """
SELECT id, name, dripped_at, drip_delay FROM coursewright_section
WHERE course_id = %(course)s AND deleted_at IS NULL ORDER BY position, id
"""
LESSONS_OF_COURSE = """
SELECT section_id, id FROM coursewright_lesson
WHERE course_id = %(course)s AND deleted_at IS NULL ORDER BY position, id
"""
ORDERS = """
SELECT s.course_id, s.id, EXISTS (
    SELECT 1 FROM coursewright_lesson l
    WHERE l.section_id = s.id AND l.deleted_at IS NULL AND l.status = 'published'
) AS shown
FROM coursewright_section s WHERE s.course_id IN ({ids}) AND s.deleted_at IS NULL ORDER BY s.position, s.id
"""


class Access(msgspec.Struct, frozen=True):
    """What decides about a request to a course: its settings and how the caller stands to it (``ACCESS_COLUMNS``)."""

    id: int
    type: str
    privacy: str
    enforce_lessons_order: bool
    hide_member_count: bool
    status: shapes.Standing | None
    joined_at: datetime | None

    @property
    def view(self) -> str | None:
        return rules.seen(self.privacy, self.status)

    @property
    def managed(self) -> bool:
        return rules.manages(self.status)


class PlaceAccess(Access, frozen=True):
    """The same for a request to something in the course, and whether that is there."""

    is_there: bool


class Written(NamedTuple):
    """A course as it was written: its columns, its categories and its sections in their order."""

    id: int
    values: dict[str, Any]
    categories: list[CategoryRow]
    sections: list[int]


class SectionRow(msgspec.Struct):
    id: int
    name: str
    dripped_at: datetime | None
    drip_delay: int


class SectionLessonRow(SectionRow):
    """A lesson in its section; a section without lessons is one row without a lesson."""

    lesson_id: int | None


class OrderRow(msgspec.Struct):
    course_id: int
    id: int
    shown: bool


class Author(msgspec.Struct):
    """The columns of ``AUTHOR``."""

    author_id: int
    username: str
    real_name: str
    author_deleted: bool
    author_avatar: Address | None


Made = TypeVar("Made", bound=Author)


def made(row: type[Made], author: Author, values: Mapping[str, Any]) -> Made:
    """The row of what its author made just now, whose other columns are among the values."""
    person = {name: getattr(author, name) for name in Author.__struct_fields__}
    return row(**person, **{name: values[name] for name in row.__struct_fields__ if name in values})


def author(row: Author) -> UserMinimal:
    """Who made something, as it is answered."""
    return UserMinimal(row.author_id, row.username, row.real_name, row.author_avatar, False, row.author_deleted)


def access(caller: Caller, course_id: int) -> Access:
    """The course, when it exists for the caller, the lock screen included. Else NotFound.

    NotAuthenticated: an anonymous caller while ``content_availability`` is false, for every id.
    """
    require_reader(caller)
    found = sql.one(Access, ACCESS, {"course": course_id, "viewer": caller.id})
    if found is None or found.view is None:
        raise NotFound
    return found


def managed(caller: Caller, course_id: int) -> Access:
    """The course, for its creator and managers. Anonymous: NotAuthenticated; who cannot see it: NotFound; others:
    PermissionDenied."""
    if not caller.is_authenticated:
        raise NotAuthenticated
    found = access(caller, course_id)
    check_managed(found)
    return found


def check_managed(found: Access | None) -> None:
    """Nothing, for the creator and the managers. Who cannot see the course: NotFound; others: PermissionDenied."""
    if found is None or found.view is None:
        raise NotFound
    if not found.managed:
        raise PermissionDenied


def require_managed(caller: Caller, place: str, **ids: int) -> None:
    """Nothing, for the managers of a course in which a place is there.

    ``place`` is SQL that finds it by ``ids``, the course among them. Who has no right hears what ``managed`` says, and
    only those who have it that the place is not there: NotFound. One statement.
    """
    if not caller.is_authenticated:
        raise NotAuthenticated
    found = sql.one(PlaceAccess, PLACE_ACCESS.format(place=place), {**ids, "viewer": caller.id})
    check_managed(found)
    if found is None or not found.is_there:
        raise NotFound


def section(course_id: int, section_id: int) -> shapes.CourseSection:
    """A section with the order of all its lessons, for managers. Unknown or of another course: NotFound."""
    rows = sql.rows(SectionLessonRow, SECTION, {"section": section_id, "course": course_id})
    if not rows:
        raise NotFound
    return _section(rows[0], [row.lesson_id for row in rows if row.lesson_id is not None])


def require_section(course_id: int, section_id: int) -> None:
    """NotFound unless the section is there and of this course."""
    if not sql.values(SECTION_EXISTS, {"section": section_id, "course": course_id}):
        raise NotFound


def sections(course_id: int) -> list[shapes.CourseSection]:
    """All sections of a course, for managers."""
    lessons: dict[int, list[int]] = {}
    for section_id, id in sql.values(LESSONS_OF_COURSE, {"course": course_id}):
        lessons.setdefault(section_id, []).append(id)
    return [_section(row, lessons.get(row.id, [])) for row in sql.rows(SectionRow, SECTIONS, {"course": course_id})]


def _section(row: SectionRow, order: list[int]) -> shapes.CourseSection:
    return shapes.CourseSection(
        id=row.id, name=row.name, dripped_at=row.dripped_at, drip_delay=row.drip_delay, lessons_order=order
    )


def section_ids(course_id: int) -> list[int]:
    """The sections of a course in their order."""
    return [id for (id,) in sql.values(SECTION_IDS, {"course": course_id})]


def category_ids(course_id: int) -> list[int]:
    """The categories of a course, those that were deleted too."""
    return [id for (id,) in sql.values(CATEGORY_IDS, {"course": course_id})]


def lesson_ids(section_id: int) -> list[int]:
    """The lessons of a section in their order."""
    return [id for (id,) in sql.values(LESSON_IDS, {"section": section_id})]


def orders(course_ids: Sequence[int]) -> dict[int, list[OrderRow]]:
    """The sections of each of the courses in their order; ``shown``: has a published lesson. One statement."""
    found: dict[int, list[OrderRow]] = {id: [] for id in course_ids}
    marks, parameters = sql.named("id", course_ids)
    for row in sql.rows(OrderRow, ORDERS.format(ids=marks), parameters):
        found[row.course_id].append(row)
    return found
