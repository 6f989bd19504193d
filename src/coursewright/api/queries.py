"""Reading the query string: windows of pages, lists, numbers and texts, with every fault said at once."""

from collections.abc import Collection
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from coursewright.api import lists, numbers
from coursewright.api.proxies import origin
from coursewright.api.requests import Request
from coursewright.foundation.errors import Faults
from coursewright.foundation.sql import MAX_ID

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class Window(NamedTuple):
    """Which part of a list is asked for."""

    limit: int
    offset: int


class Page(msgspec.Struct):
    """A part of a list (rules.md 1.8)."""

    count: int
    next: str | None
    previous: str | None
    results: list[Any]


class Query:
    """The parameters of a request. Read what the operation knows, then ``settle``; others are ignored."""

    def __init__(self, request: Request) -> None:
        parameters = request.query
        self.given = lists.collect((name, value) for name in parameters for value in parameters.getlist(name))
        self.faults = Faults()

    def settle(self) -> None:
        """Raises Invalid if a parameter that was read is wrong."""
        self.faults.settle()

    def text(self, name: str) -> str:
        """A text without blanks around it; empty when it is not given. Given twice, the last counts."""
        value = self.given.get(name, "")
        if isinstance(value, list):
            value = value[-1]
        if not isinstance(value, str):
            self.faults.add(name, "invalid", "Not a valid string.")
            return ""
        if "\0" in value:
            self.faults.add(name, "invalid", "Null characters are not allowed.")
            return ""
        return value.strip()

    def number(self, name: str) -> int | None:
        """A whole number, no larger than an id can be; None when it is not given or empty."""
        value = self.text(name)
        if not value:
            return None
        found = numbers.whole(value)
        if found is None:
            self.faults.add(name, "invalid", "A valid integer is required.")
            return None
        return max(min(found, MAX_ID), -1)

    def flag(self, name: str) -> bool | None:
        """A boolean; None when it is not given or empty."""
        value = self.text(name).lower()
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        if value:
            self.faults.add(name, "invalid", "Must be true or false.")
        return None

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """One of a few words."""
        value = self.text(name) or default
        if value not in allowed:
            self.faults.add(name, "invalid_choice", f'"{value}" is not a valid choice.')
        return value

    def choices(self, name: str, allowed: Collection[str], default: Collection[str]) -> list[str]:
        """Some of a few words; ``default`` when the parameter is not given."""
        if name not in self.given:
            return list(default)
        found = [str(item) for item in self._items(name)]
        for value in found:
            if value not in allowed:
                self.faults.add(name, "invalid_choice", f'"{value}" is not a valid choice.')
        return found

    def ids(self, name: str) -> list[int]:
        """A list of ids; those that no row can have are read as 0."""
        found = [numbers.id_of(item) for item in self._items(name)]
        if None in found:
            self.faults.add(name, "invalid", "A valid integer is required.")
        return [id for id in found if id is not None]

    def window(self) -> Window:
        """``limit`` (default 20, at most 100) and ``offset``."""
        limit, offset = self._bound("limit", 1, DEFAULT_LIMIT), self._bound("offset", 0, 0)
        return Window(min(limit, MAX_LIMIT), offset)

    def _bound(self, name: str, least: int, default: int) -> int:
        if name not in self.given:
            return default
        found = self.number(name)
        if found is None and name not in self.faults.fields:
            self.faults.add(name, "invalid", "A valid integer is required.")
        if found is not None and found < least:
            self.faults.add(name, "min_value", f"Ensure this value is greater than or equal to {least}.")
        return default if found is None else found

    def _items(self, name: str) -> list[Any]:
        found = lists.items(self.given.get(name, []))
        if not isinstance(found, list) or not all(isinstance(item, str | int) for item in found):
            self.faults.add(name, "invalid", "Expected a list.")
            return []
        if len(found) > lists.MAX_ITEMS:
            self.faults.add(name, "max_length", lists.TOO_MANY)
            return []
        return found


def page(request: Request, window: Window, count: int, results: list[Any]) -> Page:
    """The answer of a list: ``results`` are those in the window, of ``count`` in all."""
    after, before = window.offset + window.limit, max(window.offset - window.limit, 0)
    return Page(
        count=count,
        next=_link(request, window.limit, after) if after < count else None,
        previous=_link(request, window.limit, before) if window.offset > 0 else None,
        results=results,
    )


def whole(results: list[Any]) -> Page:
    """A list that always comes whole."""
    return Page(count=len(results), next=None, previous=None, results=results)


def _link(request: Request, limit: int, offset: int) -> str:
    parameters = request.query
    kept = [
        (name, value) for name in parameters if name not in ("limit", "offset") for value in parameters.getlist(name)
    ]
    return f"{origin(request.http)}{request.http.path}?{urlencode([*kept, ('limit', limit), ('offset', offset)])}"
