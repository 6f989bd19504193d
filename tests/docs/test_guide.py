"""The examples of docs/guide, run as they stand there."""

import re
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.client import Remote
from tests.clients.test_api_services import node_version
from tests.docs.examples import ROOT, example
from tests.servers import Server, environment

PAGE = "docs/guide/clients.md"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The guide's own directory, which stays empty but for what it says."""
    place = tmp_path / "place"
    place.mkdir()
    return place


def shell(name: str, username: str, server: Server, place: Path) -> "subprocess.CompletedProcess[str]":
    """Runs an example of the page in ``place``, as someone of this server instead of the demo's people."""
    copy = place.parent / "coursewright"
    if not copy.exists():
        copy.mkdir()
        (copy / ".venv").symlink_to(Path(sys.executable).parent.parent)
        (copy / "data").symlink_to(server.directory)
    lines = example(PAGE, name).replace("path/to/coursewright", str(copy))
    settings = {name: value for name, value in server.settings.items() if name != "DATA_DIR"}
    return subprocess.run(
        ["bash", "-eu", "-c", re.sub("(?<=token )[a-z]+", username, lines)],
        cwd=place,
        env={**environment(**settings), "ORIGIN": server.origin},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(node_version() < 20, reason="Node 20 or newer with npm is not on this machine")
def test_the_script_of_the_clients_page_runs(server: Server, place: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests" / "clients" / name, place)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=place, check=True, timeout=300)
    (place / "courses.mjs").write_text(example(PAGE, "client"))
    username = f"teacher-{uuid.uuid4().hex[:8]}"
    server.command("user", "add", username)
    teacher = server.remote(username)
    course = teacher.post("course/", {"name": f"Knots {uuid.uuid4().hex}", "type": "scheduled"}).body
    done = shell("run", username, server, place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"{course['id']}  {course['name']}  (scheduled, creator)"


def test_the_token_of_a_learner(server: Server, place: Path) -> None:
    username = f"lena-{uuid.uuid4().hex[:8]}"
    id = int(server.command("user", "add", username))
    done = shell("learner", username, server, place)
    assert (done.returncode, done.stderr, list(place.iterdir())) == (0, "", [])
    server.callers.append(Remote(server.origin, done.stdout.strip()))
    assert server.callers[-1].get("user/me/").body["id"] == id
