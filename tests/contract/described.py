"""What the server serves (its routes), and what its OpenAPI file says of it."""

import re
from functools import cache
from typing import Any, NamedTuple

from django.urls import URLPattern
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from coursewright.api.schema import document
from coursewright.urls import api_v2
from tests.contract.conformance import Operation, operations

METHODS = ("get", "post", "put", "patch", "delete")
BASE = "/api/v2/"
LESSON = "/api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/"
ALSO = {("POST", LESSON)}
"""Second addresses of operations: POST to a lesson's own path is ``create_a_course_question`` too."""


class Described(NamedTuple):
    """An operation in the OpenAPI file."""

    id: str
    method: str
    path: str
    fields: dict[str, Any]

    def parameters(self, place: str) -> list[str]:
        """The names of its parameters in the path or the query."""
        return [it["name"] for it in self.fields.get("parameters", []) if it["in"] == place]

    def body(self) -> dict[str, Any] | None:
        """What comes in, by media type; None when nothing does."""
        found: dict[str, Any] | None = self.fields.get("requestBody", {}).get("content")
        return found


def handlers() -> dict[tuple[str, str], Any]:
    """The view of every method and path that is served."""
    found = {}
    for route in api_v2:
        assert isinstance(route, URLPattern)
        path = BASE + re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern))
        view = route.callback.cls  # type: ignore[attr-defined]  # every view is a class
        found |= {(method.upper(), path): view for method in METHODS if hasattr(view, method)}
    return found


def present() -> dict[str, Operation]:
    """The operations of the contract that are served."""
    served = handlers()
    return {it.id: it for it in operations().values() if (it.method, it.path) in served}


@cache
def described() -> dict[tuple[str, str], Described]:
    """The operations of the OpenAPI file by method and path."""
    return {
        (method.upper(), path): Described(fields["operationId"], method.upper(), path, fields)
        for path, methods in document()["paths"].items()
        for method, fields in methods.items()
    }


def of(operation: Operation) -> Described:
    """An operation of the contract as the OpenAPI file has it."""
    return described()[operation.method, operation.path]


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the file, or what its reference points at."""
    found: Any = part
    if "$ref" in part:
        found = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
    return dict(found)


def schema_faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value by a schema of the file."""
    whole = {**schema, "components": document()["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def answer_faults(operation: Operation, status: int, body: Any) -> list[str]:
    """What is wrong with an answer by the file: a status that it does not name, or a body of another schema."""
    responses = of(operation).fields["responses"]
    if str(status) not in responses:
        return [f": the status {status} is not described"]
    content = resolved(responses[str(status)]).get("content")
    if content is None:
        return [] if body is None else [": has a body, and none is described"]
    return schema_faults(content["application/json"]["schema"], body)
