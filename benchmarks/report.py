"""The result as a table, and which targets it meets."""

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

COLUMNS = {
    "req/s": ("requests_per_second", "{:.0f}"),
    "p50 ms": ("p50_ms", "{:.1f}"),
    "p99 ms": ("p99_ms", "{:.1f}"),
    "CPU ms": ("cpu_ms", "{:.2f}"),
    "database CPU ms": ("database_cpu_ms", "{:.2f}"),
    "statements": ("statements", "{:.0f}"),
    "memory MB": ("memory_mb", "{:.0f}"),
    "floor (a)": ("floor_cpu_ms", "{:.3f}"),
    "database (b)": ("database_floor_cpu_ms", "{:.3f}"),
    "x limit (a+b)": ("times_limit", "{:.2f}"),
    "DRF CPU ms (c)": ("baseline_cpu_ms", "{:.2f}"),
    "x cheaper": ("times_cheaper", "{:.1f}"),
}
MOST_CPU_MS, MOST_SPREAD = 2.5, 3.0
MOST_STATEMENTS = {False: 6, True: 9}
CHEAPER = {"course_page": 9.0, "put_section": 3.5}
TIMES_LIMIT = {"course_page": 2.5, "put_section": 3.0}
MOST_START_SECONDS, MOST_IDLE_MB = 1.5, 170.0


class Target(NamedTuple):
    """``figure`` must be at most (or, with ``least``, at least) ``limit``."""

    name: str
    figure: float
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.figure >= self.limit if self.least else self.figure <= self.limit

    def __str__(self) -> str:
        word = "met   " if self.met else "MISSED"
        return f"{word} {self.name}: {self.figure:.2f} ({'at least' if self.least else 'at most'} {self.limit:g})"


def targets(found: Mapping[str, Any]) -> Iterator[Target]:
    """The targets of a database's results."""
    yield Target("start, seconds", found["server"]["start_seconds"], MOST_START_SECONDS)
    yield Target("idle memory, MB", found["server"]["idle_memory_mb"], MOST_IDLE_MB)
    for name, row in found["operations"].items():
        if name in CHEAPER:
            yield Target(f"{name}, times cheaper than plain DRF", row["times_cheaper"], CHEAPER[name], least=True)
            yield Target(f"{name}, times the limit", row["times_limit"], TIMES_LIMIT[name])
        yield Target(f"{name}, CPU ms", row["cpu_ms"], MOST_CPU_MS)
        yield Target(f"{name}, statements", row["statements"], MOST_STATEMENTS[row["writes"]])
        yield Target(f"{name}, p99 / p50", row["p99_ms"] / row["p50_ms"], MOST_SPREAD)


def table(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The operations' rows in Markdown."""
    cells = [["operation", *COLUMNS]]
    for name, row in rows.items():
        figures = [("" if row[key] is None else form.format(row[key])) for key, form in COLUMNS.values()]
        cells.append([name, *figures])
    return markdown(cells)


def markdown(cells: list[list[str]]) -> str:
    """A table: the first row is its head, the first column is on the left."""
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in cells]
    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def show(database: str, found: Mapping[str, Any]) -> None:
    """Prints a database's results."""
    server = found["server"]
    click.echo(f"\n## {database}\n\n{table(found['operations'])}\n")
    click.echo(f"start {server['start_seconds']:.2f} s, idle {server['idle_memory_mb']:.0f} MB\n")
    for target in found["targets"]:
        click.echo(target["text"])


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": model[0].partition(":")[2].strip() if model else platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
