"""Courses as lists and pages show them to one person, with that person's standing and progress.

This is the topmost feature that such an answer needs, so its SQL may name the tables of courses and people.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from coursewright.community import queries as community
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation.tallies import tallied
from coursewright.learning import rules
from coursewright.media import images

COLUMNS = f"""
{courses.AUTHOR},
c.id, c.name, c.slug, c.description, c.type, c.privacy, c.enforce_lessons_order, c.new_comment_notification_enabled,
c.hide_member_count, c.meta_title, c.meta_description, c.og_title, c.og_description, c.og_image, c.image, c.created_at,
c.member_count, m.status, m.joined_at, {tallied("lessons", "c.id")}, COALESCE(m.num_completed, 0)
"""
BESIDE = f"JOIN coursewright_user u ON u.id = c.created_by_id {courses.STANDING}"
TABLES = f"coursewright_course c {BESIDE}"


class CourseRow(courses.Author):
    """The columns of ``COLUMNS``."""

    id: int
    name: str
    slug: str
    description: str
    type: str
    privacy: str
    enforce_lessons_order: bool
    new_comment_notification_enabled: bool
    hide_member_count: bool
    meta_title: str
    meta_description: str
    og_title: str
    og_description: str
    og_image: str
    image: str
    created_at: datetime
    member_count: int
    status: str | None
    joined_at: datetime | None
    num_lessons: int
    num_completed: int

    @property
    def full(self) -> bool:
        """Whether the viewer sees more than the lock screen."""
        return course_rules.seen(self.privacy, self.status) == course_rules.FULL

    @property
    def managed(self) -> bool:
        return course_rules.manages(self.status)


def minimal_fields(row: CourseRow, categories: list[Any]) -> dict[str, Any]:
    """The fields of ``course_minimal``."""
    return {
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "type": row.type,
        "privacy": row.privacy,
        "hide_member_count": row.hide_member_count,
        "meta_title": row.meta_title,
        "meta_description": row.meta_description,
        "og_title": row.og_title,
        "og_description": row.og_description,
        "og_image": row.og_image,
        **images.addresses("course", row.id, row.image),
        "deleted": False,
        "join_status": row.status,
        "user_completion_rate": rules.completion_rate(row.num_completed, row.num_lessons),
        "created_at": row.created_at,
        "created_by": courses.author(row),
        "categories": categories,
    }


def course_fields(row: CourseRow, order: Sequence[int], categories: list[Any]) -> dict[str, Any]:
    """The fields of ``course``; what the lock screen does not show is empty for those who see no more than that."""
    return {
        **minimal_fields(row, categories),
        "description": row.description if row.full else "",
        "enforce_lessons_order": row.enforce_lessons_order,
        "new_comment_notification_enabled": row.new_comment_notification_enabled,
        "sections_order": list(order) if row.full else [],
    }


def shown_order(row: CourseRow, order: Sequence[courses.OrderRow]) -> list[int]:
    """All sections for managers, for others those that ``view=user`` shows."""
    return [section.id for section in order if row.managed or section.shown]


def minimal_cards(rows: Sequence[CourseRow]) -> list[shapes.CourseMinimal]:
    """Rows as ``course_minimal``. One statement."""
    categories = community.of_courses([row.id for row in rows])
    return [shapes.CourseMinimal(**minimal_fields(row, categories[row.id])) for row in rows]


def full_fields(rows: Sequence[CourseRow]) -> list[dict[str, Any]]:
    """The fields of ``course`` for each row. Two statements."""
    ids = [row.id for row in rows]
    categories, orders = community.of_courses(ids), courses.orders(ids)
    return [course_fields(row, shown_order(row, orders[row.id]), categories[row.id]) for row in rows]


def full_cards(rows: Sequence[CourseRow]) -> list[shapes.Course]:
    """Rows as ``course``. Two statements."""
    return [shapes.Course(**fields) for fields in full_fields(rows)]
