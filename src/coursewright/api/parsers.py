"""Bodies in: JSON, forms and multipart, all read into plain dicts (rules.md 1.2, 1.13).

Plain dicts, because the framework takes a form's dict for an HTML form and reads an absent boolean as False.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, ClassVar
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser as Multipart
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request as FrameworkRequest

from coursewright.api import lists
from coursewright.foundation.errors import Refusal

MAX_BODY = 2 * 1024 * 1024
MAX_BODY_WITH_IMAGE = 8 * 1024 * 1024
MAX_DEPTH = 64


class TooLarge(Refusal):
    """The body has more bytes than the operation takes."""

    status = 413
    code = "too_large"
    message = "The request body is too large."


def deep(data: Any) -> bool:
    """Whether lists and objects are nested more than 64 levels."""
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse_json(body: bytes) -> dict[str, Any]:
    """A JSON object. Anything else: 400 ``parse_error``."""
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ParseError("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise ParseError("The body must be a JSON object.")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and deep(data):
        raise ParseError("The body is nested too deeply.")
    return data


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return parse_json(stream.read())


class FormParser(BaseParser):
    """A form; or JSON text that a client labelled as one, as the public reference's own example does."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read()
        if body.lstrip().startswith(b"{"):
            return parse_json(body)
        try:
            pairs = parse_qsl(
                body.decode("utf-8"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
            )
        except ValueError as error:
            raise ParseError("The form cannot be read.") from error
        return lists.collect(pairs)


class MultiPartParser(BaseParser):
    media_type = "multipart/form-data"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        request = (parser_context or {})["request"]
        body = stream.read()
        meta = {**request.META, "CONTENT_LENGTH": len(body)}
        try:
            data, files = Multipart(meta, BytesIO(body), request.upload_handlers, "utf-8").parse()
        except MultiPartParserError as error:
            raise ParseError("The multipart body cannot be read.") from error
        fields: QueryDict = data
        pairs = [(name, value) for name in fields for value in fields.getlist(name)]
        return lists.collect(pairs + [(name, file) for name in files for file in files.getlist(name)])


class Request(FrameworkRequest):
    """A request whose body is read up to a limit, with a length given or without (chunked)."""

    max_body: ClassVar[int] = MAX_BODY

    def read_body(self) -> bytes:
        """All bytes of the body. More than ``max_body``: 413."""
        limit = self.parser_context["view"].max_body
        length = self.META.get("CONTENT_LENGTH")
        if length:
            if int(length) > limit:
                raise TooLarge
            return bytes(self._request.read(int(length)))
        if "chunked" not in self.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return b""
        body = bytes(self.META["wsgi.input"].read(limit + 1))
        if len(body) > limit:
            raise TooLarge
        return body

    def _parse(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the framework calls for ``data``. An empty body is no data under any content type."""
        body = self.read_body()
        if not body.strip():
            return {}, {}
        kind = self.content_type.partition(";")[0].strip().lower()
        parser = next((parser for parser in self.parsers or () if parser.media_type == kind), None)
        if parser is None:
            raise UnsupportedMediaType(self.content_type)
        data: dict[str, Any] = parser.parse(BytesIO(body), self.content_type, self.parser_context)
        return data, {}
