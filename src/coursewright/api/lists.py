"""The six ways in which clients write a list, read alike (rules.md 1.3).

``a=["x","y"]``, ``a=x``, ``a=x,y``, ``a=x&a=y``, ``a[]=x&a[]=y``, ``a[0]=x&a[1]=y``.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

# A name with more brackets than this is a name like any other, and unknown.
NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\]){1,7})")
PART = re.compile(r"\[([^\[\]]*)\]")
INDEX = re.compile(r"[0-9]{1,9}")
# More than a page or an editor ever sends; a statement of the database takes only so many values.
MAX_ITEMS = 5000
TOO_MANY = f"No more than {MAX_ITEMS} items."


class _Branch(dict[str, Any]):
    """Entries of a list or an object that came in brackets, or of a name that came twice."""

    next = 0

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if INDEX.fullmatch(key):
            self.next = max(self.next, int(key) + 1)

    def append(self, value: Any) -> None:
        self[str(self.next)] = value

    def listed(self) -> Any:
        """Entries that are all numbered are a list, in the order of their numbers."""
        plain = {key: value.listed() if isinstance(value, _Branch) else value for key, value in self.items()}
        if all(INDEX.fullmatch(key) for key in plain):
            return [plain[key] for key in sorted(plain, key=int)]
        return plain


def collect(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A plain dict of form or query pairs.

    Repeated names and names with brackets become lists; ``a[0][text]=x`` becomes a list of objects. A list in one
    text stays a text here: only the field that reads it knows that it is a list (see ``items``).
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = NAME.fullmatch(name)
        if match:
            _put(_branch(tree, match[1]), PART.findall(match[2]), value)
        elif name in tree:
            _branch(tree, name).append(value)
        else:
            tree[name] = value
    return {name: value.listed() if isinstance(value, _Branch) else value for name, value in tree.items()}


def _branch(tree: dict[str, Any], name: str) -> _Branch:
    """The branch of that name; a value that stood there becomes its first entry."""
    if not isinstance(tree.get(name), _Branch):
        branch = _Branch()
        if name in tree:
            branch.append(tree[name])
        tree[name] = branch
    found: _Branch = tree[name]
    return found


def _put(branch: _Branch, path: list[str], value: Any) -> None:
    name, *rest = path
    if rest:
        _put(_branch(branch, name or str(branch.next)), rest, value)
    elif name and name not in branch:
        branch[name] = value
    else:
        branch.append(value)


def items(value: Any) -> Any:
    """The list that a value stands for; what cannot be one is given back as it is, for the field to refuse.

    Texts in a list may be lists themselves, so that ``a=x,y&a=z`` is read too.
    """
    if isinstance(value, list):
        return [item for inner in value for item in (_split(inner) if isinstance(inner, str) else [inner])]
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    return value


def _split(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        try:
            found: list[Any] = json.loads(text)
        except (ValueError, RecursionError):
            return [text]
        return found
    return [item.strip() for item in text.split(",") if item.strip()]
