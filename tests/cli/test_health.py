"""``/healthz`` and ``/readyz`` of a running server, when its database is well and when it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.cli.test_stop import wait_until
from tests.servers import Databases, MakeServer, Server


@contextmanager
def away(server: Server, databases: Databases) -> Iterator[None]:
    """The database is gone for a while."""
    if url := server.settings["DATABASE_URL"]:
        name = urlsplit(url).path.strip("/")
        databases.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        databases.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
        databases.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    else:
        path, other = server.directory / "coursewright.sqlite3", server.directory / "other"
        path.rename(other)
        path.mkdir()
        yield
        path.rmdir()
        other.rename(path)


def state(server: Server) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.text) for answer in (server.get("/healthz"), server.get("/readyz"))]


WELL = [(200, "alive\n"), (200, "ready\n")]


def test_a_database_that_goes_and_comes_back(make_server: MakeServer, databases: Databases) -> None:
    server = make_server().start()
    assert state(server) == WELL
    with away(server, databases):
        assert state(server) == [(200, "alive\n"), (503, "The database cannot be reached.\n")]
    wait_until(lambda: state(server) == WELL)
    assert server.stop() == 0


def test_a_database_that_is_not_migrated(make_server: MakeServer) -> None:
    server = make_server().start("--no-jobs")
    forget = "DELETE FROM django_migrations WHERE app = 'coursewright'"
    server.script(f"from django.db import connection; connection.cursor().execute({forget!r})")
    problem = "The database is not migrated; run: coursewright migrate\n"
    assert state(server) == [(200, "alive\n"), (503, problem)]
