"""Questions, attempts and lessons with them, as they are answered (schemas.yaml).

A key that is not for the reader is left out, not null.
"""

from typing import Annotated

import msgspec

from coursewright.accounts.shapes import Author, UserMinimal
from coursewright.courses.shapes import (
    CompletionStatus,
    CourseId,
    CourseLessonDetail,
    LessonId,
    LessonName,
    SectionId,
)
from coursewright.foundation.types import Address, CreatedAt, Html, Instant, doc
from coursewright.media.shapes import Medias
from coursewright.quizzes.rules import Type

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET

TYPE_DOC = "Of a `single_choice` exactly one answer is correct, of a `multi_choice` at least one."

AttemptId = Annotated[int, doc("Id of the attempt, `attempt_id` in paths.")]
AttemptedAt = Annotated[Instant, doc("When the attempt was made, UTC.")]
Learner = Annotated[UserMinimal, doc("Who made the attempt.")]
Grade = Annotated[int, doc("Percent of the questions that were answered right, rounded half up.")]
Result = Annotated[
    CompletionStatus, doc("`completed` when the grade reached `passing_grade`, else `failed`; never `uncompleted`.")
]


class CourseQuestionAnswer(msgspec.Struct, kw_only=True):
    """An option. ``correct`` is there for managers only, ``selected`` only inside an attempt."""

    id: Annotated[int, doc("Id of the answer, as `selected_options` of an attempt takes it.")]
    text: Annotated[str, doc("What it says, plain text.")]
    correct: Annotated[
        bool | Unset, doc("Whether it is right. For the creator and the managers; absent for everyone else.")
    ] = UNSET
    selected: Annotated[bool | Unset, doc("Whether it was selected. Inside an attempt; absent elsewhere.")] = UNSET


class CourseQuestion(msgspec.Struct, kw_only=True):
    """``correct`` only inside an attempt: whether it was answered right."""

    id: Annotated[int, doc("Id of the question, `question_id` in paths.")]
    type: Annotated[Type, doc(TYPE_DOC)]
    image: Annotated[Address | None, doc("Address of its picture, which is square; null: it has none.")]
    text: Annotated[str, doc("What is asked, plain text.")]
    answers: Annotated[list[CourseQuestionAnswer], doc("Its answers in their order, at least two.")]
    correct: Annotated[
        bool | Unset,
        doc(
            "Whether it was answered right: all the correct answers and no other. Inside an attempt; absent elsewhere."
        ),
    ] = UNSET


class QuizAttempt(msgspec.Struct, kw_only=True):
    """The quiz as it was at the attempt. ``grade`` and ``passing_grade`` are percent, 0 to 100."""

    grade: Grade
    result: Result
    questions: Annotated[list[CourseQuestion], doc("The questions as they were, with what was selected.")]
    num_attempts: Annotated[int, doc("How many attempts the person had made at this quiz, this one among them.")]
    passing_grade: Annotated[int, doc("How many percent had to be right to pass, at the time.")]
    correct_responses: Annotated[int, doc("How many questions were answered right.")]


class CourseAttempt(msgspec.Struct, kw_only=True):
    """A person's attempt at a quiz; it stays as it was, whatever is edited later."""

    id: AttemptId
    created_at: AttemptedAt
    lesson_id: LessonId
    user: Learner
    quiz_attempt: Annotated[QuizAttempt, doc("The quiz as it was, what was answered, and how it went.")]


class CourseLesson(CourseLessonDetail, kw_only=True):
    """A lesson with its text, and with its questions when it is a quiz."""

    course_id: CourseId
    section_id: SectionId
    html: Html
    created_at: CreatedAt
    created_by: Author
    passing_grade: Annotated[
        int,
        doc("How many percent of the questions must be right for an attempt to pass. A plain lesson does not use it."),
    ]
    medias: Medias
    questions: Annotated[list[CourseQuestion], doc("The questions of a quiz in their order; empty for a plain lesson.")]
    last_attempt: Annotated[
        CourseAttempt | None, doc("The caller's latest attempt; null: there is none, or it is a plain lesson.")
    ]


class CourseQuizDashboard(msgspec.Struct, kw_only=True):
    """One attempt in the dashboard; ``name`` is the lesson's."""

    id: AttemptId
    course_id: CourseId
    section_id: SectionId
    lesson_id: LessonId
    name: LessonName
    created_at: AttemptedAt
    grade: Grade
    result: Result
    user: Learner


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
