"""Refusals of learning."""

from coursewright.foundation.errors import Refusal


class NotJoined(Refusal):
    """Someone who did not join asks for what is inside a course they can see."""

    status = 403
    code = "not_joined"
    message = "Join the course first."


class LessonLocked(Refusal):
    """The lesson is closed to the learner; the message says why, and when it opens or what comes first."""

    status = 403
    code = "lesson_locked"
    message = "This lesson is locked."


class QuizNeedsAttempt(Refusal):
    """A quiz is completed by passing it, and by nothing else; what was passed stays so."""

    status = 400
    code = "quiz_needs_attempt"
    message = "A quiz is completed by passing it."


class CreatorStays(Refusal):
    """The creator's standing cannot be changed."""

    status = 403
    code = "permission_denied"
    message = "The creator of a course cannot leave it or be given another role."
