"""Settings that cannot work: each start ends with one sentence that names the setting."""

from pathlib import Path

import pytest

from coursewright import environment
from tests.servers import run

LONGER = "is too short to be safe; give 32 characters or more, or leave it out."
HOST = "write names like learn.example.org, without scheme, port and path."
ADDRESS = "write an address like https://app.example.org/courses."
ORIGIN = "which is not an origin like https://learn.example.org."
RATES = "write items like user=6000/minute (sign_in, anonymous, user), or off."
STORAGE = "is wrong; write s3://KEY:SECRET@bucket?region=R, or leave it out for DATA_DIR."
WRONG = [
    ("DATABASE_URL", "mysql://ann@host/school", "must start with postgres://; leave it out for SQLite."),
    ("DATABASE_URL", "school.sqlite3", "must start with postgres://; leave it out for SQLite."),
    ("DATABASE_URL", "postgres://host:port/school", "is not an address of a database; see docs/operate/settings.md."),
    ("DATABASE_URL", "postgres://host", "names no database; write postgres://user:password@host:5432/name."),
    ("SECRET_KEY", "short", LONGER),
    ("JWT_SECRET", "short", LONGER),
    ("ALLOWED_HOSTS", "http://x", f"has 'http://x'; {HOST}"),
    ("ALLOWED_HOSTS", "a.example.org,learn.example.org:8000", f"has 'learn.example.org:8000'; {HOST}"),
    ("ALLOWED_HOSTS", "learn.example.org/", f"has 'learn.example.org/'; {HOST}"),
    ("ALLOWED_HOSTS", "*.example.org", f"has '*.example.org'; {HOST}"),
    ("ALLOWED_HOSTS", "::1", f"has '::1'; {HOST}"),
    ("PUBLIC_URL", "learn.example.org", f"has 'learn.example.org', {ORIGIN}"),
    ("PUBLIC_URL", "https://learn.example.org/courses", f"has 'https://learn.example.org/courses', {ORIGIN}"),
    ("PUBLIC_URL", "https://[bad", f"has 'https://[bad', {ORIGIN}"),
    ("PUBLIC_URL", "https://host:99999", f"has 'https://host:99999', {ORIGIN}"),
    ("PUBLIC_URL", "https://ann:secret@learn.example.org", f"has 'https://ann:secret@learn.example.org', {ORIGIN}"),
    ("PUBLIC_URL", "https://learn example.org", f"has 'https://learn example.org', {ORIGIN}"),
    ("PUBLIC_URL", "https://.example.org", f"has 'https://.example.org', {ORIGIN}"),
    ("APPLICATION_URL", "app.example.org", f"has 'app.example.org'; {ADDRESS}"),
    ("APPLICATION_URL", "javascript://app/", f"has 'javascript://app/'; {ADDRESS}"),
    ("APPLICATION_URL", "https://app/two words", f"has 'https://app/two words'; {ADDRESS}"),
    ("APPLICATION_URL", "https://ann@app/", f"has 'https://ann@app', {ORIGIN}"),
    ("EMAIL_FROM", "Courses", "has 'Courses', which is not an address like courses@learn.example.org."),
    ("CORS_ORIGINS", "https://a.example.org,b", f"has 'b', {ORIGIN}"),
    (
        "TRUSTED_PROXIES",
        "proxy",
        "is wrong: 'proxy' does not appear to be an IPv4 or IPv6 network; give addresses or networks.",
    ),
    ("TIME_ZONE", "Rome", "has 'Rome', which is not a time zone like Europe/Rome."),
    ("EMAIL_URL", "gopher://host", "is not an address of a mail server; see docs/operate/settings.md."),
    ("EMAIL_URL", "smtp://host:port", "is not an address of a mail server; see docs/operate/settings.md."),
    ("CACHE_URL", "memcached://host", "must start with redis:// or rediss://; leave it out for memory."),
    ("STORAGE_URL", "/srv/media", STORAGE),
    ("STORAGE_URL", "gs://bucket", STORAGE),
    ("STORAGE_URL", "s3://", STORAGE),
    ("STORAGE_URL", "s3://[bucket", STORAGE),
    ("STORAGE_URL", "s3://key@bucket", STORAGE),
    ("STORAGE_URL", "s3://My_Bucket", STORAGE),
    ("STORAGE_URL", "s3://bucket?region", STORAGE),
    ("STORAGE_URL", "s3://bucket?zone=a", "has 'zone'; it takes region and endpoint."),
    ("STORAGE_URL", "s3://bucket?endpoint=minio:9000", f"has 'minio:9000', {ORIGIN}"),
    ("RATE_LIMITS", "user=many", f"has 'user=many'; {RATES}"),
    ("RATE_LIMITS", "user=1/week", f"has 'user=1/week'; {RATES}"),
    ("CLOCK_FILE", "/nowhere", "is for tests only; unset it."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_a_value_that_cannot_work(name: str, value: str, sentence: str, tmp_path: Path) -> None:
    done = run("jwt-secret", **{"DATA_DIR": str(tmp_path), name: value})
    assert done == (2, "", f"Error: COURSEWRIGHT_{name} {sentence}\n")


def test_a_clock_that_is_not_there(tmp_path: Path) -> None:
    done = run("jwt-secret", DATA_DIR=str(tmp_path), TESTING="1", CLOCK_FILE="/nowhere")
    assert done == (2, "", "Error: COURSEWRIGHT_CLOCK_FILE is /nowhere, which is not a file.\n")


def test_every_setting_that_can_be_wrong_is_tried() -> None:
    elsewhere = {"DATA_DIR", "COPY_TO"}  # in test_serve.py and test_copy.py
    names = {setting.name for setting in environment.SETTINGS}
    assert {name for name, _, _ in WRONG} - {"CLOCK_FILE"} == names - elsewhere


def test_hosts_that_can_match(monkeypatch: pytest.MonkeyPatch) -> None:
    named = ["*", "learn", "Learn.example.org", ".example.org", "192.0.2.1", "[::1]", "xn--a-b.org"]
    monkeypatch.setenv("COURSEWRIGHT_ALLOWED_HOSTS", ", ".join(named))
    assert environment.allowed_hosts("")[3:] == named


@pytest.mark.parametrize(
    ("value", "origin", "host"),
    [
        ("https://Learn.Example.org:443/", "https://learn.example.org", "learn.example.org"),
        ("http://learn.example.org:443", "http://learn.example.org:443", "learn.example.org"),
        ("https://Schöne.Kurse.example", "https://xn--schne-lua.kurse.example", "xn--schne-lua.kurse.example"),
        ("https://[2001:DB8::5]:8443", "https://[2001:db8::5]:8443", "[2001:db8::5]"),
    ],
)
def test_the_public_origin_as_browsers_write_it(
    monkeypatch: pytest.MonkeyPatch, value: str, origin: str, host: str
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_PUBLIC_URL", value)
    assert environment.public_url() == origin
    assert environment.allowed_hosts(origin)[-1] == host


def test_the_application_may_have_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_APPLICATION_URL", "HTTPS://App.Example.org/#/Courses?of=me")
    assert environment.application_url() == "https://app.example.org/#/Courses?of=me"


def test_who_mail_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.email_from("") == "coursewright@localhost"
    assert environment.email_from("https://learn.example.org:8443") == "coursewright@learn.example.org"
    monkeypatch.setenv("COURSEWRIGHT_EMAIL_FROM", "courses@school.example.org")
    assert environment.email_from("https://learn.example.org") == "courses@school.example.org"


def test_a_mail_server_has_a_time_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_EMAIL_URL", "smtp://mail.example.org:25")
    assert environment.email()["EMAIL_TIMEOUT"] == environment.MAIL_TIMEOUT


@pytest.mark.parametrize("content", ["", "ab\n"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SECRET"])
def test_a_kept_secret_that_is_none(name: str, content: str, tmp_path: Path) -> None:
    file = tmp_path / environment.KEPT[name]
    file.parent.mkdir()
    file.write_text(content)
    done = run("jwt-secret", DATA_DIR=str(tmp_path))
    sentence = f"is not set, and {file} has no whole secret; bring it back, or remove it for a new one."
    assert done == (2, "", f"Error: COURSEWRIGHT_{name} {sentence}\n")


def test_a_cache_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_CACHE_URL", "redis://host")
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(environment.SettingError) as raised:
        environment.cache()
    sentence = "COURSEWRIGHT_CACHE_URL needs the Python package redis; run: .venv/bin/pip install redis"
    assert str(raised.value) == sentence
