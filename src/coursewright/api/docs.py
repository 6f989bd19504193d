"""The OpenAPI file over HTTP, and a page to read it and try it on."""

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.renderers import OpenApiYamlRenderer2
from rest_framework.exceptions import MethodNotAllowed

from coursewright.api import errors
from coursewright.api.requests import Request
from coursewright.api.responses import JSON, encoded
from coursewright.api.schema import document
from coursewright.api.views import ApiView

YAML = "application/yaml"
SAFE = ("GET", "HEAD")


class OpenApi(ApiView):
    """The file, for everyone: it is the same for all."""

    authentication_classes = ()
    media_types = (JSON, YAML)
    schema = None

    def get(self, request: Request) -> HttpResponse:
        """JSON, or YAML when it is asked for."""
        kind = str(request.http.get_preferred_type(self.media_types) or JSON)
        return HttpResponse(_written(kind), content_type=kind if kind == JSON else f"{kind}; charset=utf-8")


@cache
def _written(kind: str) -> bytes:
    if kind == JSON:
        return msgspec.json.encode(document())
    text: bytes = OpenApiYamlRenderer2().render(msgspec.to_builtins(document()))  # type: ignore[no-untyped-call]  # the library's
    return text


@csrf_exempt  # there is nothing to forge: other methods are refused
def page(request: HttpRequest) -> HttpResponse:
    """Swagger UI, with no script in the page itself, which the content policy would stop."""
    if request.method not in SAFE:
        return encoded(errors.answer(MethodNotAllowed(str(request.method)), request.path, SAFE), request)
    return render(request, "coursewright/api_docs.html")
