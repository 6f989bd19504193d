"""Questions, attempts and lessons with them, as they are answered (schemas.yaml).

A key that is not for the reader is left out, not null.
"""

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.courses.shapes import CompletionStatus, CourseLessonDetail
from coursewright.foundation.types import Address, Instant
from coursewright.media.shapes import Media
from coursewright.quizzes.rules import Type

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class CourseQuestionAnswer(msgspec.Struct, kw_only=True):
    """An option. ``correct`` is there for managers only, ``selected`` only inside an attempt."""

    id: int
    text: str
    correct: bool | Unset = UNSET
    selected: bool | Unset = UNSET


class CourseQuestion(msgspec.Struct, kw_only=True):
    """``correct`` only inside an attempt: whether it was answered right."""

    id: int
    type: Type
    image: Address | None
    text: str
    answers: list[CourseQuestionAnswer]
    correct: bool | Unset = UNSET


class QuizAttempt(msgspec.Struct, kw_only=True):
    """The quiz as it was at the attempt. ``grade`` and ``passing_grade`` are percent, 0 to 100."""

    grade: int
    result: CompletionStatus
    questions: list[CourseQuestion]
    num_attempts: int
    passing_grade: int
    correct_responses: int


class CourseAttempt(msgspec.Struct, kw_only=True):
    """A person's attempt at a quiz; it stays as it was, whatever is edited later."""

    id: int
    created_at: Instant
    lesson_id: int
    user: UserMinimal
    quiz_attempt: QuizAttempt


class CourseLesson(CourseLessonDetail, kw_only=True):
    """A lesson with its text, and with its questions when it is a quiz."""

    course_id: int
    section_id: int
    html: str
    created_at: Instant
    created_by: UserMinimal
    passing_grade: int
    medias: list[Media]
    questions: list[CourseQuestion]
    last_attempt: CourseAttempt | None


class CourseQuizDashboard(msgspec.Struct, kw_only=True):
    """One attempt in the dashboard; ``name`` is the lesson's."""

    id: int
    course_id: int
    section_id: int
    lesson_id: int
    name: str
    created_at: Instant
    grade: int
    result: CompletionStatus
    user: UserMinimal


class Snapshot(msgspec.Struct):
    """A question as an attempt keeps it: with its key, what was selected, and whether that was right."""

    id: int
    type: Type
    text: str
    image: str
    answers: list["SnapshotAnswer"]
    correct: bool


class SnapshotAnswer(msgspec.Struct):
    id: int
    text: str
    correct: bool
    selected: bool
