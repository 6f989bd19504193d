"""Keys and words made from names and texts. Pure; the database folds ASCII only, so this is done in Python."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

KEY_LENGTH = 600
ENDING_LENGTH = 24
BEGINNING_LENGTH = 16
LAST_CHARACTER = "\U0010ffff"
PIECE = 300
"""Characters that are normalized at once: more than a name has."""


def _normalized(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """The text in a form of Unicode, piece by piece: the time for marks in a row grows with the square of their number.

    Where a long text is cut a letter and its mark may stay apart.
    """
    return "".join(unicodedata.normalize(form, text[place : place + PIECE]) for place in range(0, len(text), PIECE))


def name_key(name: str) -> str:
    """The form of a name in which case and width do not count: for uniqueness and order.

    A database index entry has a limited size and casefolding can lengthen a text eighteen times, so a very long key
    ends in a digest of the whole.
    """
    key = _normalized("NFKC", _normalized("NFKC", name).casefold())
    if len(key) <= KEY_LENGTH:
        return key
    return key[: KEY_LENGTH - 64] + hashlib.sha256(key.encode()).hexdigest()


def words(text: str) -> list[str]:
    """The words of a text as search compares them: case, accents and width folded, at most 64 characters each."""
    decomposed = _normalized("NFKD", _normalized("NFKC", text).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return [word[:64] for word in re.findall(r"\w+", plain)]


def slugify(name: str) -> str:
    """ASCII letters, digits and hyphens from a name; empty when it has none."""
    plain = _normalized("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def like(text: str) -> str:
    """A LIKE pattern for texts that contain ``text``; goes with ``ESCAPE '!'``."""
    return "%" + re.sub(r"([!%_])", r"!\1", text) + "%"


def endings(*keys: str) -> list[str]:
    """Every ending of the keys, cut to 24 characters: what a key contains is how one of its endings begins."""
    return sorted({key[place : place + ENDING_LENGTH] for key in keys for place in range(len(key))})


def beginnings(found: Iterable[str]) -> set[str]:
    """With what the words begin, up to 16 characters of each."""
    return {word[:end] for word in found for end in range(1, min(len(word), BEGINNING_LENGTH) + 1)}


def beginning(text: str) -> dict[str, str]:
    """``begin`` and ``end`` of the range of texts that begin with ``text``, in the order of a ``KeyField``."""
    return {"begin": text, "end": text + LAST_CHARACTER}
