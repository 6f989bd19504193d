"""The way to the API: of all that Django does around a view, what an operation needs (decision 0013)."""

import codecs
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, URLPattern
from django.utils.http import parse_header_parameters
from django.utils.module_loading import import_string

from coursewright.api import errors
from coursewright.api.routes import Routes
from coursewright.foundation import sql

API = "/api/v2/"
HOST = ("HTTP_X_FORWARDED_HOST", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "HTTP_X_FORWARDED_PROTO")
"""What tells the host of a request."""
CHARSETS = ("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252")
"""Of forms. Others that Python knows are none of texts, or make texts that no database takes."""


@lru_cache(maxsize=1000)
def _host(*values: str | None) -> str:
    """What Django reads in ``HOST``, where the same few values come again and again. Not ours: DisallowedHost."""
    request = HttpRequest()
    request.META = {name: value for name, value in zip(HOST, values, strict=True) if value is not None}
    return request.get_host()


class QuickRequest(WSGIRequest):
    """A request whose host was read and judged before, if it is that of an earlier request."""

    def get_host(self) -> str:
        return _host(*map(self.META.get, HOST))


class Entrance:
    """Answers requests to the API; ``pages`` answers all others.

    Sessions, forms and the policies of a page's content are nothing to the API, and Django's handler with its signals
    and middleware costs more than many an operation. ``API_MIDDLEWARE`` stands around both.
    """

    def __init__(self, pages: WSGIApplication, patterns: Sequence[URLPattern]) -> None:
        self._pages = pages
        self._routes = Routes(patterns)
        self.answer: Callable[[HttpRequest], HttpResponse] = self._operate
        for name in reversed(settings.API_MIDDLEWARE):
            self.answer = import_string(name)(self.answer)
        self._security = _security_headers()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind = environ.get("CONTENT_TYPE", "")
        if ";" in kind and not _readable(kind):
            environ["CONTENT_TYPE"] = kind.partition(";")[0]
        if not environ["PATH_INFO"].startswith(API):
            return self._pages(environ, start_response)
        request = QuickRequest(environ)
        try:
            response = self.answer(request)
        finally:
            request.close()
            sql.database().close_if_unusable_or_obsolete()
        headers = [*response.items(), *self._security]
        start_response(f"{response.status_code} {response.reason_phrase}", headers)
        return [response.content]

    def _operate(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()  # raises if the server does not answer to it
            view, ids = self._routes.find(request.path_info.removeprefix(API))
            response: HttpResponse = view(request, **ids)
        except Resolver404 as error:
            response = errors.no_such_path(request, error)
        except Exception as error:
            response = errors.bad_request(request, error)
        response["Content-Length"] = str(len(response.content))
        return response


def _security_headers() -> list[tuple[str, str]]:
    """What every answer tells browsers. As middleware it would cost more than a small statement."""
    answer = HttpResponse()
    del answer["Content-Type"]
    SecurityMiddleware(lambda _: answer).process_response(HttpRequest(), answer)
    return list(answer.items())


def _readable(content_type: str) -> bool:
    """Whether its parameters can be read, and name a charset that is taken, if any: Django would fail at the others."""
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(str(parameters.get("charset", "utf-8"))).name in CHARSETS
    except (LookupError, ValueError):
        return False
