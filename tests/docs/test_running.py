"""The examples of docs/operate/running.md, as they stand there."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_copy import kept
from tests.docs.examples import example
from tests.docs.test_growing import FIELDS, shell
from tests.servers import MakeServer

PAGE = "docs/operate/running.md"
SCRATCH = "client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;"


def test_a_backup_while_the_server_runs(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(empty=True, DATABASE_URL="")
    server.command("demo")
    server.start("--no-jobs")
    before = kept(server)
    done = shell(example(PAGE, "backup"), server, tmp_path)
    assert done.returncode == 0, done.stderr
    assert server.remote("teacher").post("course/", FIELDS).status == 201
    assert server.stop() == 0
    (copy,) = tmp_path.glob("backup-*")
    assert copy.stat().st_mode & 0o077 == (copy / "coursewright.sqlite3").stat().st_mode & 0o077 == 0
    restored = make_server(empty=True, DATABASE_URL="")
    shutil.copytree(copy, restored.directory, dirs_exist_ok=True)
    assert kept(restored) == before
    assert (restored.directory / "secrets" / "jwt_secret").read_text() == (
        server.directory / "secrets" / "jwt_secret"
    ).read_text()
    restored.start("--no-jobs")
    assert restored.remote("teacher").post("course/", FIELDS).status == 201
    assert restored.stop() == 0


def test_a_backup_of_nothing_fails(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(empty=True, DATABASE_URL="")
    assert shell(example(PAGE, "backup"), server, tmp_path).returncode != 0
    assert list(server.directory.glob("*.sqlite3")) == list(tmp_path.glob("backup-*/*.sqlite3")) == []


def test_nginx_can_read_its_part(tmp_path: Path) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    words = "req -x509 -newkey rsa:2048 -nodes -subj /CN=learn.example.org -keyout learn.key -out learn.pem"
    subprocess.run(["openssl", *words.split()], cwd=tmp_path, check=True, capture_output=True)
    block = example(PAGE, "nginx").replace("/etc/ssl/certs", str(tmp_path)).replace("/etc/ssl/private", str(tmp_path))
    settings = tmp_path / "nginx.conf"
    settings.write_text(f"error_log stderr; pid {tmp_path}/pid; events {{}} http {{ {SCRATCH} {block} }}")
    done = subprocess.run([program, "-t", "-p", tmp_path, "-c", settings], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
