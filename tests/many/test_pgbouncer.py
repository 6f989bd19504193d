"""Behind a real PgBouncer in transaction mode, whose few connections all processes share."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.cli.test_stop import wait_until
from tests.client import Answer
from tests.learning.crowd import Person, at_once, crowd
from tests.many.fleet import give_addresses, jobs, needs_postgresql, workers
from tests.servers import PATIENCE, Databases, MakeServer, free_port

POOL = 4
PREPARES = """
from django.db import connection
connection.ensure_connection()
print(connection.connection.prepare_threshold)
"""
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 200
"""


@pytest.fixture
def pooler(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """The address of a PgBouncer before the tests' PostgreSQL, without a database's name."""
    needs_postgresql(databases)
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no pgbouncer here (Debian: apt install pgbouncer)")
    given = conninfo_to_dict(databases.url)
    host, user, port = str(given["host"]), given["user"], free_port()
    file = tmp_path / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(host=host, port=given.get("port", 5432), user=user, listen=port, pool=POOL))
    as_user = ["-u", Path(host).owner() if host.startswith("/") else "nobody"] if os.geteuid() == 0 else []
    log = tmp_path / "pgbouncer.log"
    with log.open("w") as output, subprocess.Popen([program, *as_user, file], stdout=output, stderr=output) as process:
        wait_until(lambda: process.poll() is not None or "process up" in log.read_text())
        assert process.poll() is None, log.read_text()
        yield f"postgres://{user}@127.0.0.1:{port}"
        process.terminate()
        process.wait(PATIENCE)


def test_everything_works_through_it(pooler: str, make_server: MakeServer, databases: Databases) -> None:
    name = urlsplit(databases.create()).path
    server = make_server(empty=True, DATABASE_URL=f"{pooler}{name}")
    assert server.command("migrate") == "The database is ready."
    assert server.command("demo").startswith("Coursewright is at ")
    assert server.script(PREPARES).strip() == "None"
    server.start("--workers", "2", "--no-jobs")
    with (
        crowd(server, ["ann", *(f"user{place}" for place in range(11))]) as (ann, *others),
        workers(server) as [worker],
    ):
        addresses = give_addresses(server, others)
        fields = {"name": f"Course {uuid4().hex}", "type": "self-paced", "privacy": "private"}
        course = ann.api.post("course/", fields).body["id"]
        users = [{"users": [person.id]} for person in others]
        answers = at_once([partial(ann.api.post, f"course/{course}/invite/", body) for body in users])
        assert [answer.status for answer in answers] == [204] * len(others)
        assert len(at_once([partial(walk, person, course) for person in others])) == len(others)
        assert ann.api.get(f"course/{course}/join/").body["count"] == len(others)
        with psycopg.connect(databases.url) as direct:
            count = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            assert direct.execute(count, [name.strip("/")]).fetchone() == (POOL,)
        wait_until(lambda: jobs(server) == {"SUCCESSFUL": len(others)})
        assert worker.mailed() == Counter(addresses)
    assert server.stop() == 0
    assert server.errors == ""


def test_statements_are_kept_ready_without_it(make_server: MakeServer, databases: Databases) -> None:
    needs_postgresql(databases)
    assert make_server().script(PREPARES).strip() == "5"


def walk(person: Person, course: int) -> Answer:
    """Someone joins, makes a course of their own, changes it and reads it."""
    assert person.api.post(f"course/{course}/join/").body["join_status"] == "joined"
    own = person.api.post("course/", {"name": f"Course {uuid4().hex}", "type": "self-paced"}).body["id"]
    path = f"course/{own}/section/"
    sections = [person.api.post(path, {"name": f"Section {place}"}).body["id"] for place in range(3)]
    for section in sections:
        assert person.api.put(f"{path}{section}/", {"name": f"Renamed {section}"}).status == 200
    answer = person.api.get(f"course/{own}/", view="edit")
    assert [section["name"] for section in answer.body["sections"]] == [f"Renamed {section}" for section in sections]
    return answer
