"""Sections, for the creator and the managers of a course."""

from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, SECTION_PATH, list_of, operation
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.courses import queries, shapes
from coursewright.courses.actions import sections as actions
from coursewright.courses.api import examples
from coursewright.courses.serializers import SectionShape
from coursewright.foundation import clock


class Sections(ApiView):
    @operation(
        "get_course_sections",
        "Sections",
        parameters=(ID,),
        answers={200: list_of(shapes.CourseSection)},
        errors=(401, 403, 404),
    )
    def get(self, request: Request, id: int) -> Response:
        """All sections in their order, for managers."""
        queries.managed(request.caller, id)
        return Response(queries.sections(id))

    @operation(
        "create_a_course_section",
        "Create a section",
        parameters=(ID,),
        body=SectionShape,
        answers={201: shapes.CourseSection},
        errors=(400, 401, 403, 404),
        examples=(examples.NEW_SECTION, examples.section(201)),
    )
    def post(self, request: Request, id: int) -> Response:
        """It goes to the end of the course."""
        who = request.caller
        queries.managed(who, id)
        given = body(SectionShape, request)
        made = actions.create_section(id, given, at=clock.now(), by=who.id, faults=given.faults)
        return Response(made, status=201)


class SectionDetail(ApiView):
    @operation(
        "get_course_section",
        "A section",
        parameters=SECTION_PATH,
        answers={200: shapes.CourseSection},
        errors=(401, 403, 404),
    )
    def get(self, request: Request, id: int, section_id: int) -> Response:
        """One section with the order of its lessons, for managers."""
        queries.managed(request.caller, id)
        return Response(queries.section(id, section_id))

    @operation(
        "update_a_course_section",
        "Update a section",
        parameters=SECTION_PATH,
        body=SectionShape,
        answers={200: shapes.CourseSection},
        errors=(400, 401, 403, 404),
        examples=(examples.DATED_SECTION, examples.section(200)),
    )
    def put(self, request: Request, id: int, section_id: int) -> Response:
        """Needs ``name``; what is not named keeps its value."""
        return self._update(request, id, section_id, partial=False)

    @operation(
        "patch_a_course_section",
        "Change a section",
        parameters=SECTION_PATH,
        body=SectionShape,
        answers={200: shapes.CourseSection},
        errors=(400, 401, 403, 404),
        examples=(examples.SECTION_DATE, examples.section(200)),
    )
    def patch(self, request: Request, id: int, section_id: int) -> Response:
        """Changes what is named."""
        return self._update(request, id, section_id, partial=True)

    def _update(self, request: Request, id: int, section_id: int, *, partial: bool) -> Response:
        who = request.caller
        queries.require_managed(who, queries.SECTION_EXISTS, course=id, section=section_id)
        given = body(SectionShape, request, partial=partial)
        return Response(actions.update_section(id, section_id, given, at=clock.now(), by=who.id, faults=given.faults))

    @operation(
        "delete_a_course_section",
        "Delete a section",
        parameters=SECTION_PATH,
        answers={204: None},
        errors=(401, 403, 404),
    )
    def delete(self, request: Request, id: int, section_id: int) -> Response:
        """Its lessons are deleted with it."""
        who = request.caller
        queries.managed(who, id)
        actions.delete_section(id, section_id, at=clock.now(), by=who.id)
        return empty()
