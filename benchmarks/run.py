"""``python -m benchmarks.run``: measures the server on SQLite and on PostgreSQL; see README.md."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import click

from benchmarks import floors, load, measure, report, servers
from benchmarks.operations import BASELINED, OPERATIONS, Operation
from benchmarks.servers import Installation, Server
from benchmarks.statements import Statement
from benchmarks.wire import Answer, Connection
from benchmarks.world import Builder
from coursewright import serving
from tests import postgresql
from tests.postgresql import PostgreSQL

DATABASES = ("sqlite", "postgresql")
RESULTS = Path(__file__).parent / "results.json"


class Size(NamedTuple):
    """How much data there is."""

    courses: int
    members: int
    comments: int


class Plan(NamedTuple):
    """What is measured: operations, seconds of each load, rounds, and the data."""

    operations: Sequence[str]
    seconds: float
    rounds: int
    size: Size

    @property
    def short(self) -> float:
        """Seconds for what needs less time to give as many answers."""
        return max(1, self.seconds // 3) if self.seconds >= 1 else self.seconds


class Bench(NamedTuple):
    """The servers that run side by side while one database is measured."""

    installation: Installation
    ours: Server
    floor: Server
    baseline: Server
    answers: Mapping[str, Answer]

    @property
    def database_pid(self) -> int | None:
        postgresql = self.installation.postgresql
        return postgresql.pid if postgresql else None


class Subject(NamedTuple):
    """An operation with its statements."""

    operation: Operation
    statements: list[list[Statement]]


def measure_database(database: str, plan: Plan) -> dict[str, Any]:
    """Everything about one database."""
    started = postgresql.start() if database == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="coursewright-bench-") as name:
        return measure_installation(Path(name), started, plan)


def measure_installation(directory: Path, started: PostgreSQL | None, plan: Plan) -> dict[str, Any]:
    installation = Installation(directory, started)
    made = installation.fill(**plan.size._asdict())
    starts = servers.starts(installation, min(plan.rounds, 3) - 1)
    with ExitStack() as stack:
        ours = stack.enter_context(servers.coursewright(installation))
        starts.append(servers.started(ours))
        with Connection(ours.origin) as connection:
            world = Builder(installation, connection, made).build()
        operations = [OPERATIONS[name](world) for name in plan.operations]
        answers = capture(ours, operations)
        bench = stack.enter_context(beside(installation, ours, answers))
        require_same(bench, operations)
        subjects = list(map(Subject, operations, floors.recorded(installation, operations)))
        rounds = measure_rounds(bench, subjects, plan)
    found: dict[str, Any] = {
        "server": {
            "start_seconds": median(start.seconds for start in starts),
            "idle_memory_mb": median(start.memory_mb for start in starts),
        },
        "operations": {subject.operation.name: row(subject, rounds, answers) for subject in subjects},
    }
    targets = [{**target._asdict(), "met": target.met, "text": str(target)} for target in report.targets(found)]
    return {**found, "targets": targets}


def capture(ours: Server, operations: Sequence[Operation]) -> dict[str, Answer]:
    """The real answer of each operation."""
    with Connection(ours.origin) as connection:
        return {operation.name: connection.send(operation.requests[0]) for operation in operations}


@contextmanager
def beside(installation: Installation, ours: Server, answers: Mapping[str, Answer]) -> Iterator[Bench]:
    """Starts what the server is compared with."""
    target = "benchmarks.baseline_drf.wsgi:application"
    posts = serving.WITH_A_SERVER if installation.postgresql else serving.ON_SQLITE
    with (
        floors.floor(answers, installation.directory) as floor,
        servers.application(target, installation.environment, posts) as baseline,
    ):
        yield Bench(installation, ours, floor, baseline, answers)


def require_same(bench: Bench, operations: Sequence[Operation]) -> None:
    """Ends the benchmark unless the baseline's answers are those of the server."""
    with Connection(bench.ours.origin) as ours, Connection(bench.baseline.origin) as baseline:
        for operation in operations:
            for request in operation.sample if operation.name in BASELINED else ():
                wanted, found = ours.send(request).content, baseline.send(request).content
                # Pictures have whole addresses.
                found = found.replace(bench.baseline.host.encode(), bench.ours.host.encode())
                if json.loads(found) != json.loads(wanted):
                    raise SystemExit(f"{operation.name}: the baseline answers {found!r}, the server {wanted!r}")


def measure_rounds(bench: Bench, subjects: Sequence[Subject], plan: Plan) -> dict[str, list[measure.Round]]:
    """The operations in turn, round by round; the first, not counted, warms everything up."""
    found: dict[str, list[measure.Round]] = {subject.operation.name: [] for subject in subjects}
    for turn in range(plan.rounds + 1):
        for subject in subjects:
            name = subject.operation.name
            click.echo(f"round {turn} of {plan.rounds}: {name}", err=True)
            seconds = plan.seconds if turn else plan.short
            result = measure_round(bench, subject, seconds, plan.short, turn)
            if turn:
                found[name].append(result)
    return found


def measure_round(bench: Bench, subject: Subject, seconds: float, short: float, turn: int) -> measure.Round:
    """One operation and its comparisons, one right after the other."""
    operation, statements = subject
    given, reset = operation.requests, operation.reset
    baseline = None
    ours = measure.sample(bench.ours, given, seconds, reset=reset, database_pid=bench.database_pid)
    if operation.name in BASELINED:
        baseline = measure.sample(bench.baseline, given, seconds, database_pid=bench.database_pid)
    floor = measure.sample(bench.floor, floors.floor_requests(operation), short)
    database = floors.database_floor(bench.installation, operation, statements, short, turn)
    return measure.Round(ours, floor.cpu_ms, database, baseline)


def row(subject: Subject, rounds: Mapping[str, list[measure.Round]], answers: Mapping[str, Answer]) -> dict[str, Any]:
    """An operation's row in the results."""
    name = subject.operation.name
    statements = max(len(each) for each in subject.statements)
    return {
        **measure.summary(rounds[name], statements, len(answers[name].content)),
        "writes": subject.operation.writes,
    }


def settings(plan: Plan) -> dict[str, Any]:
    """How it was measured."""
    return {
        "seconds": plan.seconds,
        "rounds": plan.rounds,
        "connections": load.CONNECTIONS,
        "load_generator": load.tool(plan.seconds),
        **plan.size._asdict(),
    }


@click.command()
@click.option("--database", "databases", multiple=True, default=DATABASES, type=click.Choice(DATABASES))
@click.option("--only", "names", multiple=True, default=tuple(OPERATIONS), type=click.Choice(list(OPERATIONS)))
@click.option("--seconds", default=3.0, show_default=True, help="Of each load; below one without wrk.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1), help="The median counts.")
@click.option("--courses", default=200, show_default=True, type=click.IntRange(1))
@click.option("--members", default=1000, show_default=True, type=click.IntRange(1))
@click.option("--comments", default=20, show_default=True, type=click.IntRange(0))
@click.option("--output", default=RESULTS, show_default=True, type=click.Path(path_type=Path), help="The JSON.")
def main(
    databases: tuple[str, ...],
    names: tuple[str, ...],
    seconds: float,
    rounds: int,
    courses: int,
    members: int,
    comments: int,
    output: Path,
) -> None:
    """Measure the operations beside their floors, and two beside plain Django REST framework."""
    plan = Plan(names, seconds, rounds, Size(courses, members, comments))
    found: dict[str, Any] = {"machine": report.machine(), "settings": settings(plan), "databases": {}}
    for database in databases:
        found["databases"][database] = measure_database(database, plan)
        report.show(database, found["databases"][database])
        output.write_text(json.dumps(found, indent=2) + "\n")
    click.echo(f"\nAll figures are in {output}.")


if __name__ == "__main__":
    main()
