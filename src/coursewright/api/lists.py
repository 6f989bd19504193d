"""The six ways in which clients write a list, read alike (rules.md 1.3).

``a=["x","y"]``, ``a=x``, ``a=x,y``, ``a=x&a=y``, ``a[]=x&a[]=y``, ``a[0]=x&a[1]=y``.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
PART = re.compile(r"\[([^\[\]]*)\]")
MAX_DEPTH = 8


def collect(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A plain dict of form or query pairs.

    Repeated names and names with brackets become lists; ``a[0][text]=x`` becomes a list of objects. A list in one
    text stays a text here: only the field that reads it knows that it is a list (see ``items``).
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = NAME.fullmatch(name)
        path = [match[1], *PART.findall(match[2])] if match else [name]
        if len(path) > MAX_DEPTH:
            raise SuspiciousOperation("A form field has too many brackets.")
        _put(tree, path, value)
    return {name: _listed(value) for name, value in tree.items()}


class _Branch(dict[str, Any]):
    """Entries of a list or an object that came in brackets."""

    def free(self) -> str:
        return str(max((int(key) for key in self if _is_index(key)), default=-1) + 1)


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 10


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    name, *rest = path
    if isinstance(tree, _Branch) and not name:
        name = tree.free()
    if rest:
        branch = tree.setdefault(name, _Branch())
        if not isinstance(branch, _Branch):
            branch = tree[name] = _Branch({"0": branch})
        _put(branch, rest, value)
    elif name in tree:
        before = tree[name]
        branch = before if isinstance(before, _Branch) else _Branch({"0": before})
        branch[branch.free()] = value
        tree[name] = branch
    else:
        tree[name] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, _Branch):
        return value
    if all(_is_index(key) for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(item) for key, item in value.items()}


def items(value: Any) -> Any:
    """The list that a value stands for; what cannot be one is given back as it is, for the field to refuse."""
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("["):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return value
        return [item.strip() for item in text.split(",") if item.strip()]
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return items(value[0])
    return value
