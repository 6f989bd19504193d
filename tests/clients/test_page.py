"""The page of docs/guide/clients.md in a real browser, from an origin of its own."""

import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients.browser import BROWSER, HEADLESS
from tests.clients.test_api_services import HERE, node_version
from tests.docs.examples import example
from tests.servers import MakeServer, free_port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def served(directory: Path, port: int) -> Iterator[str]:
    """The files of a directory on a web server of their own; its origin."""
    words = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(directory)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not listens(port):
                assert process.poll() is None, "the page's own server did not start"
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.skipif(BROWSER is None or node_version() < 20, reason="Chromium or Node 20 is not on this machine")
def test_the_page_lists_courses(make_server: MakeServer, tmp_path: Path) -> None:
    port = free_port()
    server = make_server(CORS_ORIGINS=f"http://127.0.0.1:{port}").start()
    server.command("user", "add", "ann")
    name = f"Knots {uuid.uuid4().hex}"
    made = server.remote("ann").post("course/", {"name": name, "type": "scheduled", "privacy": "open"})
    assert made.status == 201
    directory = tmp_path / "page"
    directory.mkdir()
    for file in ("package.json", "package-lock.json"):
        shutil.copy(HERE / file, directory)
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(npm, cwd=directory, check=True, timeout=300)
    page = example("docs/guide/clients.md", "page").replace("http://127.0.0.1:8000", server.origin)
    (directory / "index.html").write_text(page)
    with served(directory, port) as origin:
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        words = [str(BROWSER), *HEADLESS, profile, "--virtual-time-budget=20000", "--dump-dom", f"{origin}/"]
        shown = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout
    assert f"<li>{name} (not joined) <button>Join</button></li>" in shown
    assert server.stop() == 0
