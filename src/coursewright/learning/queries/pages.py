"""One course, as its viewer, its editor and its dashboard see it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from coursewright.community import queries as community
from coursewright.community.queries import require_reader
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound
from coursewright.learning import rules
from coursewright.learning.queries import cards

COURSE = f"SELECT {cards.COLUMNS} FROM {cards.TABLES} WHERE c.id = %(course)s AND c.deleted_at IS NULL"
OUTLINES = """
SELECT s.course_id, s.id, s.name, s.dripped_at, s.drip_delay,
    l.id, l.name, l.type, l.status, l.comments_enabled, COALESCE(k.status, 'uncompleted') AS completion_status
FROM coursewright_section s
LEFT JOIN coursewright_lesson l ON l.section_id = s.id AND l.deleted_at IS NULL
LEFT JOIN coursewright_completion k ON k.lesson_id = l.id AND k.user_id = %(viewer)s
WHERE s.course_id IN ({ids}) AND s.deleted_at IS NULL
ORDER BY s.position, s.id, l.position, l.id
"""
RATES = f"""
SELECT num_completed, count(*) FROM (
    SELECT count(*) AS num_completed FROM coursewright_completion k
    WHERE k.course_id = %(course)s AND k.status = 'completed' AND k.lesson_id IN (
        SELECT id FROM coursewright_lesson l
        WHERE l.course_id = %(course)s AND l.deleted_at IS NULL AND l.status = 'published'
    ) AND k.user_id IN (
        SELECT m.user_id FROM coursewright_membership m
        WHERE m.course_id = %(course)s AND m.status IN ({courses.MEMBERS})
    ) GROUP BY k.user_id
) members GROUP BY num_completed
"""


class OutlineRow(msgspec.Struct):
    """A lesson in its section; a section without lessons is a row without a lesson."""

    course_id: int
    section_id: int
    section_name: str
    dripped_at: datetime | None
    drip_delay: int
    id: int | None
    name: str
    type: str
    status: str
    comments_enabled: bool
    completion_status: shapes.CompletionStatus

    @property
    def completed(self) -> bool:
        return self.completion_status == rules.COMPLETED


class OutlineSection(msgspec.Struct):
    """A section with its lessons."""

    id: int
    name: str
    dripped_at: datetime | None
    drip_delay: int
    lessons: list[OutlineRow]

    @property
    def published(self) -> list[OutlineRow]:
        return [lesson for lesson in self.lessons if lesson.status == course_rules.PUBLISHED]


def outline_rows(course_id: int, viewer_id: int) -> list[OutlineSection]:
    """All sections and lessons of a course in their order, with what the viewer completed. One statement."""
    return outlines([course_id], viewer_id)[course_id]


def outlines(course_ids: Sequence[int], viewer_id: int) -> dict[int, list[OutlineSection]]:
    """The same for each of the courses. One statement."""
    marks, ids = sql.named("id", course_ids)
    rows = sql.rows(OutlineRow, OUTLINES.format(ids=marks), {**ids, "viewer": viewer_id})
    found: dict[int, list[OutlineSection]] = {id: [] for id in course_ids}
    for _, group in groupby(rows, key=lambda row: row.section_id):
        lessons = list(group)
        head = lessons[0]
        found[head.course_id].append(
            OutlineSection(
                head.section_id,
                head.section_name,
                head.dripped_at,
                head.drip_delay,
                [lesson for lesson in lessons if lesson.id is not None],
            )
        )
    return found


def opened(
    course: "courses.Access | cards.CourseRow", sections: Sequence[OutlineSection], now: datetime
) -> list[rules.OpenSection]:
    """What is open to the viewer: the rule, applied to these rows."""
    return rules.outline(
        type=course.type,
        enforce_lessons_order=course.enforce_lessons_order,
        sections=[
            rules.Section(
                section.id,
                section.dripped_at,
                section.drip_delay,
                [rules.Lesson(lesson.id or 0, lesson.name, lesson.completed) for lesson in section.published],
            )
            for section in sections
        ],
        standing=course.status,
        joined_at=course.joined_at,
        now=now,
    )


def course_row(caller: Caller, course_id: int) -> cards.CourseRow:
    """The course, when it exists for the caller, the lock screen included; else NotFound."""
    require_reader(caller)
    return course_row_of(caller.id, course_id)


def course_row_of(user_id: int, course_id: int) -> cards.CourseRow:
    """The course as a person finds it; NotFound when it does not exist for them."""
    row = sql.one(cards.CourseRow, COURSE, {"course": course_id, "viewer": user_id})
    if row is None or course_rules.seen(row.privacy, row.status) is None:
        raise NotFound
    return row


def user_page(
    row: cards.CourseRow, viewer_id: int, now: datetime, site: str
) -> shapes.CourseUserDetail | shapes.CourseMinimal:
    """``view=user``: what is open and what is done, or the lock screen."""
    categories = community.of_courses([row.id], site)[row.id]
    if not row.full:
        return shapes.CourseMinimal(**cards.minimal_fields(row, categories, site))
    rows = outline_rows(row.id, viewer_id)
    shown = [section for section in rows if section.published]
    order = [section.id for section in (rows if row.managed else shown)]
    sections = [
        _user_section(section, answer, row.managed)
        for section, answer in zip(shown, opened(row, shown, now), strict=True)
    ]
    return shapes.CourseUserDetail(
        **cards.course_fields(row, order, categories, site),
        sections=sections,
        num_sections=len(sections),
        num_lessons=row.num_lessons,
        num_lessons_completed=row.num_completed,
    )


def _user_section(section: OutlineSection, answer: rules.OpenSection, managed: bool) -> shapes.CourseUserSectionDetail:
    lessons = [
        shapes.CourseUserLessonDetail(**_lesson_fields(lesson), locked=answer.lessons[lesson.id or 0] is not None)
        for lesson in section.published
    ]
    return shapes.CourseUserSectionDetail(
        **_section_fields(section, section.lessons if managed else section.published),
        available_date=answer.available_date,
        locked=answer.lock is not None,
        num_lessons=len(lessons),
        num_lessons_completed=sum(lesson.completed for lesson in section.published),
        lessons=lessons,
    )


def edit_page(row: cards.CourseRow, viewer_id: int, site: str) -> shapes.CourseDetail:
    """``view=edit``: everything, drafts too."""
    categories = community.of_courses([row.id], site)[row.id]
    rows = outline_rows(row.id, viewer_id)
    sections = [
        shapes.CourseSectionDetail(
            **_section_fields(section, section.lessons),
            lessons=[shapes.CourseLessonDetail(**_lesson_fields(lesson)) for lesson in section.lessons],
            num_lessons=len(section.lessons),
        )
        for section in rows
    ]
    return shapes.CourseDetail(
        **cards.course_fields(row, [section.id for section in rows], categories, site),
        sections=sections,
        num_sections=len(sections),
        num_lessons=sum(section.num_lessons for section in sections),
    )


def dashboard_page(row: cards.CourseRow, site: str) -> shapes.CourseDashboard:
    """``view=dashboard``: the members' mean progress."""
    categories = community.of_courses([row.id], site)[row.id]
    members = dict(sql.values(RATES, {"course": row.id}))
    members[0] = max(row.member_count - sum(members.values()), 0)
    return shapes.CourseDashboard(
        **cards.minimal_fields(row, categories, site),
        avg_completion_rate=rules.mean_rate(members, row.num_lessons),
    )


def course_card(row: cards.CourseRow, site: str) -> shapes.Course:
    """The course as its author gets it back from a write."""
    return cards.full_cards([row], site)[0]


def _section_fields(section: OutlineSection, lessons: Sequence[OutlineRow]) -> dict[str, Any]:
    return {
        "id": section.id,
        "name": section.name,
        "dripped_at": section.dripped_at,
        "drip_delay": section.drip_delay,
        "lessons_order": [lesson.id for lesson in lessons],
    }


def _lesson_fields(lesson: OutlineRow) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "name": lesson.name,
        "type": lesson.type,
        "status": lesson.status,
        "comments_enabled": lesson.comments_enabled,
        "completion_status": lesson.completion_status,
    }
