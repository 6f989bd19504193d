"""``coursewright check``."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.cli.commands import run
from tests.servers import Server

LOCAL = ["localhost", "127.0.0.1", "[::1]"]
HOST = [*LOCAL, "learn.example.org"]
TESTING = "Hint: COURSEWRIGHT_TESTING is 1, which is for tests only; unset it.\n"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Path:
    """A data directory like that of a new installation."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.TESTING = False
    settings.ALLOWED_HOSTS = LOCAL
    return settings.DATA_DIR


def test_all_is_well() -> None:
    assert run("check") == (0, "All is well.\n", "")


def test_a_secret_that_others_can_read(data: Path) -> None:
    secret = data / "secrets" / "secret_key"
    secret.parent.mkdir()
    secret.write_text("x")
    secret.chmod(0o644)
    assert run("check") == (1, f"Problem: {secret} can be read by others; run: chmod 600 {secret}\n", "")


def test_a_data_directory_that_others_can_write(data: Path) -> None:
    data.chmod(0o777)
    assert run("check") == (1, f"Problem: {data} can be written by others; run: chmod go-w {data}\n", "")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("DATABASE", "did you mean COURSEWRIGHT_DATABASE_URL?"),
        ("ZZZ", "see docs/operate/settings.md."),
    ],
)
def test_names_that_are_no_settings(name: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"COURSEWRIGHT_{name}", "x")
    assert run("check") == (1, f"Problem: COURSEWRIGHT_{name} is not a setting; {hint}\n", "")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"ALLOWED_HOSTS": HOST}, "PUBLIC_URL is not set"),
        ({"MAILS_ARE_SENT": True}, "PUBLIC_URL is not set"),
        ({"ALLOWED_HOSTS": HOST, "PUBLIC_URL": "http://learn.example.org"}, "PUBLIC_URL is not https"),
        ({"ALLOWED_HOSTS": HOST, "PUBLIC_URL": "https://learn.example.org"}, "TRUSTED_PROXIES is not set"),
        ({"ALLOWED_HOSTS": ["*"], "PUBLIC_URL": "https://a.b", "TRUSTED_PROXIES": [1]}, "ALLOWED_HOSTS has *"),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, "CORS_ORIGINS is *"),
        ({"TESTING": True}, "TESTING is 1"),
    ],
)
def test_hints_are_no_problems(values: dict[str, object], name: str, settings: Settings) -> None:
    for setting, value in values.items():
        setattr(settings, setting, value)
    done = run("check")
    hints = [line.partition(",")[0] for line in done.output.splitlines()[:-1]]
    assert (done.status, hints, done.output.splitlines()[-1]) == (0, [f"Hint: COURSEWRIGHT_{name}"], "All is well.")


def test_a_database_without_tables(blank: Server, prepared: Server) -> None:
    sentence = f"The database is not migrated (data directory {blank.directory}); run: coursewright migrate"
    assert blank.run("check") == (1, f"Problem: {sentence}\n{TESTING}", "")
    assert prepared.run("check") == (0, f"{TESTING}All is well.\n", "")
