"""The examples of docs/guide, run as they stand there."""

import os
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.clients.test_api_services import node_version
from tests.docs.examples import ROOT, example
from tests.servers import Server


@pytest.mark.skipif(node_version() < 20, reason="Node 20 or newer with npm is not on this machine")
def test_the_script_of_the_clients_page_runs(server: Server, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests" / "clients" / name, tmp_path)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=tmp_path, check=True, timeout=300)
    (tmp_path / "courses.mjs").write_text(example("docs/guide/clients.md", "client"))
    username = f"teacher-{uuid.uuid4().hex[:8]}"
    server.command("user", "add", username)
    teacher = server.remote(username)
    course = teacher.post("course/", {"name": f"Knots {uuid.uuid4().hex}", "type": "scheduled"}).body
    done = subprocess.run(
        ["node", "courses.mjs"],
        cwd=tmp_path,
        env={**os.environ, "ORIGIN": server.origin, "TOKEN": str(teacher.token)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"{course['id']}  {course['name']}  (scheduled, creator)"
