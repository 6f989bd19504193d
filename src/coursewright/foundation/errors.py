"""Refusals: what the server says no with.

A refusal is a class with a status, a code that never changes and a message for people. The wire form is made in
``coursewright.api.errors`` (rules.md 1.9).
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple


class Message(NamedTuple):
    """One thing that is wrong: a stable code for programs, a sentence for people."""

    code: str
    message: str


class Refusal(Exception):
    """The request cannot be granted. Subclasses say why."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid"
    message: ClassVar[str] = "The request is not valid."

    def __init__(self, message: str | None = None) -> None:
        self.text = message or self.message
        super().__init__(self.text)


class NotAuthenticated(Refusal):
    status = 401
    code = "not_authenticated"
    message = "Authentication credentials were not provided."


class PermissionDenied(Refusal):
    status = 403
    code = "permission_denied"
    message = "You do not have permission to perform this action."


class NotFound(Refusal):
    status = 404
    code = "not_found"
    message = "Not found."


class Invalid(Refusal):
    """Fields of the body or the query that are wrong, each with its messages; ``text`` is all of these."""

    def __init__(self, fields: dict[str, list[Message]]) -> None:
        super().__init__(" ".join(message for messages in fields.values() for _, message in messages))
        self.fields = fields


class Faults:
    """What is wrong with a body, gathered from its shape and from the database, so that all of it is said at once.

    ``order`` is the order of the schema's fields (rules.md 1.9).
    """

    def __init__(self, order: Iterable[str] = ()) -> None:
        self.order = tuple(order)
        self.fields: dict[str, list[Message]] = {}

    def copy(self) -> "Faults":
        """The same faults, to which others can be added without touching these."""
        other = Faults(self.order)
        other.fields = {field: list(messages) for field, messages in self.fields.items()}
        return other

    def add(self, field: str, code: str, message: str) -> None:
        self.fields.setdefault(field, []).append(Message(code, message))

    def settle(self) -> None:
        """Raises Invalid if there is any fault."""
        if self.fields:
            places = {field: place for place, field in enumerate(self.order)}
            fields = sorted(self.fields, key=lambda field: places.get(field, len(places)))
            raise Invalid({field: self.fields[field] for field in fields})


def invalid(field: str, message: str, code: str = "invalid") -> Invalid:
    """One wrong field."""
    return Invalid({field: [Message(code, message)]})
