"""Rate limits: so many calls per address or person in a fixed window of time (the setting RATE_LIMITS)."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle


def wait(scope: str, who: str) -> float:
    """Counts one call; seconds until the next is welcome, 0 when this one is."""
    rate = settings.RATE_LIMITS.get(scope)
    if rate is None:
        return 0
    now = time.time()
    window = int(now // rate.seconds)
    key = f"rate:{scope}:{who}:{window}"
    cache.add(key, 0, timeout=rate.seconds)
    try:
        calls = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return 0
    return 0 if calls <= rate.calls else (window + 1) * rate.seconds - now


class RateLimit(BaseThrottle):
    """The limits of the API: per person when signed in, else per address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if not settings.RATE_LIMITS:
            return True
        if request.user.is_authenticated:
            self.seconds = wait("user", str(request.user.pk))
        else:
            self.seconds = wait("anonymous", request.META.get("REMOTE_ADDR", ""))
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds
