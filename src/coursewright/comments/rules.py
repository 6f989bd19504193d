"""Pure decisions about comments."""

from collections.abc import Iterable
from typing import NamedTuple


def may_write(author_id: int, caller_id: int, manages: bool) -> bool:
    """Who may change or delete a comment: its author and the managers (rules.md 8)."""
    return manages or author_id == caller_id


class Part(NamedTuple):
    """Some of the comments of one lesson."""

    lesson: int
    limit: int
    offset: int


def windows(numbers: Iterable[tuple[int, int]], limit: int, offset: int) -> list[Part]:
    """The part that each lesson has in a window on all comments, lesson by lesson.

    ``numbers``: how many comments each lesson has, in the order of the course.
    """
    parts = []
    for lesson, number in numbers:
        inside = min(limit, number - offset)
        if inside > 0:
            parts.append(Part(lesson, inside, offset))
            limit -= inside
        offset = max(offset - number, 0)
    return parts
