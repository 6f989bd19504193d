"""Requests to the API go no further than here: the middleware behind is for pages.

Sessions, forms and the policies of a page's content are nothing to them, and cost more than many an operation.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import resolve

API = "/api/v2/"


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        match = request.resolver_match = resolve(request.path_info)
        return match.func(request, *match.args, **match.kwargs)
