"""Fixtures of the commands' tests."""

import shutil

import pytest

from coursewright.environment import KEPT
from tests.servers import Server


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory, prepared: Server) -> Server:
    """A server whose database has no tables."""
    directory = tmp_path_factory.mktemp("blank")
    shutil.copytree(prepared.directory / "secrets", directory / "secrets")
    (directory / KEPT["DATABASE_URL"]).touch()
    url = prepared.settings["DATABASE_URL"]
    options = {"DATABASE_URL": f"{url}&options=-csearch_path%3Dnowhere"} if url else {}
    return Server(directory, **options)
