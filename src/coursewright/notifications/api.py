"""Notifications and how a person wants to be told: the operations."""

from coursewright.accounts import queries as accounts
from coursewright.api.authentication import require_user
from coursewright.api.proxies import origin
from coursewright.api.queries import Query
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, operation, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import PermissionDenied
from coursewright.notifications import actions, queries, shapes
from coursewright.notifications.serializers import ReadShape, SettingsShape


class Notifications(ApiView):
    @operation(
        "list_notifications",
        "Notifications",
        parameters=(
            parameter("next_id", int, "Those older than this one: the number that `next` has."),
            parameter("previous_id", int, "Those newer than this one: the number that `previous` has."),
        ),
        answers={200: shapes.Notifications},
        errors=(400, 401),
    )
    def get(self, request: Request) -> Response:
        """Newest first. ``is_new`` is as it was; what is shown is read from then on."""
        who = require_user(request)
        query = Query(request)
        before, after = query.number("next_id"), query.number("previous_id")
        query.settle()
        part = queries.part(who.id, before=before, after=after)
        found = queries.notifications(part.rows, who.id)
        actions.mark_read(who.id, [row.id for row in part.rows if row.is_new])
        link = f"{origin(request.http)}{request.http.path}"
        return Response(
            shapes.Notifications(
                next=f"{link}?next_id={part.rows[-1].id}" if part.rows and part.has_older else None,
                previous=f"{link}?previous_id={part.rows[0].id}" if part.rows and part.has_newer else None,
                results=found,
            )
        )


class UnseenCount(ApiView):
    @operation("unseen_count", "How many are new", answers={200: shapes.UnseenCount}, errors=(401,))
    def get(self, request: Request) -> Response:
        """Counts without reading; more than 100 are told as 100."""
        return Response(shapes.UnseenCount(queries.unseen_count(require_user(request).id)))


class Read(ApiView):
    @operation("mark_read", "Mark as read", body=ReadShape, answers={204: None}, errors=(400, 401))
    def post(self, request: Request) -> Response:
        """Unknown ``sids`` are ignored."""
        who = require_user(request)
        given = body(ReadShape, request)
        given.faults.settle()
        actions.mark_read(who.id, [queries.id_of(sid) for sid in given["sids"]])
        return empty()


class UserSettings(ApiView):
    @operation(
        "get_user_settings",
        "The caller's settings",
        parameters=(ID,),
        answers={200: shapes.UserSettings},
        errors=(401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """One's own only."""
        return Response(queries.user_settings(_oneself(request, id).id))

    @operation(
        "patch_user_settings",
        "Change settings",
        parameters=(ID,),
        body=SettingsShape,
        answers={200: shapes.UserSettings},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int) -> Response:
        """``qa_frequency``: mails about what happens, -1 at once, 1 daily, 0 never."""
        who = _oneself(request, id)
        given = body(SettingsShape, request, partial=True)
        given.faults.settle()
        actions.change_settings(who.id, given)
        return Response(queries.user_settings(who.id))


def _oneself(request: Request, id: int) -> Caller:
    """The caller, if it is they. Anonymous: 401; nobody has the id: 404; another's: 403."""
    who = require_user(request)
    if who.id != id:
        accounts.user(id)
        raise PermissionDenied
    return who
