"""Every error, of any status, in one form (rules.md 1.9)."""

import errno
import logging
import math
import secrets
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve
from rest_framework import exceptions
from rest_framework.settings import api_settings

from coursewright.api.parsers import Malformed, TooLarge
from coursewright.api.responses import Response
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
        "invalid_image",
    ]
)
OAUTH_ERRORS = {500: "server_error", 503: "temporarily_unavailable"}
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


class StorageFull(Refusal):
    """The disk of the server or of the database is full. What was begun is taken back."""

    status = 503
    code = "storage_full"
    message = "The server has no room left, and kept nothing of this request."


class Fault(Refusal):
    """A fault of the server itself."""

    status = 500
    code = "error"


def field_errors(fields: Mapping[str, list[Message]]) -> Errors:
    """The body for wrong fields."""
    return Errors(
        [
            ErrorItem(
                field=_sendable(field),
                # Items of a list in a query may say the same.
                messages=[{"code": code, "message": _sendable(text)} for code, text in dict.fromkeys(messages)],
            )
            for field, messages in fields.items()
        ]
    )


def plain(code: str, message: str) -> Errors:
    """The body for an error of the whole request."""
    return Errors([ErrorItem(code=code, message=_sendable(message))])


def _sendable(text: str) -> str:
    """Messages repeat what was sent, and half of a surrogate pair has no form in UTF-8."""
    return text.encode("utf-8", "replace").decode()


def leaves(detail: Any, field: str) -> Iterator[Message]:
    """The messages of a field's validation error, however deep its structure, with the codes of the contract.

    A message about something inside the field begins with its path: ``answers[0].text: This field is required.``
    """
    for path, error in _leaves(detail, field):
        message = str(error) if path == field else f"{path}: {error}"
        yield Message(error.code if error.code in CODES else "invalid", message)


def _leaves(detail: Any, path: str) -> Iterator[tuple[str, exceptions.ErrorDetail]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _leaves(inner, _below(path, key))
    elif isinstance(detail, list | tuple):
        for inner in detail:
            yield from _leaves(inner, path)
    else:
        yield path, detail


def _below(path: str, key: str | int) -> str:
    """The path of an item, of a field, or of the object itself."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return path if key == api_settings.NON_FIELD_ERRORS_KEY else f"{path}.{key}"


def _refusal(error: BaseException | None, path: str) -> Refusal:
    """Any exception as one of ours. A fault of the server is logged, under a number that the answer names."""
    match error:
        case Refusal():
            return error
        case Http404():
            return NotFound()
        case DjangoPermissionDenied():
            return PermissionDenied()
        case RequestDataTooBig():
            return TooLarge()
        case DisallowedHost():
            return Malformed("This server does not answer to the host name of the request.")
        case TooManyFieldsSent():
            return Malformed(f"The request has more than {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields.")
        case TooManyFilesSent():
            return Malformed(f"The request has more than {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files.")
        case SuspiciousOperation() | BadRequest() | MultiPartParserError():
            return Malformed()
        case UnreadablePostError():
            return Malformed("The body ended before its end.")
        case OSError() | OperationalError() if _is_full(error):
            logger.error("storage: %s", error, exc_info=error)
            return StorageFull()
        case OperationalError() | InterfaceError():
            logger.error("database: %s", error, exc_info=error)
            return Unavailable()
    incident = secrets.token_hex(8)
    logger.error("fault %s at %s", incident, path, exc_info=error)
    return Fault(f"The server made a mistake. If it happens again, report it with the number {incident}.")


def _is_full(error: OSError | OperationalError) -> bool:
    """Whether the error, or that of the database behind it, says that there is no room."""
    cause = error.__cause__
    return (
        getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(cause, "sqlstate", None) == "53100"  # PostgreSQL's disk_full
    )


def _body(refusal: Refusal) -> Errors:
    return field_errors(refusal.fields) if isinstance(refusal, Invalid) else plain(refusal.code, refusal.text)


def _headers(status: int, wait: float | None = None) -> dict[str, str]:
    if status == 401:
        return {"WWW-Authenticate": CHALLENGE}
    if status == Unavailable.status:
        return {"Retry-After": "5"}
    return {} if wait is None else {"Retry-After": str(math.ceil(wait))}


def answer(error: Exception, path: str, methods: Sequence[str]) -> Response:
    """What is answered for an exception that left an operation. ``methods``: those that the path has."""
    if isinstance(error, exceptions.APIException):
        code = str(getattr(error.detail, "code", error.default_code))
        headers = _headers(error.status_code, getattr(error, "wait", None))
        if isinstance(error, exceptions.MethodNotAllowed):
            headers["Allow"] = ", ".join(methods)
        return Response(plain(code, str(error.detail)), error.status_code, headers)
    refusal = _refusal(error, path)
    return Response(_body(refusal), refusal.status, _headers(refusal.status))


def _outside(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal outside the operations: JSON for the API and, as RFC 6749 has it, for OAuth; else a line of text."""
    headers = _headers(refusal.status)
    if request.path.startswith("/oauth/"):
        error = {"error": OAUTH_ERRORS.get(refusal.status, "invalid_request"), "error_description": refusal.text}
        return JsonResponse(error, status=refusal.status, headers=headers)
    if request.path.startswith("/api/"):
        content = msgspec.json.encode(_body(refusal))
        return HttpResponse(content, status=refusal.status, content_type="application/json", headers=headers)
    return HttpResponse(refusal.text, status=refusal.status, content_type="text/plain; charset=utf-8", headers=headers)


def no_such_path(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for a path that does not exist. If only its last slash is missing, the right path is named (rules.md 1.1)."""
    message = f"There is nothing at {request.path}."
    if isinstance(exception, Resolver404) and _exists(request.path_info + "/"):
        message = f"There is nothing at {request.path}; the path ends with a slash: {request.path}/"
    return _outside(request, NotFound(message))


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what was refused before any view, a host name that is not allowed for example."""
    return _outside(request, _refusal(exception, request.path))


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a fault outside the operations, 503 when it is the database that is away."""
    return _outside(request, _refusal(sys.exc_info()[1], request.path))
