"""Courses: making, reading, changing, deleting."""

from coursewright.api.authentication import require_user
from coursewright.api.parsers import MAX_BODY_WITH_IMAGE
from coursewright.api.queries import Query
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, one_of, operation, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.community.queries import may_create_courses
from coursewright.courses import queries, shapes
from coursewright.courses.actions import courses as actions
from coursewright.courses.api import examples
from coursewright.courses.api.lists import JoinedCourses
from coursewright.courses.serializers import CourseShape
from coursewright.foundation import clock
from coursewright.foundation.errors import PermissionDenied
from coursewright.learning.queries import pages

VIEWS = ("user", "edit", "dashboard")


class Courses(JoinedCourses):
    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "create_a_course",
        "Create a course",
        body=CourseShape,
        answers={201: shapes.Course},
        errors=(400, 401, 403),
        examples=(examples.NEW_COURSE, examples.COURSE),
    )
    def post(self, request: Request) -> Response:
        """The caller becomes its creator. It is a draft until ``privacy`` is set."""
        who = require_user(request)
        if not may_create_courses(who):
            raise PermissionDenied
        given = body(CourseShape, request)
        made = actions.create_course(given, at=clock.now(), by=who.id, faults=given.faults)
        row = pages.new_course_row(made.author, made.course.id, made.course.values)
        return Response(pages.course_card(row, made.course), status=201)


class CourseDetail(ApiView):
    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "get_course_info",
        "A course",
        parameters=(
            ID,
            parameter("view", str, "`user` if not given; `edit` and `dashboard` are for managers.", VIEWS),
            parameter("user", int, "Answer as this person would get it; for managers."),
        ),
        answers={
            200: one_of(shapes.CourseUserDetail, shapes.CourseDetail, shapes.CourseDashboard, shapes.CourseMinimal)
        },
        errors=(400, 401, 403, 404),
        public=True,
    )
    def get(self, request: Request, id: int) -> Response:
        """What the caller may see: of a private course, who did not join gets the lock screen (``course_minimal``)."""
        who = request.caller
        row = pages.course_row(who, id)
        query = Query(request)
        view = query.text("view") or "user"
        if (view in ("edit", "dashboard") or "user" in query.given) and not row.managed:
            raise PermissionDenied
        query.choice("view", VIEWS, "user")
        user = query.number("user")
        if "user" in query.given and view != "user":
            query.faults.add("user", "invalid", "Goes with view=user only.")
        query.settle()
        if "user" in query.given:
            seen = pages.course_row_as(user or 0, id)
            return Response(pages.user_page(seen, user or 0, clock.now()))
        if view == "edit":
            return Response(pages.edit_page(row, who.id))
        if view == "dashboard":
            return Response(pages.dashboard_page(row))
        return Response(pages.user_page(row, who.id, clock.now()))

    @operation(
        "update_a_course",
        "Update a course",
        parameters=(ID,),
        body=CourseShape,
        answers={200: shapes.Course},
        errors=(400, 401, 403, 404),
    )
    def put(self, request: Request, id: int) -> Response:
        """Needs ``name`` and ``type``; what is not named keeps its value."""
        return self._update(request, id, partial=False)

    @operation(
        "patch_a_course",
        "Change a course",
        parameters=(ID,),
        body=CourseShape,
        answers={200: shapes.Course},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int) -> Response:
        """Changes what is named."""
        return self._update(request, id, partial=True)

    def _update(self, request: Request, id: int, *, partial: bool) -> Response:
        who = require_user(request)
        row = pages.course_row(who, id)
        if not row.managed:
            raise PermissionDenied
        given = body(CourseShape, request, partial=partial)
        written = actions.update_course(id, given, at=clock.now(), by=who.id, faults=given.faults)
        return Response(pages.course_card(row, written))

    @operation("delete_a_course", "Delete a course", parameters=(ID,), answers={204: None}, errors=(401, 403, 404))
    def delete(self, request: Request, id: int) -> Response:
        """It is gone for everyone; an administrator can restore it."""
        who = request.caller
        queries.managed(who, id)
        actions.delete_course(id, at=clock.now(), by=who.id)
        return empty()
