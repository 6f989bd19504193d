"""``coursewright migrate``, and what commands say before it."""

import subprocess
import sys

import pytest

from tests.servers import Server, environment

NOT_MIGRATED = (2, "", "Error: The database is not migrated; run: coursewright migrate\n")


def test_again_changes_nothing(server: Server) -> None:
    assert server.run("migrate") == (0, "The database is ready.\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ["user", "add", "ann"],
        ["token", "ann"],
        ["category", "add", "Science"],
        ["preference", "list"],
        ["preference", "set", "colors.colorprimary", "red"],
        ["oauth-app", "add", "Phone", "--grant", "password"],
        ["worker"],
    ],
)
def test_each_of_them_asks(words: list[str], blank: Server) -> None:
    assert blank.run(*words) == NOT_MIGRATED


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, prepared: Server) -> Server:
    """A server whose database has no tables."""
    url = prepared.settings["DATABASE_URL"]
    options = {"DATABASE_URL": f"{url}&options=-csearch_path%3Dnowhere"} if url else {}
    return Server(tmp_path_factory.mktemp("blank"), **options)


def test_help_does_not_load_the_framework() -> None:
    loads = "import sys, coursewright.cli; print('django.db' in sys.modules, 'granian' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout == "False False\n"
