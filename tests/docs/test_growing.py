"""The examples of docs/operate/growing.md, run as they stand there."""

import subprocess
import sys
from pathlib import Path

import psycopg

from tests.docs.examples import example
from tests.many.fleet import needs_postgresql
from tests.servers import PATIENCE, Databases, MakeServer, Server, environment

PAGE = "docs/operate/growing.md"
URL = "postgres://coursewright:PASSWORD@db.example.org/coursewright"
FIELDS = {"name": "Knots for sailors", "type": "self-paced", "privacy": "open"}


def shell(lines: str, server: Server, place: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs lines of the page with a server's settings and the programs beside this Python."""
    return subprocess.run(
        ["bash", "-eu", "-c", lines.replace(".venv/bin", str(Path(sys.executable).parent))],
        cwd=place,
        env=environment(**server.settings),
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )


def test_an_installation_moves_from_sqlite_to_postgresql(
    make_server: MakeServer, databases: Databases, tmp_path: Path
) -> None:
    needs_postgresql(databases)
    first = make_server(empty=True, DATABASE_URL="")
    first.command("demo")
    second = make_server(empty=True, DATA_DIR=first.settings["DATA_DIR"])
    done = shell(example(PAGE, "move").replace(URL, second.settings["DATABASE_URL"]), first, tmp_path)
    assert done.returncode == 0, done.stderr
    second.start()
    assert second.remote("teacher").post("course/", FIELDS).status == 201
    assert second.stop() == 0


def test_events_in_partitions(make_server: MakeServer, databases: Databases) -> None:
    """What happens before is in the first, what happens after in the second."""
    needs_postgresql(databases)
    server = make_server()
    server.command("user", "add", "ann")
    with psycopg.connect(server.settings["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(example(PAGE, "partitions").encode())
        server.start()
        assert server.remote("ann").post("course/", FIELDS).status == 201
        assert server.stop() == 0
        found = connection.execute("SELECT tableoid::regclass::text, kind FROM coursewright_event ORDER BY id")
        assert found.fetchall() == [
            ("coursewright_event_1", "user.created"),
            ("coursewright_event_2", "course.created"),
            ("coursewright_event_2", "membership.changed"),
        ]
