"""Who is calling."""

import msgspec

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


ANONYMOUS = Caller(0)
