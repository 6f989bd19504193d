"""Completing lessons."""

from coursewright.api.authentication import require_user
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import LESSON_PATH, operation
from coursewright.api.views import ApiView
from coursewright.foundation import clock
from coursewright.learning.actions import completions
from coursewright.learning.errors import LessonLocked, NotJoined, QuizNeedsAttempt
from coursewright.learning.queries import lessons


class Complete(ApiView):
    @operation(
        "mark_complete_a_course_lesson",
        "Complete a lesson",
        parameters=LESSON_PATH,
        answers={204: None},
        errors=(401, 404, NotJoined, LessonLocked, QuizNeedsAttempt),
    )
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """Marks the lesson completed by the caller. Again is fine. A quiz is completed by passing it."""
        who = require_user(request)
        now = clock.now()
        lessons.open_lesson(who, id, section_id, lesson_id, now)
        completions.complete_lesson(id, lesson_id, who.id, at=now)
        return empty()


class Incomplete(ApiView):
    @operation(
        "mark_incomplete_a_course_lesson",
        "Take a completion back",
        parameters=LESSON_PATH,
        answers={204: None},
        errors=(401, 404, NotJoined, LessonLocked, QuizNeedsAttempt),
    )
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """Marks the lesson not completed. Again is fine. Not for quizzes: one that was passed stays completed."""
        who = require_user(request)
        now = clock.now()
        lessons.open_lesson(who, id, section_id, lesson_id, now)
        completions.uncomplete_lesson(id, lesson_id, who.id, at=now)
        return empty()
