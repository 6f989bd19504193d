"""Categories, preferences and features: the operations."""

from typing import Any

from coursewright.api.authentication import require_admin, require_user
from coursewright.api.parsers import MAX_BODY_WITH_IMAGE
from coursewright.api.queries import Query, page, whole
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, LIMIT, OFFSET, operation, page_of, parameter
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.community import actions, queries, rules, shapes
from coursewright.community.serializers import CategoryShape
from coursewright.foundation import clock
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotFound


class Preferences(ApiView):
    @operation(
        "list_preferences",
        "All preferences",
        parameters=(
            parameter("search", str, "In the name."),
            parameter("section", str, "Those of one section."),
        ),
        answers={200: page_of(shapes.DynamicPreference)},
        errors=(400,),
        public=True,
    )
    def get(self, request: Request) -> Response:
        """Always whole, in one page."""
        query = Query(request)
        search, section = query.text("search").lower(), query.text("section")
        query.settle()
        found = queries.preferences()
        return Response(whole([row for row in found if search in row.name.lower() and section in ("", row.section)]))

    @operation(
        "update_preferences",
        "Set preferences",
        body={"type": "object", "additionalProperties": {"type": ["boolean", "integer", "string"]}},
        answers={200: page_of(shapes.DynamicPreference)},
        errors=(400, 401, 403),
    )
    def patch(self, request: Request) -> Response:
        """``{"section.name": value}``; the answer has those that were named. Administrators only."""
        admin = require_admin(request)
        values = {key: _typed(key, value) for key, value in dict(request.data).items()}
        actions.set_preferences(values, at=clock.now(), by=admin.id)
        found = queries.preferences()
        return Response(whole([row for row in found if f"{row.section}.{row.name}" in values]))


def _typed(key: str, value: Any) -> Any:
    """A form can only send texts: they are read as the preference's kind."""
    known = rules.BY_KEY.get(key)
    parsed = rules.parse(known, value) if known and isinstance(value, str) else None
    return value if parsed is None else parsed


class PreferenceDetail(ApiView):
    @operation(
        "get_preference",
        "A preference",
        parameters=(ID,),
        answers={200: shapes.DynamicPreference},
        errors=(404,),
        public=True,
    )
    def get(self, request: Request, id: int) -> Response:
        """One preference by its id."""
        for row in queries.preferences():
            if row.id == id:
                return Response(row)
        raise NotFound


class Features(ApiView):
    @operation(
        "list_features",
        "What this server has",
        parameters=(parameter("name", str, "The one of this name."), parameter("search", str, "In the name.")),
        answers={200: page_of(shapes.Feature)},
        errors=(400,),
        public=True,
    )
    def get(self, request: Request) -> Response:
        """Always whole, in one page."""
        query = Query(request)
        name, search = query.text("name"), query.text("search").lower()
        query.settle()
        return Response(whole([row for row in queries.features() if name in ("", row.name) and search in row.name]))


class Categories(ApiView):
    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "list_categories",
        "Categories",
        parameters=(
            LIMIT,
            OFFSET,
            parameter("search", str, "In the name."),
            parameter("active", bool, "Only active, or only inactive ones."),
        ),
        answers={200: page_of(shapes.Category)},
        errors=(400, 401),
        public=True,
    )
    def get(self, request: Request) -> Response:
        """Categories in their order."""
        queries.require_reader(request.caller)
        query = Query(request)
        window, search, active = query.window(), query.text("search"), query.flag("active")
        query.settle()
        count, found = queries.categories(search=search, active=active, **window._asdict())
        return Response(page(request, window, count, found))

    @operation(
        "create_category",
        "Create a category",
        body=CategoryShape,
        answers={201: shapes.Category},
        errors=(400, 401, 403),
    )
    def post(self, request: Request) -> Response:
        """Administrators only."""
        admin = require_admin(request)
        given = body(CategoryShape, request)
        id = actions.create_category(given, at=clock.now(), by=admin.id, faults=given.faults)
        return Response(queries.category(id), status=201)


class CategoryDetail(ApiView):
    max_body = MAX_BODY_WITH_IMAGE

    @operation(
        "get_category",
        "A category",
        parameters=(ID,),
        answers={200: shapes.Category},
        errors=(401, 404),
        public=True,
    )
    def get(self, request: Request, id: int) -> Response:
        """One category."""
        queries.require_reader(request.caller)
        return Response(queries.category(id))

    @operation(
        "update_category",
        "Update a category",
        parameters=(ID,),
        body=CategoryShape,
        answers={200: shapes.Category},
        errors=(400, 401, 403, 404),
    )
    def put(self, request: Request, id: int) -> Response:
        """Needs the required fields and changes what it names. Administrators only."""
        return self._update(request, id, partial=False)

    @operation(
        "patch_category",
        "Change a category",
        parameters=(ID,),
        body=CategoryShape,
        answers={200: shapes.Category},
        errors=(400, 401, 403, 404),
    )
    def patch(self, request: Request, id: int) -> Response:
        """Changes what it names. Administrators only."""
        return self._update(request, id, partial=True)

    @operation("delete_category", "Delete a category", parameters=(ID,), answers={204: None}, errors=(401, 403, 404))
    def delete(self, request: Request, id: int) -> Response:
        """Courses lose it. Administrators only."""
        admin = self._administrator(request, id)
        actions.delete_category(id, at=clock.now(), by=admin.id)
        return empty()

    def _update(self, request: Request, id: int, *, partial: bool) -> Response:
        admin = self._administrator(request, id)
        given = body(CategoryShape, request, partial=partial)
        actions.update_category(id, given, at=clock.now(), by=admin.id, faults=given.faults)
        return Response(queries.category(id))

    def _administrator(self, request: Request, id: int) -> Caller:
        """Who may write the category. Anonymous: 401; unknown category: 404; others: 403."""
        require_user(request)
        queries.category(id)
        return require_admin(request)
