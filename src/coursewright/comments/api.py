"""Comments: the operations."""

from coursewright.api.authentication import require_user
from coursewright.api.queries import Query, page
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, LESSON_PATH, LIMIT, OFFSET, in_path, operation, page_of, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.comments import actions, examples, queries, rules, shapes
from coursewright.comments.errors import CommentsDisabled
from coursewright.comments.serializers import CommentShape
from coursewright.courses import queries as courses
from coursewright.foundation import clock
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import PermissionDenied
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.learning.queries import lessons

PATH = (*LESSON_PATH, in_path("comment_id", "Id of the comment."))


class CourseComments(ApiView):
    @operation(
        "get_course_comments",
        "Comments of a course",
        parameters=(ID, LIMIT, OFFSET),
        answers={200: page_of(shapes.CourseComment)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """First-level comments in the order of the lessons, each with its replies and its place, for managers."""
        courses.managed(request.caller, id)
        query = Query(request)
        window = query.window()
        query.settle()
        count, found = queries.of_course(id, **window._asdict())
        return Response(page(request, window, count, found))


class LessonComments(ApiView):
    @operation(
        "get_course_lesson_comments",
        "Comments of a lesson",
        parameters=(
            *LESSON_PATH,
            LIMIT,
            OFFSET,
            parameter("parent", int, "The replies to this comment."),
            parameter("ordering", str, "`created_at` or `added_at`, with `-` for descending.", list(queries.ORDERINGS)),
        ),
        answers={200: page_of(shapes.CourseComment)},
        errors=(400, 401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """First-level comments with their latest reply, or the replies to one. An empty page when comments are off."""
        who = require_user(request)
        _, lesson = lessons.open_lesson(who, id, section_id, lesson_id, clock.now())
        query = Query(request)
        window, parent = query.window(), query.number("parent")
        ordering = query.choice("ordering", queries.ORDERINGS, queries.DEFAULT_ORDERING)
        query.settle()
        if not lesson.comments_enabled:
            return Response(page(request, window, 0, []))
        count, found = queries.of_lesson(id, lesson_id, parent=parent, ordering=ordering, **window._asdict())
        return Response(page(request, window, count, found))

    @operation(
        "create_a_course_comment",
        "Comment on a lesson",
        parameters=LESSON_PATH,
        body=CommentShape,
        answers={201: shapes.CourseComment},
        errors=(400, 401, 404, NotJoined, LessonLocked, CommentsDisabled),
        examples=(examples.NEW_COMMENT, examples.REPLY),
    )
    def post(self, request: Request, id: int, section_id: int, lesson_id: int) -> Response:
        """For those who may open the lesson; 403 ``comments_disabled`` when comments are off. Needs a text or media."""
        who = require_user(request)
        now = clock.now()
        writer = queries.open_writer(who, id, section_id, lesson_id, now)
        if not writer.comments_enabled:
            raise CommentsDisabled
        given = body(CommentShape, request)
        made = actions.create_comment(id, lesson_id, given, at=now, by=who.id, faults=given.faults)
        return Response(queries.new_comment(made.id, writer, made.values, made.medias), status=201)


class CommentDetail(ApiView):
    @operation(
        "get_course_comment",
        "A comment",
        parameters=PATH,
        answers={200: shapes.CourseComment},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int, section_id: int, lesson_id: int, comment_id: int) -> Response:
        """For those who may open the lesson."""
        who = require_user(request)
        _, row = queries.open_comment(who, id, section_id, lesson_id, comment_id, clock.now())
        return Response(queries.comment(row))

    @operation(
        "update_a_course_comment",
        "Update a comment",
        parameters=PATH,
        body=CommentShape,
        answers={200: shapes.CourseComment},
        errors=(400, 401, 403, 404, NotJoined, LessonLocked),
    )
    def put(self, request: Request, id: int, section_id: int, lesson_id: int, comment_id: int) -> Response:
        """For its author, while they may open the lesson, and for managers.

        ``parent`` and ``in_reply_to`` are ignored: a comment keeps its place.
        """
        return self._update(request, id, section_id, lesson_id, comment_id)

    @operation(
        "patch_a_course_comment",
        "Change a comment",
        parameters=PATH,
        body=CommentShape,
        answers={200: shapes.CourseComment},
        errors=(400, 401, 403, 404, NotJoined, LessonLocked),
    )
    def patch(self, request: Request, id: int, section_id: int, lesson_id: int, comment_id: int) -> Response:
        """For its author, while they may open the lesson, and for managers.

        ``parent`` and ``in_reply_to`` are ignored: a comment keeps its place.
        """
        return self._update(request, id, section_id, lesson_id, comment_id)

    def _update(self, request: Request, id: int, section_id: int, lesson_id: int, comment_id: int) -> Response:
        who = require_user(request)
        row = self._writable(who, id, section_id, lesson_id, comment_id)
        given = body(CommentShape, request, partial=True)
        row.html = actions.update_comment(lesson_id, comment_id, given, at=clock.now(), by=who.id, faults=given.faults)
        return Response(queries.comment(row))

    @operation(
        "delete_a_course_comment",
        "Delete a comment",
        parameters=PATH,
        answers={204: None},
        errors=(401, 403, 404, NotJoined, LessonLocked),
    )
    def delete(self, request: Request, id: int, section_id: int, lesson_id: int, comment_id: int) -> Response:
        """With its replies. For its author, while they may open the lesson, and for managers."""
        who = require_user(request)
        self._writable(who, id, section_id, lesson_id, comment_id)
        actions.delete_comment(lesson_id, comment_id, at=clock.now(), by=who.id)
        return empty()

    def _writable(self, who: Caller, id: int, section_id: int, lesson_id: int, comment_id: int) -> queries.ThreadRow:
        """The comment, for its author and for managers. Others: PermissionDenied."""
        course, row = queries.open_comment(who, id, section_id, lesson_id, comment_id, clock.now())
        if not rules.may_write(row.author_id, who.id, course.managed):
            raise PermissionDenied
        return row
