"""The view that every operation is built on."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.request import Request as FrameworkRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from coursewright.api.parsers import MAX_BODY, Request
from coursewright.api.renderer import JSONRenderer
from coursewright.api.throttling import RateLimit

JSON = JSONRenderer()
TAKES_JSON = ("", "*/*", "application/json", "application/json, text/plain, */*")


class ApiView(APIView):
    """Checks the method (405) and the credentials (401). The operation does the rest, in the order of rules.md 1.11."""

    max_body: ClassVar[int] = MAX_BODY
    throttle_classes = (RateLimit,)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return Request(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: FrameworkRequest, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)

    def perform_content_negotiation(self, request: FrameworkRequest, force: bool = False) -> Any:
        """JSON for those who take it; the framework's own way, which is slow, is for the rest (406)."""
        if request.META.get("HTTP_ACCEPT", "*/*") in TAKES_JSON:
            return JSON, JSON.media_type
        return super().perform_content_negotiation(request, force)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Which methods the path has, in ``Allow``; preflights of browsers are answered before this."""
        return empty()


def empty() -> Response:
    """204 without a body."""
    return Response(status=204)
