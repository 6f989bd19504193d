"""``python -m benchmarks.growth``: what each operation costs on little data and on much; see README.md."""

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import click

from benchmarks import measure, report, servers
from benchmarks.operations import OPERATIONS, Operation
from benchmarks.run import DATABASES, Size, capture
from benchmarks.servers import Installation, Server
from benchmarks.wire import Connection
from benchmarks.world import Builder
from tests import postgresql
from tests.postgresql import PostgreSQL

RESULTS = Path(__file__).parent / "growth.json"
MOST = 1.15
"""How many times its cost on little data an operation may cost on much, when its answer is as long."""


class Dimension(NamedTuple):
    """What grows: from ``small`` to ``large``. ``lessons``: in a course of its own, when they are what grows."""

    small: Size
    large: Size
    lessons: tuple[int, int] = (0, 0)


SMALL = Size(courses=200, members=100, comments=20)
DIMENSIONS = {
    "courses": Dimension(SMALL, SMALL._replace(courses=20_000)),
    "members": Dimension(SMALL, SMALL._replace(members=100_000)),
    "comments": Dimension(SMALL, SMALL._replace(comments=20_000)),
    "lessons": Dimension(SMALL, SMALL, (10, 1_000)),
}


class Side(NamedTuple):
    """A server on little data or on much."""

    server: Server
    database_pid: int | None
    operations: list[Operation]
    answer_bytes: dict[str, int]

    def cost(self, place: int, seconds: float) -> float:
        """CPU of the server and of the database for one request, in milliseconds."""
        operation = self.operations[place]
        found = measure.sample(
            self.server, operation.requests, seconds, reset=operation.reset, database_pid=self.database_pid
        )
        return found.cpu_ms + found.database_cpu_ms


def side(
    stack: ExitStack, directory: Path, started: PostgreSQL | None, size: Size, lessons: int, names: Sequence[str]
) -> Side:
    """Fills an installation and starts its server, until the end of the stack."""
    directory.mkdir()
    installation = Installation(directory, started)
    made = installation.fill(**size._asdict())
    server = stack.enter_context(servers.coursewright(installation))
    with Connection(server.origin) as connection:
        world = Builder(installation, connection, made).build(lessons)
    operations = [OPERATIONS[name](world) for name in names]
    sizes = {name: len(answer.content) for name, answer in capture(server, operations).items()}
    return Side(server, started.pid if started else None, operations, sizes)


def measure_dimension(
    database: str, dimension: Dimension, names: Sequence[str], seconds: float, rounds: int
) -> dict[str, dict[str, Any]]:
    """Each operation on both sides in turn; the first round, not counted, warms up."""
    started = postgresql.start() if database == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="coursewright-growth-") as name, ExitStack() as stack:
        small, large = (
            side(stack, Path(name) / f"{word}{database}", started, size, lessons, names)
            for word, size, lessons in zip(
                ("small", "large"), (dimension.small, dimension.large), dimension.lessons, strict=True
            )
        )
        costs: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for turn in range(rounds + 1):
            for place, name in enumerate(names):
                pair = small.cost(place, seconds), large.cost(place, seconds)
                if turn:
                    costs[name].append(pair)
    return {name: row(costs[name], small.answer_bytes[name], large.answer_bytes[name]) for name in names}


def row(costs: Sequence[tuple[float, float]], small_bytes: int, large_bytes: int) -> dict[str, Any]:
    """The medians, and what to think of them."""
    ratio = median(large / small for small, large in costs)
    longer = large_bytes > small_bytes * 1.1
    return {
        "small_cpu_ms": median(small for small, _ in costs),
        "large_cpu_ms": median(large for _, large in costs),
        "ratio": ratio,
        "small_bytes": small_bytes,
        "large_bytes": large_bytes,
        "verdict": "flat" if ratio <= MOST else "grows with its answer" if longer else "GROWS",
    }


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The rows in Markdown."""
    cells = [["operation", "CPU ms, small", "CPU ms, large", "ratio", "bytes, small", "bytes, large", ""]]
    for name, found in rows.items():
        figures = [f"{found[key]:.2f}" for key in ("small_cpu_ms", "large_cpu_ms", "ratio")]
        cells.append([name, *figures, str(found["small_bytes"]), str(found["large_bytes"]), found["verdict"]])
    return report.markdown(cells)


@click.command()
@click.option("--database", "databases", multiple=True, default=DATABASES, type=click.Choice(DATABASES))
@click.option("--what", "whats", multiple=True, default=tuple(DIMENSIONS), type=click.Choice(list(DIMENSIONS)))
@click.option("--only", "names", multiple=True, default=tuple(OPERATIONS), type=click.Choice(list(OPERATIONS)))
@click.option("--seconds", default=1.0, show_default=True, help="Of each load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="The median counts.")
@click.option("--output", default=RESULTS, show_default=True, type=click.Path(path_type=Path), help="The JSON.")
def main(
    databases: tuple[str, ...],
    whats: tuple[str, ...],
    names: tuple[str, ...],
    seconds: float,
    rounds: int,
    output: Path,
) -> None:
    """Measure each operation on little data and on much, in turn: the CPU of the server and of the database."""
    found: dict[str, Any] = {"machine": report.machine(), "databases": {}}
    for database in databases:
        found["databases"][database] = {}
        for what in whats:
            rows = measure_dimension(database, DIMENSIONS[what], names, seconds, rounds)
            found["databases"][database][what] = rows
            click.echo(f"\n## {database}: {what}\n\n{table(rows)}")
            output.write_text(json.dumps(found, indent=2) + "\n")
    click.echo(f"\nAll figures are in {output}.")


if __name__ == "__main__":
    main()
