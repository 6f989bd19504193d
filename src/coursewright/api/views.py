"""The view that every operation is built on."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed, NotAcceptable
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.views import APIView

from coursewright.api import errors, throttling
from coursewright.api.parsers import MAX_BODY
from coursewright.api.requests import Request
from coursewright.api.responses import JSON, Response, encoded
from coursewright.foundation.caller import ANONYMOUS, Caller
from coursewright.foundation.errors import Refusal

TAKES_JSON = ("", "*/*", JSON, f"{JSON}, text/plain, */*")
"""What most clients accept; other headers are read at length."""


class ApiView(APIView):
    """Checks the method (405), what is accepted (406), the credentials (401) and the limits (429).

    The operation does the rest, in the order of rules.md 1.11. The framework's own way to it has room for several
    renderers, versions and permissions, and costs more than many an operation (docs/decisions/0013-a-short-way.md).
    """

    max_body: ClassVar[int] = MAX_BODY
    media_types: ClassVar[tuple[str, ...]] = (JSON,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return encoded(self._answer(request, kwargs), request)
        except Exception as error:
            return encoded(errors.answer(error, request.path, self.allowed_methods), request)

    def _answer(self, http: HttpRequest, ids: dict[str, Any]) -> Response | HttpResponse:
        method = str(http.method)
        operation: Callable[..., Response] | None = getattr(self, method.lower(), None)
        if operation is None or method.lower() not in self.http_method_names:
            raise MethodNotAllowed(method)
        if not self._accepted(http.META.get("HTTP_ACCEPT", "")):
            raise NotAcceptable
        address = http.META.get("REMOTE_ADDR", "")
        try:
            caller = self._caller(http)
        except Refusal:
            throttling.count(ANONYMOUS, address)
            raise
        request = Request(http, self.max_body, caller)
        throttling.count(caller, address)
        return operation(request, **ids)

    def _accepted(self, header: str) -> bool:
        return header in TAKES_JSON or any(
            media_type_matches(kind, item.strip()) for item in header.split(",") for kind in self.media_types
        )

    def _caller(self, http: HttpRequest) -> Caller:
        for authenticator in self.get_authenticators():
            found: Any = authenticator.authenticate(http)  # type: ignore[arg-type]  # ours reads the headers only
            if found is not None:
                return found[0]  # type: ignore[no-any-return]
        return ANONYMOUS

    def options(self, request: Request, **ids: int) -> Response:  # type: ignore[override]
        """Which methods the path has, in ``Allow``; preflights of browsers are answered before this."""
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
