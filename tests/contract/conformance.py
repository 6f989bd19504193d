"""The contract's tables as a judge of answers: ``check(value, "course_user_detail")`` lists what is wrong with a value.

``operations.yaml`` and ``schemas.yaml`` are read as they are. A type of the tables is an enum, ``list(x)``, the name
of a schema, a plain type, or several with ``|`` between them; ``list(integer) in, list(category) out`` is read as what
comes out.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

HERE = Path(__file__).parent
# The type of an object whose fields stand under it is in a comment, which the reader of YAML would drop.
OBJECT = re.compile(r'^( +)(\w+):  # type: "([^"]+)", access: (\w+)(, required: true)?.*$', re.MULTILINE)
ALONE = re.compile(r" \([^()]*\)| \(.*\)$")


class Operation(NamedTuple):
    """A row of ``operations.yaml``."""

    id: str
    method: str
    path: str
    who: str
    query: tuple[str, ...]
    body: Any
    answers: dict[int, str]


@cache
def operations() -> dict[str, Operation]:
    """All operations of the contract by their ids."""
    rows = yaml.safe_load((HERE / "operations.yaml").read_text())
    return {
        row["id"]: Operation(
            row["id"], *row["call"].split(), row["who"], tuple(row.get("query", ())), row.get("body"), row["answers"]
        )
        for row in rows
    }


@cache
def schemas() -> dict[str, Any]:
    """All schemas: fields with ``type`` and ``access``; an object's own type is its entry ``""``."""
    text = (HERE / "schemas.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(OBJECT.sub(r'\1\2:\n\1  "": {type: "\3", access: \4\5}', text))
    return found


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!0+Z)\d+)?Z", value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and (value == "" or bool(urlsplit(value).scheme and urlsplit(value).netloc))


def _is_integer(value: Any) -> bool:
    return type(value) is int


PLAIN: dict[str, Callable[[Any], bool]] = {
    "integer": _is_integer,
    "number": lambda value: type(value) in (int, float),
    "boolean": lambda value: type(value) is bool,
    "bool": lambda value: type(value) is bool,
    "string": lambda value: isinstance(value, str),
    "string(date-time)": _is_time,
    "string(date)": _is_date,
    "string(uri)": _is_address,
    "string(binary)": _is_address,
    "null": lambda value: value is None,
    "json": lambda value: True,
}
WORDS = {"null": None, "''": ""}
ONLY_WHEN: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "course_notification.comment": lambda value: value.get("type") == "user_commented_a_course_lesson",
}
"""Fields that are there for some objects only."""
INSIDE = {"course_attempt": {"course_question.correct", "course_question_answer.selected"}}
"""Fields that are always there inside such an object, wherever it stands (rules.md 1.14)."""


def enum(type: str) -> list[str | None] | None:
    """The words of an enum, with None for null; None for another type."""
    if not type.startswith("enum "):
        return None
    return [WORDS.get(word, word) for word in ALONE.sub("", type).removeprefix("enum ").split("/")]


class Checker:
    """Checks one answer. ``absent``: fields, as ``course_question.correct``, that must not be there (rules.md 1.14)."""

    def __init__(self, absent: Collection[str] = ()) -> None:
        self.absent = absent

    def typed(self, value: Any, type: str, path: str) -> Iterator[str]:
        """What is wrong with a value of a type of the tables."""
        type = type.partition(" in, ")[2].removesuffix(" out") or type
        words = enum(type)
        if words is not None:
            if value not in words:
                yield f"{path}: {value!r} is none of {words}"
        elif " | " in type:
            yield from self._either(value, type.split(" | "), path)
        elif type.startswith("list("):
            yield from self._list(value, type[5:-1], path)
        elif type in schemas():
            inside = Checker(set(self.absent) - INSIDE[type]) if type in INSIDE else self
            yield from inside.fields(value, schemas()[type], type, path)
        elif not PLAIN[type](value):
            yield f"{path}: {value!r} is not {type}"

    def _either(self, value: Any, types: list[str], path: str) -> Iterator[str]:
        faults = [list(self.typed(value, type, path)) for type in types]
        if all(faults):
            # The one it was meant to be is the one that fails deepest.
            yield from max(faults, key=lambda found: max(len(fault.partition(": ")[0]) for fault in found))

    def _list(self, value: Any, type: str, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: {value!r} is not a list"
            return
        for place, item in enumerate(value):
            yield from self.typed(item, type, f"{path}[{place}]")

    def fields(self, value: Any, fields: Mapping[str, Any], name: str, path: str) -> Iterator[str]:
        """What is wrong with an object: fields that are missing, unknown, for writing only, or of another type."""
        if not isinstance(value, dict):
            yield f"{path}: {value!r} is not an object"
            return
        for field, spec in fields.items():
            here = f"{path}.{field}".lstrip(".")
            if field == "":
                continue
            if not self._expected(f"{name}.{field}", spec, value):
                if field in value:
                    yield f"{here}: must not be there"
            elif field not in value:
                yield f"{here}: is missing"
            elif "type" in spec and isinstance(spec["type"], str):
                yield from self.typed(value[field], spec["type"], here)
            else:
                yield from self._object(value[field], spec, f"{name}.{field}", here)
        for field in value.keys() - fields.keys():
            yield f"{path}.{field}: is not in the table".lstrip(".")

    def _expected(self, name: str, spec: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
        access = spec["access"] if isinstance(spec.get("access"), str) else spec[""]["access"]
        return access != "wo" and name not in self.absent and ONLY_WHEN.get(name, lambda _: True)(value)

    def _object(self, value: Any, fields: Mapping[str, Any], name: str, path: str) -> Iterator[str]:
        type = fields[""]["type"]
        if value is None and type.endswith(" | null"):
            return
        if type.startswith("list("):
            yield from self._objects(value, fields, name, path)
        else:
            yield from self.fields(value, fields, name, path)

    def _objects(self, value: Any, fields: Mapping[str, Any], name: str, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path}: {value!r} is not a list"
            return
        for place, item in enumerate(value):
            yield from self.fields(item, fields, name, f"{path}[{place}]")


def check(value: Any, type: str, *, absent: Collection[str] = ()) -> list[str]:
    """The faults of a value of a schema, or of any other type of the tables; empty when it conforms.

    ``absent``: fields, as ``course_question.correct``, that must not be there in this operation.
    """
    return list(Checker(absent).typed(value, type, ""))


def _page(value: Any, type: str, absent: Collection[str]) -> Iterator[str]:
    if not isinstance(value, dict) or list(value) != ["count", "next", "previous", "results"]:
        yield ": is not a page"
        return
    yield from Checker(absent).typed(value["count"], "integer", "count")
    for name in ("next", "previous"):
        yield from Checker(absent).typed(value[name], "string(uri) | null", name)
    yield from Checker(absent).typed(value["results"], f"list({type})", "results")


# Keys that operations.yaml names without saying their type.
BARE = {
    "email": "string",
    "language": "string",
    "status": "string",
    "email_isvalid": "boolean",
    "role": "enum null/admin/moderator/editor",
    "unseen_interactions_counter": "integer",
    "unseen_notification_banners_counter": "integer",
    "join_status": "enum null/creator/manager/joined/invited/requested",
    "next": "string(uri) | null",
    "previous": "string(uri) | null",
}


def _inline(text: str) -> dict[str, dict[str, str]]:
    """The fields of ``{a, b: type}``."""
    fields = {}
    for part in text.strip("{}").split(", "):
        name, _, type = part.partition(": ")
        type = type or BARE[name]
        fields[name] = {"type": BARE.get(type, type), "access": "ro"}
    return fields


def _alternative(value: Any, shape: str, absent: Collection[str]) -> list[str]:
    if shape in ("empty", "{}"):
        return [] if value == ({} if shape == "{}" else None) else [f": {value!r} is not {shape}"]
    if shape == "errors":
        return error_faults(value)
    if shape.startswith("page("):
        return list(_page(value, shape[5:-1], absent))
    name, _, extra = shape.rpartition(" + ")
    if extra.startswith("{"):
        return list(Checker(absent).fields(value, schemas().get(name, {}) | _inline(extra), name, ""))
    return check(value, shape, absent=absent)


def shapes(answer: str) -> list[str]:
    """The alternatives of an answer in ``operations.yaml``, without what is said about them in words."""
    plain = ALONE.sub("", answer).removesuffix(", always whole").removesuffix(", those changed")
    return [*re.split(r" / | or ", plain), *re.findall(r"\((\w+) when", answer)]


def answer_faults(value: Any, answer: str, *, shape: str | None = None, absent: Collection[str] = ()) -> list[str]:
    """The faults of a body as an answer of ``operations.yaml``; ``shape``: which of its alternatives it must be."""
    known = shapes(answer)
    assert shape is None or shape in known, f"{shape} is none of {known}"
    found = [_alternative(value, one, absent) for one in ([shape] if shape else known)]
    return min(found, key=len)


MESSAGE = {"code": {"type": "string", "access": "ro"}, "message": {"type": "string", "access": "ro"}}
FIELD = {"field": {"type": "string", "access": "ro"}, "messages": {"type": "json", "access": "ro"}}


def error_faults(value: Any) -> list[str]:
    """The faults of the body of an error (rules.md 1.9)."""
    if not isinstance(value, dict) or list(value) != ["errors"] or not isinstance(value["errors"], list):
        return [": is not errors"]
    if not value["errors"]:
        return ["errors: is empty"]
    checker, faults = Checker(), []
    for place, item in enumerate(value["errors"]):
        path = f"errors[{place}]"
        is_field = isinstance(item, dict) and "field" in item
        faults += checker.fields(item, FIELD if is_field else MESSAGE, "errors", path)
        if is_field and not faults:
            faults += checker._objects(item["messages"], MESSAGE, "errors.messages", f"{path}.messages")
    return faults
