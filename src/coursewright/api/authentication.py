"""Who is calling, and the refusal of those who must say so. The credentials themselves are read in ``accounts``."""

from rest_framework.request import Request

from coursewright.foundation.caller import ADMIN, ANONYMOUS, Caller
from coursewright.foundation.errors import NotAuthenticated, PermissionDenied


def anonymous() -> Caller:
    """What the framework calls for a request without credentials."""
    return ANONYMOUS


def caller(request: Request) -> Caller:
    """Whoever calls, possibly nobody."""
    found: Caller = request.user  # type: ignore[assignment]  # set by BearerAuthentication
    return found


def require_user(request: Request) -> Caller:
    """The person who calls. Anonymous: 401."""
    found = caller(request)
    if not found.is_authenticated:
        raise NotAuthenticated
    return found


def require_admin(request: Request) -> Caller:
    """The administrator who calls. Anonymous: 401; others: 403."""
    found = require_user(request)
    if found.role != ADMIN:
        raise PermissionDenied
    return found
