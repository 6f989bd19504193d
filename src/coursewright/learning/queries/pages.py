"""One course, as its viewer, its editor and its dashboard see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import msgspec

from coursewright.accounts import queries as accounts
from coursewright.community import queries as community
from coursewright.community.queries import require_reader
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound, invalid
from coursewright.learning import rules
from coursewright.learning.queries import cards

Lesson = TypeVar("Lesson", bound=shapes.CourseLessonDetail)

COURSE = f"SELECT {cards.COLUMNS} FROM {cards.TABLES} WHERE c.id = %(course)s AND c.deleted_at IS NULL"
AS_SOMEONE = f"""
{COURSE} AND EXISTS (SELECT 1 FROM coursewright_user v WHERE v.id = %(viewer)s AND v.deleted_at IS NULL)
"""
# As text: the drivers would read the section's date anew for each of its lessons; it is decoded once.
OUTLINE = """
SELECT s.id, s.name, CAST(s.dripped_at AS text), s.drip_delay,
    l.id, l.name, l.type, l.status, l.comments_enabled, COALESCE(k.status, 'uncompleted') AS completion_status
FROM coursewright_section s
LEFT JOIN coursewright_lesson l ON l.section_id = s.id AND l.deleted_at IS NULL
LEFT JOIN coursewright_completion k ON k.lesson_id = l.id AND k.user_id = %(viewer)s
WHERE s.course_id = %(course)s AND s.deleted_at IS NULL
ORDER BY s.position, s.id, l.position, l.id
"""
PROGRESS = "SELECT y.key, y.number FROM coursewright_tally y WHERE y.kind = 'progress' AND y.object_id = %(course)s"


class OutlineLesson(shapes.CourseUserLessonDetail):
    """A lesson as the viewer finds it; closed, until the rules have opened it."""

    locked: bool = True

    @property
    def completed(self) -> bool:
        return self.completion_status == rules.COMPLETED


class OutlineSection(msgspec.Struct, Generic[Lesson]):
    """A section with its lessons, and those of them that are published."""

    id: int
    name: str
    dripped_at: datetime | None
    drip_delay: int
    lessons: list[Lesson]
    published: list[Lesson]


def outline_rows(course_id: int, viewer_id: int, make: type[Lesson]) -> list[OutlineSection[Lesson]]:
    """All sections and lessons of a course in their order, with what the viewer completed. One statement."""
    found: list[OutlineSection[Lesson]] = []
    section: OutlineSection[Lesson] | None = None
    rows = sql.values(OUTLINE, {"course": course_id, "viewer": viewer_id})
    for id, name, dripped_at, drip_delay, lesson_id, lesson_name, type, status, comments_enabled, completion in rows:
        if section is None or section.id != id:
            opens_at = None if dripped_at is None else sql.decode_time(dripped_at)
            section = OutlineSection(id, name, opens_at, drip_delay, [], [])
            found.append(section)
        if lesson_id is not None:
            lesson = make(lesson_id, lesson_name, type, status, bool(comments_enabled), completion)
            section.lessons.append(lesson)
            if status == course_rules.PUBLISHED:
                section.published.append(lesson)
    return found


def course_row(caller: Caller, course_id: int) -> cards.CourseRow:
    """The course, when it exists for the caller, the lock screen included; else NotFound."""
    require_reader(caller)
    return _seen(sql.one(cards.CourseRow, COURSE, {"course": course_id, "viewer": caller.id}))


def course_row_as(user_id: int, course_id: int) -> cards.CourseRow:
    """The same for a person whose id a client gave. Invalid: it is nobody's."""
    row = sql.one(cards.CourseRow, AS_SOMEONE, {"course": course_id, "viewer": user_id})
    if row is None and not accounts.exists(user_id):
        raise invalid("user", f"There is no such user: {user_id}.", "does_not_exist")
    return _seen(row)


def _seen(row: cards.CourseRow | None) -> cards.CourseRow:
    if row is None or course_rules.seen(row.privacy, row.status) is None:
        raise NotFound
    return row


def user_page(row: cards.CourseRow, viewer_id: int, now: datetime) -> shapes.CourseUserDetail | shapes.CourseMinimal:
    """``view=user``: what is open and what is done, or the lock screen."""
    categories = community.of_courses([row.id])[row.id]
    if not row.full:
        return shapes.CourseMinimal(**cards.minimal_fields(row, categories))
    rows, managed = outline_rows(row.id, viewer_id, OutlineLesson), row.managed
    shown = [section for section in rows if section.published]
    order = [section.id for section in (rows if managed else shown)]
    opened = rules.outline(
        type=row.type,
        enforce_lessons_order=row.enforce_lessons_order,
        sections=shown,
        standing=row.status,
        joined_at=row.joined_at,
        now=now,
    )
    sections = [_user_section(section, answer, managed) for section, answer in zip(shown, opened, strict=True)]
    return shapes.CourseUserDetail(
        **cards.course_fields(row, order, categories),
        sections=sections,
        num_sections=len(sections),
        num_lessons=row.num_lessons,
        num_lessons_completed=row.num_completed,
    )


def _user_section(
    section: OutlineSection[OutlineLesson], answer: rules.OpenSection, managed: bool
) -> shapes.CourseUserSectionDetail:
    for lesson, lock in zip(section.published, answer.lessons, strict=True):
        lesson.locked = lock is not None
    return shapes.CourseUserSectionDetail(
        id=section.id,
        name=section.name,
        dripped_at=section.dripped_at,
        drip_delay=section.drip_delay,
        lessons_order=[lesson.id for lesson in (section.lessons if managed else section.published)],
        available_date=answer.available_date,
        locked=answer.lock is not None,
        num_lessons=len(section.published),
        num_lessons_completed=[lesson.completed for lesson in section.published].count(True),
        lessons=cast("list[shapes.CourseUserLessonDetail]", section.published),
    )


def edit_page(row: cards.CourseRow, viewer_id: int) -> shapes.CourseDetail:
    """``view=edit``: everything, drafts too."""
    categories = community.of_courses([row.id])[row.id]
    rows = outline_rows(row.id, viewer_id, shapes.CourseLessonDetail)
    sections = [_edited_section(section) for section in rows]
    return shapes.CourseDetail(
        **cards.course_fields(row, [section.id for section in rows], categories),
        sections=sections,
        num_sections=len(sections),
        num_lessons=sum(section.num_lessons for section in sections),
    )


def _edited_section(section: OutlineSection[shapes.CourseLessonDetail]) -> shapes.CourseSectionDetail:
    return shapes.CourseSectionDetail(
        id=section.id,
        name=section.name,
        dripped_at=section.dripped_at,
        drip_delay=section.drip_delay,
        lessons_order=[lesson.id for lesson in section.lessons],
        lessons=section.lessons,
        num_lessons=len(section.lessons),
    )


def dashboard_page(row: cards.CourseRow) -> shapes.CourseDashboard:
    """``view=dashboard``: the members' mean progress."""
    categories = community.of_courses([row.id])[row.id]
    members = {int(completed): number for completed, number in sql.values(PROGRESS, {"course": row.id})}
    return shapes.CourseDashboard(
        **cards.minimal_fields(row, categories),
        avg_completion_rate=rules.mean_rate(members, row.num_lessons),
    )


def new_course_row(author: courses.Author, id: int, values: Mapping[str, Any]) -> cards.CourseRow:
    """The row of a course that its creator made just now, from its columns."""
    standing = {"status": course_rules.CREATOR, "joined_at": None, "num_lessons": 0, "num_completed": 0}
    return courses.made(cards.CourseRow, author, {**values, **standing, "id": id})


def course_card(row: cards.CourseRow, written: courses.Written) -> shapes.Course:
    """The course as its author gets it back from a write. ``row``: as it was before."""
    for name in cards.CourseRow.__struct_fields__:
        if name in written.values:
            setattr(row, name, written.values[name])
    categories = [community.shape(category) for category in written.categories]
    return shapes.Course(**cards.course_fields(row, written.sections, categories))
