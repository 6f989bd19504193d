"""Sixteen who write at the same time, at a real server: nobody is refused, nothing is lost, nobody waits long."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles
from threading import Barrier
from typing import NamedTuple
from uuid import uuid4

import pytest

from tests.client import Remote
from tests.servers import MakeServer, Server

WRITERS = 16
WRITES = 25
PATIENCE = 10
"""How many times the median the slowest hundredth may take."""
EVENTS = """
import json
from django.db.models import Count
from coursewright.foundation.models import Event
found = Event.objects.filter(kind="section.changed").values_list("object_id").annotate(Count("id"))
print(json.dumps(sorted(found)))
"""


class Round(NamedTuple):
    """What one round of writing came to: the answers' statuses, and the median and the 99th percentile in seconds."""

    statuses: set[int]
    median: float
    tail: float

    @property
    def fair(self) -> bool:
        return self.tail <= PATIENCE * self.median


def write_at_once(writers: list[Remote], paths: list[str]) -> Round:
    """Each writer renames a section of its own again and again."""
    start = Barrier(len(writers))

    def write(writer: Remote, path: str) -> list[tuple[int, float]]:
        writer.get("user/me/")  # connects
        start.wait()
        found = []
        for place in range(1, WRITES + 1):
            began = time.perf_counter()
            answer = writer.put(path, {"name": f"Write {place}"})
            found.append((answer.status, time.perf_counter() - began))
        return found

    with ThreadPoolExecutor(len(writers)) as pool:
        found = [pair for pairs in pool.map(write, writers, paths) for pair in pairs]
    cuts = quantiles([seconds for _, seconds in found], n=100)
    return Round({status for status, _ in found}, cuts[49], cuts[98])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sixteen_writers(workers: str, make_server: MakeServer) -> None:
    server = make_server().start("--workers", workers)
    server.command("user", "add", "ann")
    ann = server.remote("ann")
    course = ann.post("course/", {"name": f"Course {uuid4().hex}", "type": "self-paced"}).body["id"]
    sections = [ann.post(f"course/{course}/section/", {"name": "New"}).body["id"] for _ in range(WRITERS)]
    paths = [f"course/{course}/section/{section}/" for section in sections]
    writers = [Remote(server.origin, ann.token) for _ in sections]
    server.callers += writers

    rounds = [write_at_once(writers, paths)]
    if not rounds[0].fair:  # something else may have had the machine for a moment
        rounds.append(write_at_once(writers, paths))

    assert [each.statuses for each in rounds] == [{200}] * len(rounds)
    assert events(server) == [[section, len(rounds) * WRITES] for section in sections]
    assert [ann.get(path).body["name"] for path in paths] == [f"Write {WRITES}"] * WRITERS
    assert rounds[-1].fair, rounds
    assert server.stop() == 0
    assert server.errors == ""


def events(server: Server) -> list[list[int]]:
    """Each section that was changed, and how often."""
    found: list[list[int]] = json.loads(server.script(EVENTS))
    return found
