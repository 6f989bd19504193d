"""Who is calling, and the refusal of those who must say so. The credentials themselves are read in ``accounts``."""

from coursewright.api.requests import Request
from coursewright.foundation.caller import ADMIN, Caller
from coursewright.foundation.errors import NotAuthenticated, PermissionDenied


def require_user(request: Request) -> Caller:
    """The person who calls. Anonymous: 401."""
    found = request.caller
    if not found.is_authenticated:
        raise NotAuthenticated
    return found


def require_admin(request: Request) -> Caller:
    """The administrator who calls. Anonymous: 401; others: 403."""
    found = require_user(request)
    if found.role != ADMIN:
        raise PermissionDenied
    return found
