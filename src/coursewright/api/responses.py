"""What an operation answers, and its one encoder."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse

from coursewright.api.proxies import origin
from coursewright.foundation.types import Stored

JSON = "application/json"


class Response(NamedTuple):
    """The answer of an operation. ``data``: rows and shapes; None for an answer without a body."""

    data: Any = None
    status: int = 200
    headers: Mapping[str, str] | None = None


def empty() -> Response:
    """204 without a body."""
    return Response(status=204)


def encoded(response: Response | HttpResponse, request: HttpRequest) -> HttpResponse:
    """JSON, of what is not encoded yet.

    Times are UTC with ``Z``, a fraction only when it is not zero (rules.md 1.5); files are whole addresses.
    """
    if isinstance(response, HttpResponse):
        return response

    def address(value: Any) -> str:
        if not isinstance(value, Stored):
            raise NotImplementedError(type(value))
        return absolute(origin(request), default_storage.url(value.name))

    content = b"" if response.data is None else msgspec.json.encode(response.data, enc_hook=address)
    found = HttpResponse(content, status=response.status, headers=response.headers, content_type=JSON)
    if response.data is None:
        del found["Content-Type"]
    return found


def absolute(site: str, url: str) -> str:
    """An address on the public origin, unless it already names one (S3)."""
    return url if "://" in url else site + url
