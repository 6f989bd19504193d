"""Who is calling, and the refusal of those who must say so. The credentials themselves are read in ``accounts``."""

import msgspec
from rest_framework.request import Request

from coursewright.foundation.errors import NotAuthenticated, PermissionDenied

ADMIN = "admin"
STAFF = frozenset({ADMIN, "moderator", "editor"})


class Caller(msgspec.Struct, frozen=True):
    """The person behind a request; ``id`` 0 is nobody, an anonymous caller."""

    id: int
    role: str = ""

    @property
    def is_authenticated(self) -> bool:
        return self.id != 0

    @property
    def is_staff(self) -> bool:
        """Administrators, moderators and editors (rules.md 2.5)."""
        return self.role in STAFF

    @property
    def pk(self) -> int:
        return self.id


ANONYMOUS = Caller(0)


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
