"""The OpenAPI file over HTTP, and a page to read it and try it on."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiYamlRenderer2
from rest_framework.request import Request
from rest_framework.response import Response

from coursewright.api.renderer import JSONRenderer
from coursewright.api.schema import document
from coursewright.api.views import ApiView


class YAMLRenderer(OpenApiYamlRenderer2):
    """YAML, for who asks for ``application/yaml``."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        found: bytes = super().render(msgspec.to_builtins(data))  # type: ignore[no-untyped-call]  # the library's
        return found


class OpenApi(ApiView):
    """The file, for everyone: it is the same for all."""

    authentication_classes = ()
    renderer_classes = (JSONRenderer, YAMLRenderer)
    schema = None

    def get(self, request: Request) -> Response:
        """JSON, or YAML when it is asked for."""
        return Response(document())


@csrf_exempt  # there is nothing to forge: other methods are refused
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Swagger UI, with no script in the page itself, which the content policy would stop."""
    return render(request, "coursewright/api_docs.html")
