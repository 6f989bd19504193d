"""Questions, attempts and the quiz dashboard: the operations."""

from coursewright.api.authentication import require_user
from coursewright.api.parsers import MAX_BODY_WITH_IMAGE
from coursewright.api.queries import Query, page
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, LESSON_PATH, LIMIT, OFFSET, in_path, list_of, operation, page_of, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.foundation import clock
from coursewright.foundation.errors import NotFound
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.learning.queries import lessons
from coursewright.quizzes import examples, rules, shapes
from coursewright.quizzes.actions.attempts import make_attempt
from coursewright.quizzes.actions.questions import create_question, delete_question, update_question
from coursewright.quizzes.errors import NotAQuiz, QuizHasNoQuestions
from coursewright.quizzes.queries import attempts, questions
from coursewright.quizzes.serializers import AttemptShape, QuestionShape, responses

QUESTION_PATH = (*LESSON_PATH, in_path("question_id", "Id of the question."))
ATTEMPT_PATH = (*LESSON_PATH, in_path("attempt_id", "Id of the attempt."))


class QuestionCreation(ApiView):
    """The reference prints ``POST`` to the lesson's own path; its clients use ``question/``. Both are the same."""

    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "create_a_course_question",
        "Create a question",
        parameters=LESSON_PATH,
        body=QuestionShape,
        answers={201: shapes.CourseQuestion},
        errors=(400, 401, 403, 404, NotAQuiz),
        examples=(examples.NEW_QUESTION,),
    )
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """It goes to the end of the quiz."""
        who = request.caller
        courses.require_managed(who, courses.LESSON_EXISTS, course=id, section=section_id, lesson=lesson_id)
        given = body(QuestionShape, request)
        made = create_question(lesson_id, given, at=clock.now(), by=who.id, faults=given.faults)
        return Response(questions.shown(made, managed=True), status=201)


class Questions(QuestionCreation):
    @operation(
        "get_course_questions",
        "Questions of a quiz",
        parameters=LESSON_PATH,
        answers={200: list_of(shapes.CourseQuestion)},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """For those who may open the lesson. ``correct`` of an answer is for managers only."""
        who = require_user(request)
        course, _ = lessons.open_lesson(who, id, section_id, lesson_id, clock.now())
        found = questions.of_lessons([lesson_id]).get(lesson_id, [])
        return Response([questions.shown(question, managed=course.managed) for question in found])


class QuestionDetail(ApiView):
    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "get_course_question",
        "A question",
        parameters=QUESTION_PATH,
        answers={200: shapes.CourseQuestion},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int, question_id: int) -> Response:
        """For those who may open the lesson. ``correct`` of an answer is for managers only."""
        who = require_user(request)
        course, _ = lessons.open_lesson(who, id, section_id, lesson_id, clock.now())
        found = questions.one(lesson_id, question_id)
        return Response(questions.shown(found, managed=course.managed))

    @operation(
        "update_a_course_question",
        "Update a question",
        parameters=QUESTION_PATH,
        body=QuestionShape,
        answers={200: shapes.CourseQuestion},
        errors=(400, 401, 403, 404),
    )
    def put(self, request: Request, id: int, section_id: int, lesson_id: int, question_id: int) -> Response:
        """``answers`` replaces the list; an answer sent with the id it has keeps it."""
        return self._update(request, id, section_id, lesson_id, question_id, partial=False)

    @operation(
        "patch_a_course_question",
        "Change a question",
        parameters=QUESTION_PATH,
        body=QuestionShape,
        answers={200: shapes.CourseQuestion},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int, section_id: int, lesson_id: int, question_id: int) -> Response:
        """Changes what is named; ``answers`` replaces the list."""
        return self._update(request, id, section_id, lesson_id, question_id, partial=True)

    def _update(
        self, request: Request, id: int, section_id: int, lesson_id: int, question_id: int, *, partial: bool
    ) -> Response:
        who = request.caller
        place = {"course": id, "section": section_id, "lesson": lesson_id, "question": question_id}
        courses.require_managed(who, questions.EXISTS, **place)
        given = body(QuestionShape, request, partial=partial)
        now = clock.now()
        changed = update_question(lesson_id, question_id, given, at=now, by=who.id, faults=given.faults)
        return Response(questions.shown(changed, managed=True))

    @operation(
        "delete_a_course_question",
        "Delete a question",
        parameters=QUESTION_PATH,
        answers={204: None},
        errors=(401, 403, 404),
    )
    def delete(self, request: Request, id: int, section_id: int, lesson_id: int, question_id: int) -> Response:
        """Attempts that were made keep it as it was."""
        who = request.caller
        place = {"course": id, "section": section_id, "lesson": lesson_id, "question": question_id}
        courses.require_managed(who, questions.EXISTS, **place)
        delete_question(lesson_id, question_id, at=clock.now(), by=who.id)
        return empty()


class Attempts(ApiView):
    @operation(
        "make_course_quiz_attempt",
        "Make an attempt",
        parameters=LESSON_PATH,
        body=AttemptShape,
        answers={200: shapes.CourseAttempt},
        errors=(400, 401, 404, NotJoined, LessonLocked, QuizHasNoQuestions, NotAQuiz),
        examples=(examples.ATTEMPT, examples.GRADED),
    )
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """Answers every question once; the answer says which were right, and the grade."""
        who = require_user(request)
        now = clock.now()
        course, _ = lessons.open_lesson(who, id, section_id, lesson_id, now)
        given = body(AttemptShape, request)
        given.faults.settle()
        row = make_attempt(id, lesson_id, who.id, responses(given), at=now)
        return Response(attempts.shown(row, managed=course.managed))


class AttemptDetail(ApiView):
    @operation(
        "get_course_attempt",
        "An attempt",
        parameters=ATTEMPT_PATH,
        answers={200: shapes.CourseAttempt},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int, attempt_id: int) -> Response:
        """For who made it, while they may open the lesson, and for managers."""
        who = require_user(request)
        course, _ = lessons.open_lesson(who, id, section_id, lesson_id, clock.now())
        row = attempts.one(lesson_id, attempt_id)
        if not rules.may_read_attempt(row.author_id, who.id, course.managed):
            raise NotFound
        return Response(attempts.shown(row, managed=course.managed))


class QuizDashboard(ApiView):
    @operation(
        "get_course_dashboard_quiz",
        "Attempts of the members",
        parameters=(
            ID,
            LIMIT,
            OFFSET,
            parameter("search", str, "In people's and lessons' names."),
            parameter(
                "statuses", str, "Standings (manager and joined if not given).", course_rules.STANDINGS, many=True
            ),
        ),
        answers={200: page_of(shapes.CourseQuizDashboard)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """One row for each attempt, newest first, for managers."""
        courses.managed(request.caller, id)
        query = Query(request)
        window, search = query.window(), query.text("search")
        statuses = query.choices("statuses", course_rules.STANDINGS, course_rules.MEMBERS)
        query.settle()
        count, found = attempts.dashboard(id, statuses=statuses, search=search, **window._asdict())
        return Response(page(request, window, count, found))
