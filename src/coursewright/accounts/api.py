"""People and tokens: the operations."""

from contextlib import ExitStack

import msgspec

from coursewright.accounts import actions, authentication, queries, shapes
from coursewright.accounts.models import User
from coursewright.accounts.serializers import TokenShape, UserShape
from coursewright.api.authentication import require_user
from coursewright.api.parsers import MAX_BODY_WITH_IMAGE
from coursewright.api.queries import Query, page
from coursewright.api.requests import Request
from coursewright.api.responses import Response
from coursewright.api.schema import ID, LIMIT, OFFSET, operation, page_of, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.community.queries import may_create_courses, require_reader
from coursewright.foundation import clock
from coursewright.foundation.errors import PermissionDenied
from coursewright.media import images
from coursewright.notifications.queries import unseen_count

PICTURES = {"avatar": (300, 300), "cover": (1600, 400)}
"""Sizes in pixels."""


class UserMe(ApiView):
    @operation("me", "The caller", answers={200: shapes.Me}, errors=(401,))
    def get(self, request: Request) -> Response:
        """Everything of the person behind the token, with what they may do and how much is new."""
        who = require_user(request)
        person, account = queries.user(who.id), queries.account(who.id)
        permission = shapes.UserPermission(create_course=may_create_courses(who))
        return Response(
            shapes.Me(
                **msgspec.structs.asdict(person),
                **msgspec.structs.asdict(account),
                permission=permission,
                unseen_interactions_counter=unseen_count(who.id),
            )
        )


class UserMePermission(ApiView):
    @operation("permission", "What the caller may create", answers={200: shapes.UserPermission}, errors=(401,))
    def get(self, request: Request) -> Response:
        """``create_course`` follows the preference ``configurations.courses_only_staff_enabled``."""
        return Response(shapes.UserPermission(create_course=may_create_courses(require_user(request))))


class UserDetail(ApiView):
    max_body = MAX_BODY_WITH_IMAGE

    @operation("get_user", "A person", parameters=(ID,), answers={200: shapes.User}, errors=(401, 404), public=True)
    def get(self, request: Request, id: int) -> Response:
        """One person. Anonymous callers are welcome while ``configurations.content_availability`` is true."""
        require_reader(request.caller)
        return Response(queries.user(id))

    @operation(
        "patch_user",
        "Change one's profile",
        parameters=(ID,),
        body=UserShape,
        answers={200: shapes.User},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int) -> Response:
        """One's own only. Changes what is named."""
        who = require_user(request)
        person = queries.user(id)
        if who.id != id:
            raise PermissionDenied
        given = body(UserShape, request, partial=True)
        given.faults.settle()
        pictures = {name: given.pop(name) for name in PICTURES if name in given}
        with ExitStack() as stack:
            for name, image in pictures.items():
                given[name] = stack.enter_context(images.kept_file(image, *PICTURES[name]))
            actions.change_user(User.objects.get(pk=person.id), given, at=clock.now(), by=who.id)
        return Response(queries.user(id))


class HiddenUsers(ApiView):
    @operation("hidden_user_ids", "People the caller hides", answers={200: list[int]}, errors=(401,))
    def get(self, request: Request) -> Response:
        """Nobody can be hidden here: the list is empty."""
        require_user(request)
        return Response([])


class UserSearch(ApiView):
    @operation(
        "search_users",
        "Search people",
        parameters=(
            LIMIT,
            OFFSET,
            parameter("user", str, "In username or real name."),
            parameter("username", str, "In the username."),
            parameter("real_name", str, "In the real name."),
            parameter("ordering", str, "`username` or `real_name`, with `-` for descending.", list(queries.ORDERINGS)),
        ),
        answers={200: page_of(shapes.User)},
        errors=(400, 401),
        public=True,
    )
    def get(self, request: Request) -> Response:
        """People whose names contain the given texts, without case."""
        require_reader(request.caller)
        query = Query(request)
        window = query.window()
        user, username, real_name = query.text("user"), query.text("username"), query.text("real_name")
        ordering = query.choice("ordering", queries.ORDERINGS, queries.DEFAULT_ORDERING)
        query.settle()
        count, people = queries.search_users(
            user=user, username=username, real_name=real_name, ordering=ordering, **window._asdict()
        )
        return Response(page(request, window, count, people))


class JwtVerification(ApiView):
    authentication_classes = ()

    @operation(
        "verify_jwt",
        "Verify a JSON Web Token",
        body=TokenShape,
        answers={200: dict[str, str]},
        errors=(400, 401),
        public=True,
    )
    def post(self, request: Request) -> Response:
        """200 when signature and expiry hold, else 401. Needs no credentials."""
        given = body(TokenShape, request)
        given.faults.settle()
        authentication.read_jwt(given["token"])
        return Response({})
