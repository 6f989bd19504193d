"""Loaded by pytest before anything else (``-p tests.environment``): the settings and the database of a test run.

``TEST_DATABASE=postgresql`` runs the whole suite on a PostgreSQL that is started here, from a wheel, in a temporary
directory; the default is SQLite. The server is started once, by the controlling process; its workers are told by URL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from coursewright import environment
from tests import postgresql

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
if DATABASE not in ("sqlite", "postgresql"):
    raise SystemExit(f"TEST_DATABASE is {DATABASE!r}; it must be sqlite or postgresql.")


for name in [name for name in os.environ if name.startswith("COURSEWRIGHT_")]:
    del os.environ[name]

if DATABASE == "postgresql":
    if "TEST_POSTGRESQL_URL" not in os.environ:
        # What a crash would cost is no matter here.
        os.environ["TEST_POSTGRESQL_URL"] = postgresql.start(
            "fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200"
        ).url
    os.environ["COURSEWRIGHT_DATABASE_URL"] = os.environ["TEST_POSTGRESQL_URL"]

DATA_DIR = Path(tempfile.mkdtemp(prefix="coursewright-test-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["COURSEWRIGHT_DATA_DIR"] = str(DATA_DIR)
os.environ["COURSEWRIGHT_TESTING"] = "1"
os.environ["COURSEWRIGHT_CORS_ORIGINS"] = "https://app.example.org"

# Commands look for an installation; that the tables are elsewhere is no matter.
environment.make_data_dir()
(DATA_DIR / environment.KEPT["DATABASE_URL"]).touch()
