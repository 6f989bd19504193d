"""``docs/reference/errors.md`` names every error the server can give, and each operation those it may give."""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from rest_framework import exceptions

from coursewright.api.errors import CODES
from coursewright.foundation.errors import Invalid, Refusal, invalid
from tests.contract import described
from tests.contract.conformance import Operation

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"
SOURCE = ROOT / "src" / "coursewright"
ROW = re.compile(r"^\| `(\w+)` \| ([\d, ]+) \| (\S.*) \| (\S.*) \|$", re.MULTILINE)
PLACE = "coursewright."
# What the framework itself refuses with, before and around an operation.
FRAMEWORK: list[type[exceptions.APIException]] = [
    exceptions.MethodNotAllowed,
    exceptions.NotAcceptable,
    exceptions.UnsupportedMediaType,
    exceptions.Throttled,
]


def documented() -> dict[str, set[int]]:
    """The codes of the page with their statuses. A code stands in one row."""
    found = ROW.findall(PAGE.read_text())
    rows = [(code, {int(status) for status in statuses.split(", ")}) for code, statuses, *_ in found]
    assert len(rows) == len(dict(rows))
    return dict(rows)


@cache
def refusals() -> tuple[type[Refusal], ...]:
    """Every refusal in the package."""
    for path in SOURCE.rglob("*.py"):
        if "Refusal)" in path.read_text():
            importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))

    def below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
        for inner in refusal.__subclasses__():
            yield inner
            yield from below(inner)

    return tuple(it for it in below(Refusal) if it.__module__.startswith(PLACE) and it is not Invalid)


def field_codes() -> set[str]:
    """The codes of fields: those of the framework that are kept, and every one that is written in the source."""
    found = set(CODES)
    for path in SOURCE.rglob("*.py"):
        found |= {code for call in _calls(path) for code in _codes(call)}
    return found


def _calls(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


# Where the code stands in faults.add(field, code, message), invalid(field, message, code), Message(code, message).
PLACES = {"add": 1, "invalid": 2, "Message": 0}


def _codes(call: ast.Call) -> Iterator[str]:
    """The code that a call gives to a field, if it is written there."""
    name = ast.unparse(call.func).rpartition(".")[2]
    given = [it.value for it in call.keywords if it.arg == "code" and name in ("ValidationError", "invalid")]
    if name in PLACES:
        given += call.args[PLACES[name] : PLACES[name] + 1]
    yield from (it.value for it in given if isinstance(it, ast.Constant) and isinstance(it.value, str))


def given() -> dict[str, set[int]]:
    """Every code that the server can give, with its statuses."""
    found: dict[str, set[int]] = {code: {400} for code in field_codes()}
    for refusal in refusals():
        found.setdefault(refusal.code, set()).add(refusal.status)
    for error in FRAMEWORK:
        found.setdefault(error.default_code, set()).add(error.status_code)
    return found


def test_the_page_names_every_code_and_no_other() -> None:
    assert documented() == given()


def test_codes_of_fields_are_those_that_are_passed_on() -> None:
    """A code that ``api.errors`` does not know would go out as ``invalid``."""
    assert field_codes() == CODES


def test_the_page_shows_the_body() -> None:
    text = PAGE.read_text()
    for part in ('"errors"', '"field"', '"messages"', "WWW-Authenticate", "Retry-After", "RFC 6749"):
        assert part in text


def _resolved(node: ast.expr, function: FunctionType, owner: type) -> Any:
    """What a name or a chain of attributes stands for in a function; None when it is not known before it runs."""
    if isinstance(node, ast.Name):
        return owner if node.id == "self" else function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _resolved(node.value, function, owner)
        return getattr(base, node.attr, None) if isinstance(base, ModuleType | type) else None
    return None


def _answered(function: Any) -> set[type[Refusal]]:
    """The refusals that a function answers, by its annotation, for its caller to raise."""
    hints = get_type_hints(function) if isinstance(function, FunctionType) else {}
    return {it for it in get_args(hints.get("return")) if isinstance(it, type) and issubclass(it, Refusal)}


def raised(function: Any, owner: type, seen: set[Any]) -> set[type[Refusal]]:
    """The refusals that a function, and every function of the package that it calls, may raise.

    What it catches counts too, and what depends on values does not: no more than a lower bound of what is to be said.
    """
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType) or not function.__module__.startswith(PLACE) or function in seen:
        return set()
    seen.add(function)
    found: set[type[Refusal]] = set()
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    named = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
    for node in nodes:
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = named.get(ast.unparse(node.exc))
            if isinstance(made, ast.Call):
                found |= _answered(_resolved(made.func, function, owner))
            error = _resolved(node.exc.func if isinstance(node.exc, ast.Call) else node.exc, function, owner)
            if isinstance(error, type) and issubclass(error, Refusal):
                found.add(error)
        if isinstance(node, ast.Call):
            target = _resolved(node.func, function, owner)
            settles = isinstance(node.func, ast.Attribute) and node.func.attr == "settle"
            found |= {Invalid} if settles or target is invalid else raised(target, owner, seen)
    return found


PLAIN = {
    "permission_denied",
    "not_found",
    "not_authenticated",
    "authentication_failed",
    "invalid",
    "parse_error",
    "too_large",
}
"""Codes that their status says already."""

UNREACHABLE = {
    "create_category": {404},  # the category that it answers was made a moment ago
    "create_media": {404},  # as with a category
    "me": {404},  # the caller was found by the token
    "join_or_accept_invite_to_course": {
        400,
        403,
    },  # others are named, and the creator refused, in other calls of the same function
}
"""Statuses of functions that these operations call, which they cannot answer themselves."""


@pytest.mark.parametrize("operation", sorted(described.present().values()), ids=lambda it: it.id)
def test_an_operation_names_what_its_code_raises(operation: Operation) -> None:
    view = described.handlers()[operation.method, operation.path]
    found = raised(getattr(view, operation.method.lower()), view, set())
    fields = described.of(operation).fields
    responses = {int(status): described.resolved(it) for status, it in fields["responses"].items()}
    assert {it.status for it in found} - set(responses) == UNREACHABLE.get(operation.id, set())
    for refusal in found:
        if refusal.code not in PLAIN:
            assert f"`{refusal.code}`" in responses[refusal.status]["description"]


def test_what_is_raised_is_found_through_calls() -> None:
    """The search itself: through modules, methods, decorators and other functions."""
    view = described.handlers()["POST", f"{described.LESSON}complete/"]
    codes = {it.code for it in raised(view.post, view, set())}
    assert {"not_joined", "lesson_locked", "quiz_needs_attempt", "not_found", "not_authenticated"} <= codes
    view = described.handlers()["PUT", "/api/v2/course/{id}/"]
    assert {"invalid", "not_found", "permission_denied"} <= {it.code for it in raised(view.put, view, set())}
