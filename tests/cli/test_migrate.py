"""``coursewright migrate``, and what commands say before it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.servers import MakeServer, Server, environment, run

NEED_TABLES = [
    ["user", "add", "ann"],
    ["token", "ann"],
    ["category", "add", "Science"],
    ["preference", "list"],
    ["preference", "set", "colors.colorprimary", "red"],
    ["oauth-app", "add", "Phone", "--grant", "password"],
    ["worker"],
    ["copy", "sqlite"],
]


def test_again_changes_nothing(server: Server) -> None:
    assert server.run("migrate") == (0, "The database is ready.\n", "")


@pytest.mark.parametrize("words", [["migrate"], ["user", "add", "ann"], ["serve", "--no-jobs"]])
def test_tables_of_a_newer_version(make_server: MakeServer, words: list[str]) -> None:
    server = make_server()
    applied = "INSERT INTO django_migrations (app, name, applied) VALUES ('coursewright', '0099_later', '2026-11-27')"
    server.script(f"from django.db import connection\nconnection.cursor().execute({applied!r})")
    sentence = "A newer Coursewright made the tables of this database (0099_later); go back to that version."
    assert server.run(*words) == (2, "", f"Error: {sentence}\n")


def test_the_models_are_as_migrated() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("words", NEED_TABLES)
def test_each_of_them_asks(words: list[str], blank: Server) -> None:
    sentence = f"The database is not migrated (data directory {blank.directory}); run: coursewright migrate"
    assert blank.run(*words) == (2, "", f"Error: {sentence}\n")


def test_help_does_not_load_the_framework() -> None:
    loads = "import sys, coursewright.cli; print('django.db' in sys.modules, 'granian' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout == "False False\n"


def test_a_new_data_directory_is_its_owners_alone(tmp_path: Path) -> None:
    assert run("migrate", DATA_DIR=str(tmp_path / "data"), TESTING="1").status == 0
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
