"""Numbers that are kept because counting them anew would cost as much as what they count.

A tally is known by what it counts, whose it is (an id, 0 for the whole community) and a key. Who changes what is
counted changes the tally in the same transaction; docs/decisions/0012-counts-are-kept.md has which there are.
"""

from collections.abc import Mapping
from typing import NamedTuple

from coursewright.foundation import sql
from coursewright.foundation.batches import batches

BATCH = 2000
"""How many tallies are added to in one statement, which takes only so many values."""

ADD = """
INSERT INTO coursewright_tally (kind, object_id, key, number) VALUES {rows}
ON CONFLICT (kind, object_id, key) DO UPDATE SET number = coursewright_tally.number + excluded.number
"""


class Tally(NamedTuple):
    """Which number is meant."""

    kind: str
    object_id: int = 0
    key: str = ""


def add(changes: Mapping[Tally, int]) -> None:
    """Adds to each tally, in one statement and in one order, so that parallel writers queue up; nothing for zeros."""
    for batch in batches(sorted((tally, number) for tally, number in changes.items() if number), BATCH):
        # Each value is named once: SQLite looks for a name among all others.
        values = dict.fromkeys(value for tally, number in batch for value in (*tally, number))
        names = {value: f"value{place}" for place, value in enumerate(values)}
        rows = ", ".join(
            f"({', '.join(f'%({names[value]})s' for value in (*tally, number))})" for tally, number in batch
        )
        sql.execute(ADD.format(rows=rows), {name: value for value, name in names.items()})


def tallied(kind: str, object_id: str = "0", key: str = "''") -> str:
    """SQL for a number that is kept; ``object_id`` and ``key`` are SQL themselves."""
    return (
        f"COALESCE((SELECT y.number FROM coursewright_tally y "
        f"WHERE y.kind = '{kind}' AND y.object_id = {object_id} AND y.key = {key}), 0)"
    )


def summed(kind: str, object_id: str, keys: str | None = None) -> str:
    """SQL for numbers that are kept, added up: those of some keys, a list in SQL, or of all."""
    some = "" if keys is None else f" AND y.key IN ({keys})"
    return (
        f"(SELECT COALESCE(sum(y.number), 0) FROM coursewright_tally y "
        f"WHERE y.kind = '{kind}' AND y.object_id = {object_id}{some})"
    )
