"""Lists of courses."""

from coursewright.accounts import queries as accounts
from coursewright.api.authentication import require_user
from coursewright.api.queries import Query, page
from coursewright.api.requests import Request
from coursewright.api.responses import Response
from coursewright.api.schema import ID, LIMIT, OFFSET, operation, page_of, parameter
from coursewright.api.views import ApiView
from coursewright.community.queries import require_reader
from coursewright.courses import rules, shapes
from coursewright.learning.queries import lists

STATUSES = parameter("statuses", str, "Standings (manager and joined if not given).", rules.STANDINGS, many=True)


class JoinedCourses(ApiView):
    @operation(
        "get_joined_courses",
        "The caller's courses",
        parameters=(LIMIT, OFFSET, parameter("created_by", int, "Those of this creator."), STATUSES),
        answers={200: page_of(shapes.Course)},
        errors=(400, 401),
    )
    def get(self, request: Request) -> Response:
        """Courses to which the caller stands in one of the ways, newest first."""
        who = require_user(request)
        query = Query(request)
        window, created_by = query.window(), query.number("created_by")
        statuses = query.choices("statuses", rules.STANDINGS, rules.MEMBERS)
        query.settle()
        count, found = lists.joined(who.id, statuses=statuses, created_by=created_by, **window._asdict())
        return Response(page(request, window, count, found))


class SearchCourses(ApiView):
    @operation(
        "search_courses",
        "Search courses",
        parameters=(
            LIMIT,
            OFFSET,
            parameter("search", str, "All of these words in name or description, the last one as a beginning."),
            parameter("categories", int, "In any of these categories.", many=True),
            parameter("statuses", str, "To which the caller stands in one of these ways.", rules.STANDINGS, many=True),
            parameter("ordering", str, "With `-` for descending; `-id` if not given.", list(lists.ORDERINGS)),
        ),
        answers={200: page_of(shapes.CourseMinimal)},
        errors=(400, 401),
        public=True,
    )
    def get(self, request: Request) -> Response:
        """Never drafts or secret courses but for those who stand to them."""
        who = request.caller
        require_reader(who)
        query = Query(request)
        window, text = query.window(), query.text("search")
        categories = query.ids("categories") if "categories" in query.given else None
        statuses = query.choices("statuses", rules.STANDINGS, ()) if "statuses" in query.given else None
        ordering = query.choice("ordering", lists.ORDERINGS, lists.DEFAULT_ORDERING)
        query.settle()
        count, found = lists.search(
            who.id,
            text=text,
            categories=categories,
            statuses=statuses,
            ordering=ordering,
            **window._asdict(),
        )
        return Response(page(request, window, count, found))


class Suggestions(ApiView):
    @operation(
        "get_course_suggestion",
        "Suggested courses",
        parameters=(LIMIT, OFFSET),
        answers={200: page_of(shapes.Course)},
        errors=(400, 401),
    )
    def get(self, request: Request) -> Response:
        """Open and private courses to which the caller does not stand, those most like the caller's own first."""
        who = require_user(request)
        query = Query(request)
        window = query.window()
        query.settle()
        count, found = lists.suggested(who.id, **window._asdict())
        return Response(page(request, window, count, found))


class UserCourses(ApiView):
    @operation(
        "get_user_courses",
        "A person's courses",
        parameters=(ID, LIMIT, OFFSET, STATUSES),
        answers={200: page_of(shapes.CourseWithMemberCount)},
        errors=(400, 401, 404),
        public=True,
    )
    def get(self, request: Request, id: int) -> Response:
        """Those the caller may see; ``join_status`` and the completion rate are the caller's own."""
        who = request.caller
        require_reader(who)
        accounts.user(id)
        query = Query(request)
        window = query.window()
        statuses = query.choices("statuses", rules.STANDINGS, rules.MEMBERS)
        query.settle()
        count, found = lists.of_user(id, who.id, statuses=statuses, **window._asdict())
        return Response(page(request, window, count, found))
