"""Lessons: written by the creator and the managers, read by those who may open them."""

from coursewright.api.authentication import require_user
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import LESSON_PATH, SECTION_PATH, list_of, operation, unlisted
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.courses import queries
from coursewright.courses.actions import lessons as actions
from coursewright.courses.serializers import LessonShape
from coursewright.foundation import clock
from coursewright.foundation.caller import Caller
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.learning.queries import lessons
from coursewright.quizzes import api as questions
from coursewright.quizzes.actions.questions import update_lesson
from coursewright.quizzes.queries import lessons as quizzes
from coursewright.quizzes.shapes import CourseLesson


def answered(request: Request, who: Caller, rows: list[lessons.LessonRow], *, managed: bool) -> list[CourseLesson]:
    """Lessons as the caller may see them."""
    return quizzes.lessons_shown(rows, who.id, managed=managed)


class Lessons(ApiView):
    @operation(
        "get_course_lessons",
        "Lessons of a section",
        parameters=SECTION_PATH,
        answers={200: list_of(CourseLesson)},
        errors=(401, 403, 404),
    )
    def get(self, request: Request, id: int, section_id: int) -> Response:
        """All lessons in their order, drafts too, for managers."""
        who = request.caller
        queries.managed(who, id)
        rows = lessons.lessons(id, section_id, who.id)
        return Response(answered(request, who, rows, managed=True))

    @operation(
        "create_a_course_lesson",
        "Create a lesson or a quiz",
        parameters=SECTION_PATH,
        body=LessonShape,
        answers={201: CourseLesson},
        errors=(400, 401, 403, 404),
    )
    def post(self, request: Request, id: int, section_id: int) -> Response:
        """It goes to the end of the section and is a draft unless ``status`` says otherwise."""
        who = request.caller
        queries.require_managed(who, queries.SECTION_EXISTS, course=id, section=section_id)
        given = body(LessonShape, request)
        made = actions.create_lesson(id, section_id, given, at=clock.now(), by=who.id, faults=given.faults)
        row = lessons.lesson_row(id, section_id, made.id, who.id)
        return Response(quizzes.written_lesson(row, made.medias, [], None), status=201)


class LessonDetail(questions.QuestionCreation):
    @unlisted
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """The address that the reference prints for ``create_a_course_question``."""
        return super().post(request, id, section_id, lesson_id)

    @operation(
        "get_course_lesson",
        "A lesson",
        parameters=LESSON_PATH,
        answers={200: CourseLesson},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """For those who may open it: 403 ``not_joined`` or ``lesson_locked`` says why not."""
        who = require_user(request)
        course, row = lessons.open_lesson(who, id, section_id, lesson_id, clock.now())
        return Response(answered(request, who, [row], managed=course.managed)[0])

    @operation(
        "update_a_course_lesson",
        "Update a lesson",
        parameters=LESSON_PATH,
        body=LessonShape,
        answers={200: CourseLesson},
        errors=(400, 401, 403, 404),
    )
    def put(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """Needs ``name`` and ``type``; what is not named keeps its value, ``status`` too."""
        return self._update(request, id, section_id, lesson_id, partial=False)

    @operation(
        "patch_a_course_lesson",
        "Change a lesson",
        parameters=LESSON_PATH,
        body=LessonShape,
        answers={200: CourseLesson},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """Changes what is named."""
        return self._update(request, id, section_id, lesson_id, partial=True)

    def _update(self, request: Request, id: int, section_id: int, lesson_id: int, *, partial: bool) -> Response:
        who = request.caller
        row, last_attempt = quizzes.managed_lesson(who, id, section_id, lesson_id)
        given = body(LessonShape, request, partial=partial)
        written = update_lesson(id, section_id, lesson_id, given, at=clock.now(), by=who.id, faults=given.faults)
        row = lessons.set_columns(row, written.values)
        return Response(quizzes.written_lesson(row, written.medias, written.questions, last_attempt))

    @operation(
        "delete_a_course_lesson",
        "Delete a lesson",
        parameters=LESSON_PATH,
        answers={204: None},
        errors=(401, 403, 404),
    )
    def delete(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """What learners did in it is gone from their figures."""
        who = request.caller
        queries.managed(who, id)
        actions.delete_lesson(id, section_id, lesson_id, at=clock.now(), by=who.id)
        return empty()
