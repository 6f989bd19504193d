"""The OpenAPI file, from the operations themselves.

``operation`` says once, beside the code, what an operation takes and answers; drf-spectacular makes the file of it.
Answers are msgspec Structs, whose schemas are merged in by ``add_components``.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import msgspec
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from coursewright.api.errors import Errors
from coursewright.api.shapes import Shape

Handler = TypeVar("Handler", bound=Callable[..., Any])

STATUSES = {
    400: "The body or the query is not right.",
    401: "No credentials, or bad ones.",
    403: "Known, but not allowed.",
    404: "There is no such thing for this caller.",
    409: "In conflict with what is there.",
    413: "The body is too large.",
    415: "The content type is not read here.",
    429: "Too many calls; see `Retry-After`.",
}
NAMES = {"UserMe": "me", "ErrorItem": "error"}
_structs: set[Any] = {Errors}


def component(struct: type) -> str:
    """The contract's name for a Struct: ``CourseUserDetail`` is ``course_user_detail``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", struct.__name__).lower()


def reference(struct: Any) -> dict[str, Any]:
    """A reference to a Struct's schema, which is added to the file; or the schema of a simple type."""
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct):
        _structs.add(struct)
        return {"$ref": f"#/components/schemas/{component(struct)}"}
    return dict(msgspec.json.schema(struct))


def page_of(struct: type) -> dict[str, Any]:
    """A page of a Struct."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer"},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": reference(struct)},
        },
    }


def list_of(struct: type) -> dict[str, Any]:
    """A bare list of a Struct."""
    return {"type": "array", "items": reference(struct)}


def one_of(*structs: type) -> dict[str, Any]:
    """One of several Structs."""
    return {"oneOf": [reference(struct) for struct in structs]}


def parameter(
    name: str, type: Any, description: str, choices: Collection[str] | None = None, *, many: bool = False
) -> OpenApiParameter:
    """A query parameter. ``many``: a list, in any of the six encodings."""
    items: dict[str, Any] = dict(msgspec.json.schema(type)) | ({"enum": list(choices)} if choices else {})
    schema = {"type": "array", "items": items} if many else items
    return OpenApiParameter(
        name, schema, OpenApiParameter.QUERY, description=description, explode=True if many else None
    )


def in_path(name: str, description: str) -> OpenApiParameter:
    """An id in the path."""
    return OpenApiParameter(name, {"type": "integer", "minimum": 1}, OpenApiParameter.PATH, description=description)


LIMIT = parameter("limit", int, "How many results, 1 to 100 (20 if not given).")
OFFSET = parameter("offset", int, "How many results to skip.")
ID = in_path("id", "Id.")


def operation(
    id: str,
    summary: str,
    *,
    answers: Mapping[int, Any],
    errors: Collection[int],
    body: type[Shape] | dict[str, Any] | None = None,
    parameters: Collection[OpenApiParameter] = (),
    examples: Collection[OpenApiExample] = (),
    tags: Collection[str] | None = None,
) -> Callable[[Handler], Handler]:
    """Declares an operation of the contract: its id, what comes in, what goes out, which errors it may give."""
    responses: dict[int, Any] = {}
    for status, shape in answers.items():
        schema = shape if isinstance(shape, dict) else reference(shape) if shape is not None else None
        responses[status] = OpenApiResponse(schema, description="Done." if schema is None else summary)
    statuses = {*errors, 429} | ({413, 415} if body else set())
    for status in sorted(statuses):
        responses[status] = OpenApiResponse(reference(Errors), description=STATUSES[status])
    return extend_schema(
        operation_id=id,
        summary=summary,
        request=body,
        responses=responses,
        parameters=list(parameters),
        examples=list(examples),
        tags=list(tags) if tags else None,
    )


class OperationSchema(AutoSchema):
    """Paths' first words group the operations; DELETE may have a body, which the library leaves out."""

    def get_tags(self) -> list[str]:
        words = [word for word in self.path.split("/") if word and not word.startswith("{")]
        return [words[2] if len(words) > 2 else "api"]


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Adds the schemas of all Structs that operations answer, under the contract's names."""
    _, found = msgspec.json.schema_components(
        sorted(_structs, key=component), ref_template="#/components/schemas/{name}"
    )
    renamed = {name: component(type(name, (), {})) for name in found}
    text = msgspec.json.encode(found).decode()
    for old, new in renamed.items():
        text = text.replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    for old, schema in msgspec.json.decode(text).items():
        schema.pop("title", None)
        schemas[renamed[old]] = schema
    return result
