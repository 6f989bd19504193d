"""Every error, of any status, in one form (rules.md 1.9)."""

import logging
import math
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from coursewright.api.parsers import TooLarge
from coursewright.foundation.errors import Invalid, Message, NotFound, PermissionDenied, Refusal

logger = logging.getLogger("coursewright.errors")

CODES = frozenset(
    [
        "required",
        "blank",
        "null",
        "invalid",
        "max_length",
        "min_value",
        "max_value",
        "unique",
        "invalid_choice",
        "does_not_exist",
    ]
    + ["invalid_image"]
)
CHALLENGE = 'Bearer realm="coursewright"'


class ErrorItem(msgspec.Struct, omit_defaults=True):
    """One error: of a field with its messages, or of the whole request with a code and a message."""

    field: str | None = None
    messages: list[dict[str, str]] | None = None
    code: str | None = None
    message: str | None = None


class Errors(msgspec.Struct):
    """The body of every answer that is not a success."""

    errors: list[ErrorItem]


class Unavailable(Refusal):
    status = 503
    code = "unavailable"
    message = "The database cannot be reached. Try again in a moment."


class Malformed(Refusal):
    code = "parse_error"
    message = "The request cannot be read."


class Fault(Refusal):
    """A fault of the server itself."""

    status = 500
    code = "error"


def field_errors(fields: Mapping[str, list[Message]]) -> Errors:
    """The body for wrong fields."""
    return Errors(
        [
            ErrorItem(field=field, messages=[{"code": code, "message": message} for code, message in messages])
            for field, messages in fields.items()
        ]
    )


def plain(code: str, message: str) -> Errors:
    """The body for an error of the whole request."""
    return Errors([ErrorItem(code=code, message=message)])


def leaves(detail: Any) -> Iterator[Message]:
    """The messages of a validation error, however deep its structure, with the codes of the contract."""
    if isinstance(detail, Mapping):
        for inner in detail.values():
            yield from leaves(inner)
    elif isinstance(detail, list | tuple):
        for inner in detail:
            yield from leaves(inner)
    else:
        yield Message(detail.code if detail.code in CODES else "invalid", str(detail))


def _refusal(error: Exception, request: HttpRequest | None) -> Refusal:
    """Any exception as one of ours."""
    match error:
        case Refusal():
            return error
        case Http404():
            return NotFound()
        case DjangoPermissionDenied():
            return PermissionDenied()
        case RequestDataTooBig():
            return TooLarge()
        case SuspiciousOperation():
            return Malformed(str(error) or None)
        case OperationalError() | InterfaceError():
            logger.error("database: %s", error)
            return Unavailable()
    incident = secrets.token_hex(8)
    path = request.path if request else ""
    logger.error("fault %s at %s", incident, path, exc_info=error)
    return Fault(f"The server made a mistake. If it happens again, report it with the number {incident}.")


def _response(refusal: Refusal) -> Response:
    body = field_errors(refusal.fields) if isinstance(refusal, Invalid) else plain(refusal.code, refusal.text)
    headers = {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if refusal.status == 503:
        headers["Retry-After"] = "5"
    return Response(body, status=refusal.status, headers=headers)


def answer(error: Exception, context: Mapping[str, Any]) -> Response:
    """What the framework calls for every exception that leaves an operation."""
    set_rollback()
    if isinstance(error, exceptions.APIException):
        headers = {}
        if error.status_code == 401:
            headers["WWW-Authenticate"] = CHALLENGE
        wait = getattr(error, "wait", None)
        if wait is not None:
            headers["Retry-After"] = str(math.ceil(wait))
        code = str(getattr(error.detail, "code", error.default_code))
        return Response(plain(code, str(error.detail)), status=error.status_code, headers=headers)
    request = context.get("request")
    return _response(_refusal(error, request._request if request else None))


def rendered(errors: Errors, status: int) -> HttpResponse:
    """An error as a plain response, outside the framework."""
    return HttpResponse(msgspec.json.encode(errors), status=status, content_type="application/json")


def no_such_path(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for a path that does not exist; when only its last slash is missing, the right path is named (rules.md 1.1)."""
    message = f"There is nothing at {request.path}"
    try:
        resolve(request.path + "/")
    except Resolver404:
        message += "."
    else:
        if not request.path.endswith("/"):
            message += f"; did you mean {request.path}/ ?"
    if request.path.startswith("/api/"):
        return rendered(plain("not_found", message), 404)
    return HttpResponse(message, status=404, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what was refused before any view: a host name that is not allowed, too many query parameters."""
    message = str(exception) or Malformed.message
    if request.path.startswith("/api/"):
        return rendered(plain(Malformed.code, message), 400)
    return HttpResponse(message, status=400, content_type="text/plain")


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a fault outside the views of the API; Django has logged it."""
    message = "The server made a mistake."
    if request.path.startswith("/api/"):
        return rendered(plain(Fault.code, message), 500)
    return HttpResponse(message, status=500, content_type="text/plain")
