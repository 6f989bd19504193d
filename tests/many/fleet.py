"""What stands beside the servers: workers of their own, people with addresses, and the mails they are sent."""

import json
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.learning.crowd import Person
from tests.servers import PATIENCE, PROGRAM, Databases, Server, environment

ADDRESSES = """
from coursewright.accounts.models import User
for user in User.objects.filter(id__in={ids}):
    User.objects.filter(pk=user.pk).update(email=f"{{user.username}}@example.org")
"""
JOBS = """
import json
from collections import Counter
from django_tasks_db.models import DBTaskResult
print(json.dumps(Counter(DBTaskResult.objects.values_list("status", flat=True))))
"""


def needs_postgresql(databases: Databases) -> None:
    if not databases.url:
        pytest.skip("several machines share a PostgreSQL; this run is on SQLite")


class Worker:
    """One ``coursewright worker``, whose mails are written to a file."""

    def __init__(self, server: Server, place: Path) -> None:
        self.place = place
        with place.open("w") as output:
            self.process = subprocess.Popen([*PROGRAM, "worker"], env=environment(**server.settings), stdout=output)

    def mailed(self) -> Counter[str]:
        """To whom mails went, and how many."""
        return Counter(re.findall(r"^To: (\S+)$", self.place.read_text(), re.MULTILINE))


@contextmanager
def workers(*servers: Server) -> Iterator[list[Worker]]:
    """A worker for each server, with its settings; they end well."""
    found = [Worker(server, server.directory / "mails") for server in servers]
    try:
        yield found
        for worker in found:
            worker.process.send_signal(signal.SIGTERM)
        assert [worker.process.wait(PATIENCE) for worker in found] == [0] * len(found)
    finally:
        for worker in found:
            worker.process.kill()
            worker.process.wait(PATIENCE)


def give_addresses(server: Server, people: list[Person]) -> list[str]:
    """Gives each person an address for mails."""
    server.script(ADDRESSES.format(ids=[person.id for person in people]))
    return [f"{person.username}@example.org" for person in people]


def jobs(server: Server) -> dict[str, int]:
    """How many jobs ended well, ended badly, and wait."""
    found: dict[str, int] = json.loads(server.script(JOBS))
    return found
