"""One measurement of one operation, and the operation on all that it is compared with, round by round."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from benchmarks import cpu, load
from benchmarks.servers import Server
from benchmarks.wire import Connection, Request


class Sample(NamedTuple):
    """What one load of one operation cost; for each request, in milliseconds where it is a time. Memory in MB."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    database_cpu_ms: float
    memory_mb: float


def sample(
    server: Server,
    requests: Sequence[Request],
    seconds: float,
    *,
    reset: Sequence[Request] = (),
    database_pid: int | None = None,
) -> Sample:
    """Drives the server for so many seconds. The CPU is that of all its processes, its worker for jobs included."""
    with Connection(server.origin) as connection:
        for request in reset:
            connection.send(request)
    raw = [request.raw(server.host) for request in requests]
    begun, database_begun = cpu.seconds(server.pid), _seconds(database_pid)
    found = load.drive(server.origin, raw, seconds)
    used, database_used = cpu.seconds(server.pid) - begun, _seconds(database_pid) - database_begun
    return Sample(
        found.requests / found.seconds,
        found.p50_ms,
        found.p99_ms,
        used * 1000 / found.requests,
        database_used * 1000 / found.requests,
        cpu.memory(server.pid),
    )


def _seconds(pid: int | None) -> float:
    return cpu.seconds(pid) if pid else 0.0


class Round(NamedTuple):
    """One operation once beside its comparisons, one right after the other."""

    ours: Sample
    floor_ms: float
    database_floor_ms: float
    baseline: Sample | None

    @property
    def limit_ms(self) -> float:
        return self.floor_ms + self.database_floor_ms

    @property
    def times_limit(self) -> float:
        return self.ours.cpu_ms / self.limit_ms

    @property
    def times_cheaper(self) -> float | None:
        return self.baseline.cpu_ms / self.ours.cpu_ms if self.baseline else None


def middle(rounds: Sequence[Round], read: Callable[[Round], float]) -> float:
    """The median of a figure over the rounds."""
    return round(median(read(each) for each in rounds), 4)


def summary(rounds: Sequence[Round], statements: int, answer_bytes: int) -> dict[str, float | None]:
    """An operation's row: the median of each figure, ratios too, which are taken within a round."""
    baselined = rounds[0].baseline is not None
    return {
        **{name: middle(rounds, lambda each: getattr(each.ours, name)) for name in Sample._fields},  # noqa: B023
        "statements": statements,
        "answer_bytes": answer_bytes,
        "floor_cpu_ms": middle(rounds, lambda each: each.floor_ms),
        "database_floor_cpu_ms": middle(rounds, lambda each: each.database_floor_ms),
        "limit_cpu_ms": middle(rounds, lambda each: each.limit_ms),
        "times_limit": middle(rounds, lambda each: each.times_limit),
        "baseline_cpu_ms": middle(rounds, lambda each: each.baseline.cpu_ms if each.baseline else 0)
        if baselined
        else None,
        "times_cheaper": middle(rounds, lambda each: each.times_cheaper or 0) if baselined else None,
    }
