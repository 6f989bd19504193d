"""Courses, sections and lessons as they are answered (schemas.yaml)."""

from typing import Literal

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.community.shapes import Category
from coursewright.foundation.types import Address, Instant

Type = Literal["self-paced", "structured", "scheduled"]
Privacy = Literal["", "open", "private", "secret"]
Standing = Literal["creator", "manager", "joined", "invited", "requested"]
LessonType = Literal["lesson", "quiz"]
LessonStatus = Literal["draft", "published"]
CompletionStatus = Literal["uncompleted", "completed", "failed"]


class CourseMinimal(msgspec.Struct, kw_only=True):
    """A course on a card, and the lock screen of a private one."""

    id: int
    name: str
    slug: str
    type: Type
    privacy: Privacy
    hide_member_count: bool
    meta_title: str
    meta_description: str
    og_title: str
    og_description: str
    og_image: str
    image_bigger: Address
    image_big: Address
    image_medium: Address
    image_small: Address
    deleted: bool
    join_status: Standing | None
    user_completion_rate: int
    created_at: Instant
    created_by: UserMinimal
    categories: list[Category]


class CourseDashboard(CourseMinimal, kw_only=True):
    """``view=dashboard``."""

    avg_completion_rate: int


class Course(CourseMinimal, kw_only=True):
    """A course in a list, and as its author gets it back from a write."""

    description: str
    enforce_lessons_order: bool
    new_comment_notification_enabled: bool
    sections_order: list[int]


class CourseWithMemberCount(Course, kw_only=True):
    """A course of a person; the count is null where it is hidden from the caller."""

    member_count: int | None


class CourseLessonDetail(msgspec.Struct):
    """A lesson in the outline."""

    id: int
    name: str
    type: LessonType
    status: LessonStatus
    comments_enabled: bool
    completion_status: CompletionStatus


class CourseUserLessonDetail(CourseLessonDetail):
    """A lesson in the outline of ``view=user``."""

    locked: bool


class CourseSection(msgspec.Struct, kw_only=True):
    """A section with the order of its lessons."""

    id: int
    name: str
    dripped_at: Instant | None
    drip_delay: int
    lessons_order: list[int]


class CourseSectionDetail(CourseSection, kw_only=True):
    """A section in the outline of ``view=edit``."""

    lessons: list[CourseLessonDetail]
    num_lessons: int


class CourseUserSectionDetail(CourseSection, kw_only=True):
    """A section in the outline of ``view=user``."""

    available_date: Instant | None
    locked: bool
    num_lessons: int
    num_lessons_completed: int
    lessons: list[CourseUserLessonDetail]


class CourseDetail(Course, kw_only=True):
    """``view=edit``."""

    sections: list[CourseSectionDetail]
    num_lessons: int
    num_sections: int


class CourseUserDetail(Course, kw_only=True):
    """``view=user``."""

    sections: list[CourseUserSectionDetail]
    num_lessons: int
    num_sections: int
    num_lessons_completed: int
