"""Joining, leaving, inviting, roles: how people stand to a course."""

from coursewright.accounts.shapes import User, UserBrief, UserMinimal
from coursewright.api.authentication import require_user
from coursewright.api.queries import Query, page
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, LIMIT, OFFSET, example, one_of, operation, page_of, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses.api import examples
from coursewright.courses.shapes import CourseMinimal, CourseUserDetail
from coursewright.foundation import clock
from coursewright.foundation.errors import NotFound, PermissionDenied
from coursewright.learning.actions import standings
from coursewright.learning.queries import members, pages
from coursewright.learning.serializers import RolesShape, UsersShape
from coursewright.learning.shapes import CourseStatus, CourseUserDashboard

STATUSES = parameter("statuses", str, "Standings.", course_rules.STANDINGS, many=True)
SEARCH = parameter("search", str, "In username or real name.")


class Join(ApiView):
    @operation(
        "get_course_joined_users",
        "Members",
        parameters=(
            ID,
            LIMIT,
            OFFSET,
            parameter(
                "statuses", str, "Standings (manager and joined if not given).", course_rules.LEARNERS, many=True
            ),
        ),
        answers={200: page_of(UserMinimal)},
        errors=(400, 401, 403, 404),
        public=True,
    )
    def get(self, request: Request, id: int) -> Response:
        """For everyone who can see the course; for managers only when ``hide_member_count`` is on."""
        course = courses.access(request.caller, id)
        if course.hide_member_count and not course.managed:
            raise PermissionDenied
        query = Query(request)
        window = query.window()
        statuses = query.choices("statuses", course_rules.LEARNERS, course_rules.MEMBERS)
        query.settle()
        count, people = members.joined_users(id, statuses=statuses, **window._asdict())
        return Response(page(request, window, count, people))

    @operation(
        "join_or_accept_invite_to_course",
        "Join a course",
        parameters=(ID,),
        answers={200: one_of(CourseUserDetail, CourseMinimal)},
        errors=(401, 404),
        examples=(examples.JOINED, examples.ASKED),
    )
    def post(self, request: Request, id: int) -> Response:
        """Joins an open course, asks to join a private one, accepts an invitation.

        The answer is what ``GET`` of the course answers from then on: the lock screen while the request waits.
        """
        who = require_user(request)
        course = pages.course_row(who, id)
        now = clock.now()
        member = standings.join(id, course.privacy, who.id, at=now)
        course.status, course.joined_at = member.status, member.joined_at
        if course_rules.seen(course.privacy, course.status) is None:  # the invitation was taken back meanwhile
            raise NotFound
        return Response(pages.user_page(course, who.id, now))

    @operation(
        "leave_a_course",
        "Leave a course",
        parameters=(ID, parameter("user", int, "Whom a manager removes; the caller if not given.")),
        answers={204: None},
        errors=(400, 401, 403, 404),
    )
    def delete(self, request: Request, id: int) -> Response:
        """Leaves, takes a request back, declines an invitation; with ``user``, a manager removes that person."""
        who = require_user(request)
        course = courses.access(who, id)
        query = Query(request)
        if "user" not in query.given:
            standings.leave(id, who.id, at=clock.now(), by=who.id)
            return empty()
        if not course.managed:
            raise PermissionDenied
        user = query.number("user")
        query.settle()
        if user is None or not members.known(id, [user]):
            raise NotFound
        standings.leave(id, user, at=clock.now(), by=who.id)
        return empty()


class Invite(ApiView):
    @operation(
        "get_course_invited_users",
        "Invited people",
        parameters=(ID, LIMIT, OFFSET),
        answers={200: page_of(UserBrief)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """For managers."""
        courses.managed(request.caller, id)
        query = Query(request)
        window = query.window()
        query.settle()
        count, people = members.invited_users(id, **window._asdict())
        return Response(page(request, window, count, people))

    @operation(
        "invite_users_to_course",
        "Invite people",
        parameters=(ID,),
        body=UsersShape,
        answers={204: None},
        errors=(400, 401, 403, 404),
    )
    def post(self, request: Request, id: int) -> Response:
        """Invites; whoever asked to join is let in."""
        who = request.caller
        courses.managed(who, id)
        given = body(UsersShape, request)
        given.faults.settle()
        standings.invite(id, given["users"], at=clock.now(), by=who.id)
        return empty()

    @operation(
        "remove_invitation_to_course",
        "Take invitations back",
        parameters=(ID,),
        body=UsersShape,
        answers={204: None},
        errors=(400, 401, 403, 404),
    )
    def delete(self, request: Request, id: int) -> Response:
        """The body names whose."""
        who = request.caller
        courses.managed(who, id)
        given = body(UsersShape, request)
        given.faults.settle()
        standings.uninvite(id, given["users"], at=clock.now(), by=who.id)
        return empty()


class Role(ApiView):
    @operation(
        "change_user_role_course",
        "Change roles",
        parameters=(ID,),
        body=RolesShape,
        answers={204: None},
        errors=(400, 401, 403, 404),
        examples=(
            example("Make a manager", {"managers": [13]}),
            example("Put people in, and one out", {"joined": [14, 15], "unjoined": [16]}),
        ),
    )
    def post(self, request: Request, id: int) -> Response:
        """Makes managers, puts people in (without an invitation) and out, all or nothing."""
        who = request.caller
        courses.managed(who, id)
        given = body(RolesShape, request)
        standings.change_roles(id, given, at=clock.now(), by=who.id, faults=given.faults)
        return empty()


class Status(ApiView):
    @operation(
        "get_course_status",
        "The caller's standing",
        parameters=(ID,),
        answers={200: CourseStatus},
        errors=(401, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """How the caller stands to the course."""
        return Response(CourseStatus(courses.access(require_user(request), id).status))


class RequestJoin(ApiView):
    @operation(
        "get_course_users_to_approve",
        "People who asked to join",
        parameters=(ID, LIMIT, OFFSET, SEARCH),
        answers={200: page_of(User)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """For managers. Let them in with ``POST invite/``."""
        courses.managed(request.caller, id)
        query = Query(request)
        window, search = query.window(), query.text("search")
        query.settle()
        count, people = members.users_to_approve(id, search=search, **window._asdict())
        return Response(page(request, window, count, people))


class Users(ApiView):
    @operation(
        "get_course_dashboard_users",
        "Members with their progress",
        parameters=(
            ID,
            LIMIT,
            OFFSET,
            SEARCH,
            STATUSES,
            parameter(
                "ordering",
                str,
                "With `-` for descending; `-joined_at` if not given.",
                list(members.DASHBOARD_ORDERINGS),
            ),
        ),
        answers={200: page_of(CourseUserDashboard)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """For managers."""
        courses.managed(request.caller, id)
        query = Query(request)
        window, search = query.window(), query.text("search")
        statuses = query.choices("statuses", course_rules.STANDINGS, course_rules.MEMBERS)
        ordering = query.choice("ordering", members.DASHBOARD_ORDERINGS, members.DEFAULT_DASHBOARD_ORDERING)
        query.settle()
        count, people = members.dashboard_users(
            id, statuses=statuses, search=search, ordering=ordering, **window._asdict()
        )
        return Response(page(request, window, count, people))


class SuggestedUsers(ApiView):
    @operation(
        "specific_course_suggested_users",
        "People who could be added",
        parameters=(ID, LIMIT, OFFSET, SEARCH),
        answers={200: page_of(UserBrief)},
        errors=(400, 401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """People who do not stand to the course, for managers."""
        courses.managed(request.caller, id)
        query = Query(request)
        window, search = query.window(), query.text("search")
        query.settle()
        count, people = members.suggested_users(id, search=search, **window._asdict())
        return Response(page(request, window, count, people))
