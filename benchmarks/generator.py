"""A small load generator, where wrk is not installed: ``python -m benchmarks.generator HOST PORT SECONDS CONNECTIONS``.

The requests come on standard input, pickled; the result goes to standard output as the JSON that ``wrk.lua`` prints.
"""

import asyncio
import json
import pickle
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from statistics import quantiles


class Caller(asyncio.Protocol):
    """One kept connection: the next request goes out when the answer to the last is here."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests, self.until = requests, until
        self.latencies: list[float] = []
        self.errors = 0
        self.buffer = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.sent = time.perf_counter()
        if self.sent >= self.until:
            self.transport.close()
        else:
            self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if end and len(body) >= length(head):
            self.latencies.append(time.perf_counter() - self.sent)
            self.errors += not head.startswith(b"HTTP/1.1 2")
            self.buffer = b""
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.errors += time.perf_counter() < self.until
        if not self.ended.done():
            self.ended.set_result(None)


def length(head: bytes) -> int:
    """How many bytes of body follow; an answer without a length has none here (204)."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def drive(host: str, port: int, seconds: float, connections: int, requests: list[bytes]) -> dict[str, float]:
    """Calls for so many seconds, and counts."""
    begun = time.perf_counter()
    turns, loop = cycle(requests), asyncio.get_running_loop()
    callers = [
        (await loop.create_connection(lambda: Caller(turns, begun + seconds), host, port))[1]
        for _ in range(connections)
    ]
    for caller in callers:
        await caller.ended
    latencies = [latency * 1000 for caller in callers for latency in caller.latencies]
    cuts = quantiles(latencies, n=100, method="inclusive")
    return {
        "requests": len(latencies),
        "seconds": time.perf_counter() - begun,
        "p50_ms": cuts[49],
        "p99_ms": cuts[98],
        "errors": sum(caller.errors for caller in callers),
    }


if __name__ == "__main__":
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the benchmark that started this process
    result = asyncio.run(drive(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), given))
    sys.stdout.write(json.dumps(result))
