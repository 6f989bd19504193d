"""The OpenAPI file, from the operations themselves.

``operation`` says once, beside the code, what an operation takes and answers; drf-spectacular makes the file of it.
Answers are msgspec Structs, whose schemas are merged in by ``add_components``, under the contract's names.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_patched_serializer
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from coursewright.api.queries import DEFAULT_LIMIT, MAX_LIMIT
from coursewright.api.shapes import Shape
from coursewright.api.tags import TAGS, tag_of
from coursewright.foundation.errors import Refusal

Handler = TypeVar("Handler", bound=Callable[..., Any])
Schema = dict[str, Any]

SECURITY: list[dict[str, list[str]]] = [{"oauth2": []}, {"jwt": []}]
ANYONE: dict[str, list[str]] = {}
ERRORS = {"$ref": "#/components/schemas/errors"}
TEXT = {"type": "string"}
STATUSES = {
    400: "The body or the query is not right.",
    401: "No credentials, or bad ones.",
    403: "Known, but not allowed.",
    404: "There is no such thing for this caller.",
    406: "Only JSON is answered here.",
    409: "In conflict with what is there.",
    413: "The body is too large.",
    415: "The content type is not read here.",
    429: "Too many calls; see `Retry-After`.",
    500: "A fault of the server, with a number that is in its log.",
    503: "No database, no room, or too many requests that are slow in coming; see `Retry-After`.",
}
ALWAYS = frozenset({401, 406, 429, 500, 503})
"""Any operation may answer these: a bad token is refused even where none is needed (rules.md 2.4)."""
WITH_BODY = frozenset({400, 413, 415})

_structs: set[type[msgspec.Struct]] = set()
_pages: set[type[msgspec.Struct]] = set()


def contract_name(name: str) -> str:
    """The contract's name for a class: ``CourseUserDetail`` is ``course_user_detail``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _component(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def reference(struct: Any) -> Schema:
    """A reference to a Struct's schema, which is added to the file; or the schema of a simple type."""
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct):
        _structs.add(struct)
        return _component(contract_name(struct.__name__))
    return dict(msgspec.json.schema(struct))


def page_of(struct: type[msgspec.Struct]) -> Schema:
    """A page of a Struct."""
    reference(struct)
    _pages.add(struct)
    return _component(f"{contract_name(struct.__name__)}_page")


def _link(description: str) -> Schema:
    return {"type": ["string", "null"], "format": "uri", "description": description}


def _page(struct: type[msgspec.Struct]) -> Schema:
    return {
        "description": "A part of a list. `next` and `previous` keep the other parameters of the query.",
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "description": "How many there are in all."},
            "next": _link("Address of the next page; null: this is the last."),
            "previous": _link("Address of the page before; null: this is the first."),
            "results": list_of(struct) | {"description": "What is on this page."},
        },
    }


def list_of(struct: type[msgspec.Struct]) -> Schema:
    """A bare list of a Struct."""
    return {"type": "array", "items": reference(struct)}


def one_of(*structs: type[msgspec.Struct]) -> Schema:
    """One of several Structs, of which one may have all fields of another."""
    return {"anyOf": [reference(struct) for struct in structs]}


def parameter(
    name: str, type: Any, description: str, choices: Collection[str] | None = None, *, many: bool = False
) -> OpenApiParameter:
    """A query parameter. ``many``: a list, in any of the six encodings."""
    items: Schema = dict(msgspec.json.schema(type)) | ({"enum": list(choices)} if choices else {})
    schema = {"type": "array", "items": items} if many else items
    return OpenApiParameter(
        name, schema, OpenApiParameter.QUERY, description=description, explode=True if many else None
    )


def in_header(name: str, description: str) -> OpenApiParameter:
    """A header that the operation needs."""
    return OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, required=True, description=description)


def in_path(name: str, description: str) -> OpenApiParameter:
    """An id in the path."""
    return OpenApiParameter(name, {"type": "integer", "minimum": 1}, OpenApiParameter.PATH, description=description)


LIMIT = parameter(
    "limit",
    Annotated[int, msgspec.Meta(ge=1, extra_json_schema={"default": DEFAULT_LIMIT})],
    f"How many results; more than {MAX_LIMIT} is taken as {MAX_LIMIT}.",
)
OFFSET = parameter(
    "offset", Annotated[int, msgspec.Meta(ge=0, extra_json_schema={"default": 0})], "How many results to skip."
)
ID = in_path("id", "Id.")
SECTION_PATH = (ID, in_path("section_id", "Id of the section."))
LESSON_PATH = (*SECTION_PATH, in_path("lesson_id", "Id of the lesson."))


def example(title: str, value: Any, status: int | None = None) -> OpenApiExample:
    """An example of a body, or with a ``status`` of the answer."""
    if status is None:
        return OpenApiExample(title, value=value, request_only=True)
    return OpenApiExample(title, value=value, response_only=True, status_codes=[str(status)])


def operation(
    id: str,
    summary: str,
    *,
    answers: Mapping[int, Any],
    errors: Collection[int | type[Refusal]],
    body: type[Shape] | Schema | None = None,
    content_type: str = "application/json",
    parameters: Collection[OpenApiParameter] = (),
    examples: Collection[OpenApiExample] = (),
    public: bool = False,
) -> Callable[[Handler], Handler]:
    """Declares an operation of the contract: its id, what comes in, what goes out, which errors it may give.

    ``errors``: statuses, and refusals whose codes are more than their status says. ``content_type``: of a ``body`` that
    is a bare schema; a Shape comes as JSON and as either form. ``public``: needs no credentials.
    """
    security: Any = [*SECURITY, ANYONE] if public else SECURITY
    responses: dict[int, Any] = {}
    for status, shape in answers.items():
        schema = shape if isinstance(shape, dict) else reference(shape) if shape is not None else None
        responses[status] = OpenApiResponse(schema, description="Done." if schema is None else summary)
    for status, description in sorted(_errors(errors, body is not None).items()):
        responses[status] = OpenApiResponse(ERRORS, description=description)
    return extend_schema(
        operation_id=id,
        summary=summary,
        # A bare schema would be taken for one of schemas by media type.
        request={content_type: body} if isinstance(body, dict) else body,
        responses=responses,
        parameters=list(parameters),
        examples=list(examples),
        auth=security,
    )


unlisted = extend_schema(exclude=True)
"""For a second address of an operation: ids in the file are unique, so it stands there once."""


def _errors(errors: Collection[int | type[Refusal]], has_body: bool) -> dict[int, str]:
    """The description of each status; refusals are named with their codes."""
    descriptions = {status: STATUSES[status] for status in ALWAYS | (WITH_BODY if has_body else frozenset())}
    for error in errors:
        if isinstance(error, int):
            descriptions.setdefault(error, STATUSES[error])
        else:
            before = descriptions.get(error.status, STATUSES[error.status])
            descriptions[error.status] = f"{before}\n\n`{error.code}`: {error.message}"
    return descriptions


class OperationSchema(AutoSchema):
    """``api.tags`` groups the operations; DELETE may have a body, which the library leaves out."""

    def get_tags(self) -> list[str]:
        return [tag_of(self.path)]

    def _get_request_body(self, direction: Any = "request") -> Any:
        method = self.method
        if method == "DELETE":
            self.method = "POST"
        try:
            return super()._get_request_body(direction)  # type: ignore[no-untyped-call]  # the library's
        finally:
            self.method = method

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        """``course_write`` for POST and PUT, ``course_patch`` for PATCH, where nothing is required."""
        meta = getattr(serializer, "Meta", None)
        name = getattr(meta, "ref_name", None) or contract_name(type(serializer).__name__.removesuffix("Shape"))
        return f"{name}_{'patch' if is_patched_serializer(serializer, direction) else 'write'}"


SCOPES: Any = settings.OAUTH2_PROVIDER["SCOPES"]
SCHEMES: Schema = {
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "Any bearer token, as `Authorization: Bearer <token>`: an access token, such as the one that `make run` or "
            "`coursewright token` prints, or a JSON Web Token, HS256 with the community's secret; claims `user_id`, "
            "`token_type` (`access`), `exp`, `iat` and `jti`."
        ),
    },
    "oauth2": {
        "type": "oauth2",
        "description": (
            "Gets an access token for an application that was registered with `coursewright oauth-app add`. Reading "
            "(GET) needs the scope `read`, everything else `write`. A token that is there already goes into `jwt`."
        ),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth/authorize/",
                "tokenUrl": "/oauth/token/",
                "refreshUrl": "/oauth/token/",
                "scopes": SCOPES,
            },
            "password": {"tokenUrl": "/oauth/token/", "refreshUrl": "/oauth/token/", "scopes": SCOPES},
        },
    },
}
ERROR_SCHEMAS: Schema = {
    "errors": {
        "description": "The body of every answer that is not a success: wrong fields first, all of them at once.",
        "type": "object",
        "required": ["errors"],
        "properties": {
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {"anyOf": [_component("field_error"), _component("error")]},
                "description": "Those of fields, in the order of the fields; then those of no field.",
            }
        },
    },
    "field_error": {
        "description": (
            "A field of the body or the query that is wrong. A message about something inside it begins with its path: "
            "`answers[0].text: This field is required.`"
        ),
        "type": "object",
        "required": ["field", "messages"],
        "properties": {
            "field": TEXT | {"description": "Its name, in the body or the query."},
            "messages": {
                "type": "array",
                "minItems": 1,
                "items": _component("error"),
                "description": "All that is wrong with it.",
            },
        },
    },
    "error": {
        "description": "What is wrong: a code for programs, a sentence for people.",
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": TEXT | {"description": "A word for programs, which never changes, like `required`."},
            "message": TEXT | {"description": "A sentence for people, which may change."},
        },
    },
}
HEADERS = {
    401: {"WWW-Authenticate": {"schema": TEXT, "description": "`Bearer`."}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds until the next call is welcome."}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}},
}


def _error_response(status: int) -> Schema:
    response: Schema = {"description": STATUSES[status], "content": {"application/json": {"schema": ERRORS}}}
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _struct_schemas() -> Schema:
    """The schemas of all Structs that are answered, each field required that is always there."""
    _, found = msgspec.json.schema_components(
        sorted(_structs, key=lambda struct: struct.__name__),
        ref_template="#/components/schemas/{name}",
        schema_hook=lambda kind: {"type": "string", "format": "uri"},  # foundation.types.Address
    )
    text = msgspec.json.encode(found).decode()
    text = re.sub(r'"#/components/schemas/(\w+)"', lambda it: f'"#/components/schemas/{contract_name(it[1])}"', text)
    schemas: Schema = {contract_name(name): schema for name, schema in msgspec.json.decode(text).items()}
    for schema in schemas.values():
        schema.pop("title")
        fields = schema["properties"]
        schema["required"] = [name for name in fields if name in schema["required"] or "default" in fields[name]]
        for field in fields.values():
            field.pop("default", None)
    return schemas


def _tidy(body: Schema) -> None:
    """Takes out of a body's schema what the library wrote for itself, and the description of all shapes."""
    if body.get("description") == Shape.__doc__:
        del body["description"]
    for field in body["properties"].values():
        field.pop("x-spec-enum-id", None)


def add_components(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Adds what the library does not know: Structs, errors, credentials, tags. Answers alike become one response."""
    responses = {f"error_{status}": _error_response(status) for status in STATUSES}
    for path in result["paths"].values():
        for described in path.values():
            for status, response in described["responses"].items():
                if response["description"] == STATUSES.get(int(status)):
                    described["responses"][status] = {"$ref": f"#/components/responses/error_{status}"}
    result["tags"] = [{"name": tag.name, "description": tag.description} for tag in TAGS]
    components = result.setdefault("components", {})
    bodies = components.get("schemas", {})
    for schema in bodies.values():
        _tidy(schema)
    schemas = bodies | ERROR_SCHEMAS | _struct_schemas()
    schemas |= {f"{contract_name(struct.__name__)}_page": _page(struct) for struct in _pages}
    components["schemas"] = dict(sorted(schemas.items()))
    components["responses"] = responses
    components["securitySchemes"] = SCHEMES
    return result


@cache
def document() -> Schema:
    """The whole OpenAPI 3.1 file. It depends on the code alone."""
    generator: Any = SchemaGenerator
    result: Schema = generator().get_schema(request=None, public=True)
    return result
