"""What an operation answers, and its one encoder."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django.http import HttpRequest, HttpResponse

from coursewright.api.proxies import origin
from coursewright.foundation.types import Address

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

    Times are UTC with ``Z``, a fraction only when it is not zero (rules.md 1.5); addresses are whole.
    """
    if isinstance(response, HttpResponse):
        return response

    site = origin(request)

    def address(value: Any) -> str:
        if not isinstance(value, Address):
            raise NotImplementedError(type(value))
        return site + value if value.startswith("/") else str(value)

    content = b"" if response.data is None else msgspec.json.encode(response.data, enc_hook=address)
    found = HttpResponse(content, status=response.status, headers=response.headers, content_type=JSON)
    if response.data is None:
        del found["Content-Type"]
    return found
