"""Forwarding headers are believed from trusted proxies only (the setting TRUSTED_PROXIES)."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def address(text: str) -> Address | None:
    """An IP address; one of version 4 that came over a socket of version 6 as itself. None: it is none."""
    try:
        ip = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def trusted(text: str) -> bool:
    """Whether the address is that of a proxy named in the settings."""
    if not settings.TRUSTED_PROXIES:
        return False
    ip = address(text)
    return ip is not None and any(ip in network for network in settings.TRUSTED_PROXIES)


def client(peer: str, forwarded: str) -> str:
    """Who called the first of our proxies, of which ``peer`` is the last.

    The last address that is not a proxy of ours: those before it are the sender's own claim. What is no address
    ends the search, and the proxy that let it pass counts as the caller.
    """
    for hop in reversed(forwarded.split(",")):
        ip = address(hop)
        if ip is None:
            break
        peer = str(ip)
        if not trusted(peer):
            break
    return peer


class ForwardedMiddleware:
    """Takes the caller's address from a trusted proxy, and removes the headers that anyone else sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = request.META.get("REMOTE_ADDR", "")
        if trusted(peer):
            request.META["REMOTE_ADDR"] = client(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)


def origin(request: HttpRequest) -> str:
    """The origin that people see, without a slash at its end (rules.md 1.8)."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
