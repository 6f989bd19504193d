"""Courses, sections and lessons as they are answered (schemas.yaml)."""

from typing import Annotated, Literal

import msgspec

from coursewright.accounts.shapes import Author
from coursewright.community.shapes import Category, HeadText
from coursewright.foundation.types import CreatedAt, Instant, doc
from coursewright.media.shapes import ImageBig, ImageBigger, ImageMedium, ImageSmall

Type = Literal["self-paced", "structured", "scheduled"]
Privacy = Literal["", "open", "private", "secret"]
Standing = Literal["creator", "manager", "joined", "invited", "requested"]
LessonType = Literal["lesson", "quiz"]
LessonStatus = Literal["draft", "published"]
CompletionStatus = Literal["uncompleted", "completed", "failed"]

# What is said of a field that comes in too.
TYPE_DOC = (
    "When sections open: at once (`self-paced`), so many days after each person joined (`structured`), or on dates "
    "(`scheduled`)."
)
PRIVACY_DOC = (
    "`open`: everyone sees and may join it. `private`: everyone sees its card, and may ask to join. `secret`: for "
    "members and who is invited. Empty: a draft, for the creator and the managers; a course that was published cannot "
    "be one again."
)
ENFORCED_DOC = "Whether a lesson opens to a learner only when they have completed all before it."
HIDDEN_DOC = "Whether only the creator and the managers see how many members there are, and who they are."
LINK_DOC = "For links on other sites (Open Graph); kept as it is."
LINK_IMAGE_DOC = "For links on other sites (Open Graph): an address, kept as it is."

LinkText = Annotated[str, doc(f"{LINK_DOC} May be empty.")]
JoinStatus = Annotated[Standing | None, doc("How the caller stands to the course; null: in no way.")]
CompletionRate = Annotated[
    int,
    doc(
        "Percent of the published lessons that the caller completed, rounded down; 0 if there are none. In a list of "
        "members it is the member's."
    ),
]
NumPublished = Annotated[int, doc("How many published lessons it has.")]
NumWithDrafts = Annotated[int, doc("How many lessons it has, drafts too.")]
NumCompleted = Annotated[int, doc("How many of its published lessons the caller completed.")]
CourseId = Annotated[int, doc("Id of the course.")]
SectionId = Annotated[int, doc("Id of the section, `section_id` in paths.")]
LessonId = Annotated[int, doc("Id of the lesson, `lesson_id` in paths.")]
LessonName = Annotated[str, doc("Name of the lesson; others may have the same.")]


class CourseMinimal(msgspec.Struct, kw_only=True):
    """A course on a card, and the lock screen of a private one."""

    id: CourseId
    name: Annotated[str, doc("No two courses have the same, whatever its case.")]
    slug: Annotated[str, doc("For addresses; no two courses have the same.")]
    type: Annotated[Type, doc(TYPE_DOC)]
    privacy: Annotated[Privacy, doc(PRIVACY_DOC)]
    hide_member_count: Annotated[bool, doc(HIDDEN_DOC)]
    meta_title: HeadText
    meta_description: HeadText
    og_title: LinkText
    og_description: LinkText
    og_image: Annotated[str, doc(f"{LINK_IMAGE_DOC} May be empty.")]
    image_bigger: ImageBigger
    image_big: ImageBig
    image_medium: ImageMedium
    image_small: ImageSmall
    deleted: Annotated[bool, doc("Always false: a course that was deleted is in no answer.")]
    join_status: JoinStatus
    user_completion_rate: CompletionRate
    created_at: CreatedAt
    created_by: Author
    categories: Annotated[list[Category], doc("The categories that it is in, in their order.")]


class CourseDashboard(CourseMinimal, kw_only=True):
    """``view=dashboard``."""

    avg_completion_rate: Annotated[
        int,
        doc("Percent: the mean over the managers and those who joined, rounded half up; the creator does not count."),
    ]


class Course(CourseMinimal, kw_only=True):
    """A course in a list, and as its author gets it back from a write."""

    description: Annotated[
        str, doc("Plain text. Empty too in a private course of which the caller sees the card only.")
    ]
    enforce_lessons_order: Annotated[bool, doc(ENFORCED_DOC)]
    new_comment_notification_enabled: Annotated[
        bool, doc("Whether the creator and the managers are told of new comments.")
    ]
    sections_order: Annotated[
        list[int],
        doc(
            "Ids of its sections in their order: all of them for the creator and the managers, for others those that "
            "have a published lesson; empty in a private course of which the caller sees the card only."
        ),
    ]


class CourseWithMemberCount(Course, kw_only=True):
    """A course of a person; the count is null where it is hidden from the caller."""

    member_count: Annotated[
        int | None,
        doc(
            "How many managers and joined there are, the creator not among them; null where `hide_member_count` is "
            "true, but for the creator and the managers."
        ),
    ]


class CourseLessonDetail(msgspec.Struct):
    """A lesson in the outline."""

    id: LessonId
    name: LessonName
    type: Annotated[LessonType, doc("A `quiz` has questions beside its text.")]
    status: Annotated[LessonStatus, doc("A `draft` is for the creator and the managers alone.")]
    comments_enabled: Annotated[bool, doc("Whether anybody may comment; when not, its list of comments is empty.")]
    completion_status: Annotated[
        CompletionStatus,
        doc("The caller's. A quiz is `completed` once an attempt passed, `failed` after attempts that did not."),
    ]


class CourseUserLessonDetail(CourseLessonDetail):
    """A lesson in the outline of ``view=user``."""

    locked: Annotated[
        bool,
        doc(
            "Whether the caller may not open it now: they did not join, its section has not opened, or a lesson before "
            "it must be completed first. Never for the creator and the managers."
        ),
    ]


class CourseSection(msgspec.Struct, kw_only=True):
    """A section with the order of its lessons."""

    id: SectionId
    name: Annotated[str, doc("Name of the section; others may have the same.")]
    dripped_at: Annotated[
        Instant | None,
        doc("When it opens to learners in a `scheduled` course, UTC; null: never. Other courses do not look at it."),
    ]
    drip_delay: Annotated[
        int,
        doc(
            "How many days, of 24 hours, after they joined it opens to each learner in a `structured` course. Other "
            "courses do not look at it."
        ),
    ]
    lessons_order: Annotated[
        list[int],
        doc(
            "Ids of its lessons in their order: all of them for the creator and the managers, for others the published."
        ),
    ]


class CourseSectionDetail(CourseSection, kw_only=True):
    """A section in the outline of ``view=edit``."""

    lessons: Annotated[list[CourseLessonDetail], doc("All its lessons in their order, drafts too.")]
    num_lessons: NumWithDrafts


class CourseUserSectionDetail(CourseSection, kw_only=True):
    """A section in the outline of ``view=user``."""

    available_date: Annotated[
        Instant | None,
        doc(
            "When it opens, UTC: `dripped_at` in a `scheduled` course; in a `structured` one `drip_delay` days after "
            "the caller joined, null if they did not; null in a `self-paced` one."
        ),
    ]
    locked: Annotated[
        bool,
        doc(
            "Whether its date has not come, or is not set. Never for the creator and the managers, nor in a "
            "`structured` course for who did not join."
        ),
    ]
    num_lessons: NumPublished
    num_lessons_completed: NumCompleted
    lessons: Annotated[list[CourseUserLessonDetail], doc("Its published lessons in their order.")]


class CourseDetail(Course, kw_only=True):
    """``view=edit``."""

    sections: Annotated[list[CourseSectionDetail], doc("All its sections in their order.")]
    num_lessons: NumWithDrafts
    num_sections: Annotated[int, doc("How many sections it has.")]


class CourseUserDetail(Course, kw_only=True):
    """``view=user``."""

    sections: Annotated[
        list[CourseUserSectionDetail], doc("Its sections that have a published lesson, in their order.")
    ]
    num_lessons: NumPublished
    num_sections: Annotated[int, doc("How many sections it has that have a published lesson.")]
    num_lessons_completed: NumCompleted
