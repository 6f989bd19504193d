"""Middleware for pages, which requests to the API pass by: they have no session, no form and no page to protect.

Together they cost more than an operation that reads one row.
"""

from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

API = "/api/v2/"


class Bypassed:
    """Calls the middleware it is mixed into for paths outside the API only."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API):
            return self.get_response(request)  # type: ignore[attr-defined]  # the middleware's own
        return super().__call__(request)  # type: ignore[misc]  # the middleware's own


class WhiteNoise(Bypassed, WhiteNoiseMiddleware):  # type: ignore[misc]  # the library has no types
    pass


class Session(Bypassed, SessionMiddleware):
    pass


class CsrfView(Bypassed, CsrfViewMiddleware):
    pass


class Authentication(Bypassed, AuthenticationMiddleware):
    pass


class Message(Bypassed, MessageMiddleware):
    pass


class XFrameOptions(Bypassed, XFrameOptionsMiddleware):
    pass


class CSP(Bypassed, CSPMiddleware):
    pass
