"""The view that every operation is built on."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request as FrameworkRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from coursewright.api.parsers import MAX_BODY, Request


class ApiView(APIView):
    """Checks the method (405), then the credentials (401); the operation checks the rest in the order of rules.md 1.11."""

    max_body: ClassVar[int] = MAX_BODY

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return Request(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: FrameworkRequest, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, (request.method or "").lower()):
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Which methods the path has, in ``Allow``; preflights of browsers are answered before this."""
        return empty()


def empty() -> Response:
    """204 without a body."""
    return Response(status=204)
