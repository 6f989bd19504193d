"""The published JavaScript client, unmodified: every method of its CourseApiClient against a running server.

Needs Node 20 or newer with npm; without them the test is skipped with a word.
"""

import base64
import json
import os
import shutil
import subprocess
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.servers import Server

HERE = Path(__file__).parent
REFUSED = {"createCourseLesson"}
"""Methods that are broken as published: this one posts to ``course/undefined/section/undefined/lesson/``."""


def node_version() -> int:
    """The major version of Node, 0 when it or npm is missing."""
    if not shutil.which("node") or not shutil.which("npm"):
        return 0
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.strip().lstrip("v").partition(".")[0])


def picture() -> str:
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.skipif(node_version() < 20, reason="Node 20 or newer with npm is not on this machine")
def test_every_method_of_the_published_client_works(server: Server, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", "drive.mjs"):
        shutil.copy(HERE / name, tmp_path)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=tmp_path, check=True, timeout=300)
    people = {}
    for role in ("teacher", "learner", "other"):
        username = f"{role}-{uuid.uuid4().hex[:8]}"
        id = int(server.command("user", "add", username))
        people[role] = {"id": id, "token": server.command("token", username)}
    settings = {
        "ORIGIN": server.origin,
        "NAME": f"Maths {uuid.uuid4().hex}",
        "PICTURE": picture(),
        **{role.upper(): json.dumps(person) for role, person in people.items()},
    }
    done = subprocess.run(
        ["node", "drive.mjs"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["missed"] == []
    assert {method for method, gave in report["said"].items() if set(gave) != {"ok"}} == REFUSED
    assert report["said"]["createCourseLesson"] == [404]
    assert report["shown"] == {
        "cover": True,
        "sections": ["Week one"],
        "section": 1,
        "lessons": ['<p class="SCEditor-paragraph" dir="ltr">One</p>'],
        "requested": "requested",
        "status": "requested",
        "waiting": [people["learner"]["id"]],
        "invited": [people["other"]["id"]],
        "suggested": True,
        "joined": 2,
        "view": False,
        "html": '<p class="SCEditor-paragraph" dir="ltr">One</p>',
        "comment": "<p>Thank you!</p>",
        "comments": 1,
        "mine": [report["id"]],
        "theirs": True,
        "found": [report["id"]],
        "dashboard": [100],
        "all": ["Limits"],
    }
