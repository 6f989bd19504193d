"""Bodies in: JSON, forms and multipart, all read into plain dicts (rules.md 1.2, 1.13).

Plain dicts, because the framework takes a form's dict for an HTML form and reads an absent boolean as False.
"""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser as Multipart
from django.http.multipartparser import MultiPartParserError

from coursewright.api import lists
from coursewright.foundation.errors import Refusal

MAX_BODY = 2 * 1024 * 1024
MAX_BODY_WITH_IMAGE = 8 * 1024 * 1024
MAX_DEPTH = 64


class Malformed(Refusal):
    """The request or its body cannot be read."""

    code = "parse_error"
    message = "The request cannot be read."


class TooLarge(Refusal):
    """The body has more bytes than the operation takes."""

    status = 413
    code = "too_large"
    message = "The request body is too large."


def deep(data: dict[str, Any]) -> bool:
    """Whether lists and objects are nested more than 64 levels."""
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_refuse_constant)


def parse_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Anything else: 400 ``parse_error``."""
    try:
        data = _JSON.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise Malformed("The body must be a JSON object.")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and deep(data):
        raise Malformed(f"The body is nested more than {MAX_DEPTH} levels deep.")
    return data


def parse_form(body: bytes) -> dict[str, Any]:
    """A form; or JSON text that a client labelled as one, as the public reference's own example does.

    No field's name begins with a bracket, so a list is JSON too. Bytes that are not UTF-8 become lone surrogates, which
    the field they are for refuses.
    """
    if body.lstrip().startswith((b"{", b"[")):
        return parse_json(body)
    limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    try:
        text = body.decode("utf-8", "surrogateescape")
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=limit)
    except ValueError as error:
        raise Malformed(f"The request has more than {limit} fields.") from error
    return lists.collect(pairs)


def parse_multipart(body: bytes, request: HttpRequest) -> dict[str, Any]:
    """A form with files."""
    meta = {**request.META, "CONTENT_LENGTH": len(body)}
    try:
        data, files = Multipart(meta, BytesIO(body), request.upload_handlers, "utf-8").parse()
    except MultiPartParserError as error:
        raise Malformed("The multipart body cannot be read.") from error
    fields: QueryDict = data
    pairs = [(name, value) for name in fields for value in fields.getlist(name)]
    return lists.collect(pairs + [(name, file) for name in files for file in files.getlist(name)])


PARSERS: dict[str, Callable[[bytes, HttpRequest], dict[str, Any]]] = {
    "application/json": lambda body, request: parse_json(body),
    "application/x-www-form-urlencoded": lambda body, request: parse_form(body),
    "multipart/form-data": parse_multipart,
}
"""How to read a body of each content type."""
