"""Forwarding headers are believed from trusted proxies only (the setting TRUSTED_PROXIES)."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT")


def trusted(address: str) -> bool:
    """Whether the address is that of a proxy named in the settings."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in settings.TRUSTED_PROXIES)


class ForwardedMiddleware:
    """Takes the caller's address from a trusted proxy, and removes the headers that anyone else sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if trusted(request.META.get("REMOTE_ADDR", "")):
            # The last address that is not a proxy of ours: those before it are the sender's own claim.
            hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            outside = [hop for hop in hops if not trusted(hop)]
            if outside:
                request.META["REMOTE_ADDR"] = outside[-1]
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)


def origin(request: HttpRequest) -> str:
    """The origin that people see, without a slash at its end (rules.md 1.8)."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
