"""Running cells: each in a savepoint, so that every one finds the world as it was made."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.urls import Resolver404, resolve

from tests.client import Answer, codes
from tests.matrix import oracle
from tests.matrix.oracle import Expected, Operation, Situation
from tests.matrix.world import World, arrange, call, standing, told
from tests.tables import snapshot

CONTRACT = Path(__file__).parent.parent / "contract"
Cells = list[tuple[Operation, Situation]]
LESSON = "/api/v2/course/{id}/section/{section_id}/lesson/{lesson_id}/"
READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def _operation(row: dict[str, Any]) -> Operation:
    method, path = row["call"].split()
    body = row.get("body", "")
    return Operation(
        id=row["id"],
        method=method,
        path=path,
        who=row["who"],
        body=body if isinstance(body, str) and body.isidentifier() else "..." if body else "",
        query=tuple(row.get("query", ())),
        answers=row["answers"],
    )


def _is_served(operation: Operation) -> bool:
    try:
        found = resolve(re.sub(r"\{\w+\}", "1", operation.path))
    except Resolver404:
        return False
    same_path = "/" + re.sub(r"<id:(\w+)>", r"{\1}", found.route) == operation.path
    return same_path and hasattr(getattr(found.func, "view_class", None), operation.method.lower())


TABLE = [_operation(row) for row in yaml.safe_load((CONTRACT / "operations.yaml").read_text())]
SCHEMAS = yaml.safe_load((CONTRACT / "schemas.yaml").read_text())
OPERATIONS = [operation for operation in TABLE if _is_served(operation)]
"""The operations that this server has."""


def missing() -> list[Operation]:
    """For each path a method that it does not have, not even one that this server has yet to learn."""
    methods: dict[str, set[str]] = {}
    for each in TABLE:
        methods.setdefault(each.path, set()).add(each.method)
    methods[LESSON].add("POST")  # create_a_course_question, as the reference prints it
    return [
        Operation(f"{method} {path}", method, path, "anyone", "", (), {})
        for path in dict.fromkeys(each.path for each in OPERATIONS)
        for method in sorted({"DELETE", "PATCH", "POST", "PUT"} - methods[path])[:1]
    ]


def named(*ids: str) -> list[Operation]:
    """The operations of these ids."""
    found = [operation for operation in OPERATIONS if operation.id in ids]
    assert len(found) == len(ids)
    return found


privacies = pytest.mark.parametrize(
    "world", oracle.PRIVACIES, ids=["draft", "open", "private", "secret"], indirect=True
)
"""The fixture ``world`` for a course of each privacy."""


def by(callers: Iterable[str], operations: Iterable[Operation], situations: Iterable[Situation]) -> Cells:
    """Each operation in each situation, by each of the callers."""
    return [
        (operation, situation._replace(caller=caller))
        for operation in operations
        for situation in situations
        for caller in callers
    ]


@cache
def keys(shape: str) -> frozenset[str]:
    """The names that an object of this shape has in an answer, from schemas.yaml."""
    if shape.startswith("{"):
        return _names(shape)
    first, _, more = shape.partition(" + ")
    own = {name for name, field in SCHEMAS[first].items() if field.get("access") != "wo"}
    return _names(more) | own if more else frozenset(own)


def _names(text: str) -> frozenset[str]:
    """``{email, permission: user_permission}``: email, permission."""
    return frozenset(part.partition(":")[0].strip() for part in text.strip("{}").split(","))


def _shape_faults(expected: Expected, body: Any) -> Iterator[str]:
    """What is wrong with the form of a successful answer."""
    shape = expected.shape
    match = re.match(r"(page|list)\((\w+)\)", shape)
    if shape.startswith("empty"):
        if body is not None and not (shape == "empty or {}" and body == {}):
            yield f"a body: {body}"
        return
    if match and match[1] == "page":
        if not isinstance(body, dict) or set(body) != {"count", "next", "previous", "results"}:
            yield f"no page: {body}"
            return
        if body["count"] != len(body["results"]):
            yield f"counts {body['count']}, and has {len(body['results'])}"
        body = body["results"]
    rows = body if match else [body]
    if match and match[2] == "integer":
        if any(type(row) is not int for row in rows):
            yield f"not all integers: {rows}"
        return
    wanted = keys(match[2] if match else shape) - expected.without
    for row in rows:
        if not isinstance(row, dict) or set(row) != wanted:
            yield f"not of the shape {shape}: {sorted(wanted.symmetric_difference(row))}"
    yield from _question_faults(expected, body, attempted=False)


def _question_faults(expected: Expected, body: Any, *, attempted: bool) -> Iterator[str]:
    """Questions, wherever they are in an answer, whose keys tell too much or too little (rules.md 1.14 and 7)."""
    if isinstance(body, list):
        for each in body:
            yield from _question_faults(expected, each, attempted=attempted)
    elif isinstance(body, dict) and "answers" in body:
        yield from () if ("correct" in body) == attempted else (f"says too much or too little: {body}",)
        shown = {"correct": expected.key_shown, "selected": attempted}
        wanted = {"id", "text", *(name for name, is_shown in shown.items() if is_shown)}
        yield from (f"an answer of a question has {sorted(each)}" for each in body["answers"] if set(each) != wanted)
    elif isinstance(body, dict):
        for name, each in body.items():
            yield from _question_faults(expected, each, attempted=attempted or name == "quiz_attempt")


def _value_faults(expected: Expected, world: World, body: Any) -> Iterator[str]:
    """What is wrong with the fields that matter here."""
    for name, value in expected.values.items():
        if body.get(name) != value:
            yield f"{name} is {body.get(name)!r}, not {value!r}"
    if expected.lists is None:
        return
    found = [row for row in body["results"] if row["id"] == world.course.pk]
    if len(found) != expected.lists:
        yield f"lists the course {len(found)} times"
    for row in found:
        for name, value in expected.listed.items():
            if row[name] != value:
                yield f"in the list, {name} is {row[name]!r}, not {value!r}"


def _faults(world: World, expected: Expected, answer: Answer) -> Iterator[str]:
    if answer.status != expected.status:
        yield f"{answer.status} instead of {expected.status} {expected.errors}: {answer.body}"
        return
    if expected.errors:
        said = tuple((field, " ".join(each)) for field, each in codes(answer))
        if said != expected.errors:
            yield f"{said} instead of {expected.errors}"
        return
    faults = list(_shape_faults(expected, answer.body))
    yield from faults or _value_faults(expected, world, answer.body)
    if expected.standing:
        person, wanted = expected.standing
        now = standing(world, person)
        if now != wanted:
            yield f"{person} is {now} now, not {wanted}"


class _Writes:
    """Notices every statement that is not a read."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen = self.seen or not sql.lstrip().upper().startswith(READS)
        return execute(sql, params, many, context)


def faults_of(world: World, operation: Operation, cell: Situation) -> list[str]:
    """Where the answer to one cell is not what the oracle says. Leaves the world as it was."""
    expected = oracle.expected(operation, cell)
    writes = _Writes()
    with transaction.atomic():
        arrange(world, operation, cell)
        with transaction.atomic():
            with connection.execute_wrapper(writes):
                answer = call(world, operation, cell)
            # Tables are compared only when something was written: reading leaves them as they are.
            after = snapshot() if writes.seen else {}
            found = list(_faults(world, expected, answer))
            heard = told(world) if writes.seen else set()
            transaction.set_rollback(True)
        changed = writes.seen and snapshot() != after
        transaction.set_rollback(True)
    if changed != expected.changes:
        found.append(f"{answer.status}, and the database is {'another' if changed else 'the same'}")
    if expected.told is not None and heard != expected.told:
        found.append(f"told: {sorted(heard)} instead of {sorted(expected.told)}")
    return found


def mismatches(world: World, cells: Cells) -> list[str]:
    """A line for everything in which the server and the oracle differ."""
    return [
        f"{operation.id} by {cell.caller} ({_circumstances(cell)}): {fault}"
        for operation, cell in cells
        for fault in faults_of(world, operation, cell)
    ]


def _circumstances(cell: Situation) -> str:
    plain = Situation(cell.caller, "x")
    return ", ".join(f"{name}={value!r}" for name, value in cell._asdict().items() if value != getattr(plain, name))
