"""Commands where there is no installation: they say where they looked, and leave nothing behind."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_migrate import NEED_TABLES
from tests.many.fleet import needs_postgresql
from tests.servers import Databases, Done, Server, run

SECRETS = {"SECRET_KEY": "s" * 32, "JWT_SECRET": "j" * 32}


def no_installation(directory: Path, missing: str, setting: str) -> Done:
    sentence = (
        f"There is no installation in {directory} ({missing} is missing, and COURSEWRIGHT_{setting} is not set); "
        "set COURSEWRIGHT_DATA_DIR to its data directory, or go to the directory that has it as ./data; "
        "to make a new one, run: coursewright migrate"
    )
    return Done(2, "", f"Error: {sentence}\n")


@pytest.mark.parametrize("words", [*NEED_TABLES, ["jwt-secret"], ["benchdata"], ["check"]])
def test_each_says_where_it_looked(words: list[str], tmp_path: Path) -> None:
    said = no_installation(tmp_path / "data", "coursewright.sqlite3", "DATABASE_URL")
    assert run(*words, place=tmp_path) == said
    assert list(tmp_path.iterdir()) == []


def test_the_schema_needs_none(tmp_path: Path) -> None:
    done = run("openapi", place=tmp_path)
    assert (done.status, done.errors, json.loads(done.output)["openapi"]) == (0, "", "3.1.0")
    assert list(tmp_path.iterdir()) == []


def test_migrate_makes_one(tmp_path: Path) -> None:
    assert run("migrate", place=tmp_path) == (0, "The database is ready.\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    secret = (tmp_path / "data" / "secrets" / "jwt_secret").read_text()
    assert run("jwt-secret", place=tmp_path) == (0, f"{secret}\n", "")


def test_a_secret_that_is_gone_is_not_made_anew(prepared: Server, tmp_path: Path) -> None:
    shutil.copytree(prepared.directory, tmp_path, dirs_exist_ok=True)
    (tmp_path / "secrets" / "jwt_secret").unlink()
    settings = {**prepared.settings, "DATA_DIR": str(tmp_path)}
    assert run("jwt-secret", **settings) == no_installation(tmp_path, "secrets/jwt_secret", "JWT_SECRET")
    assert not (tmp_path / "secrets" / "jwt_secret").exists()
    assert run("jwt-secret", **{**settings, **SECRETS}) == (0, f"{SECRETS['JWT_SECRET']}\n", "")


def test_on_postgresql_it_is_where_the_secrets_are(prepared: Server, databases: Databases, tmp_path: Path) -> None:
    needs_postgresql(databases)
    url = prepared.settings["DATABASE_URL"]
    said = run("preference", "list", place=tmp_path, DATABASE_URL=url)
    assert said == no_installation(tmp_path / "data", "secrets/secret_key", "SECRET_KEY")
    assert run("preference", "list", place=tmp_path, DATABASE_URL=url, **SECRETS).status == 0
    assert run("check", place=tmp_path, DATABASE_URL=url, **SECRETS) == (0, "All is well.\n", "")
    assert list(tmp_path.iterdir()) == []
