"""The README's lines do what it says, pasted into a shell beside a server with the demo."""

import json
import re
import subprocess

from tests.docs.examples import ROOT, example
from tests.servers import PROGRAM, MakeServer, environment


def test_a_course_of_your_own(make_server: MakeServer) -> None:
    server = make_server().start("--demo")
    lines = example("README.md", "first-course")
    lines = lines.replace(".venv/bin/coursewright", " ".join(PROGRAM))
    lines = lines.replace("http://127.0.0.1:8000", server.origin)
    done = subprocess.run(
        ["bash", "-eu", "-c", lines],
        env=environment(**server.settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(text) for text in re.split(r"(?<=\})(?=\{)", done.stdout.strip())]
    lesson, section, published, seen = answers
    assert lesson["html"] == "<p>Two ropes become one.</p>"
    assert section == {
        "id": section["id"],
        "name": "Bends",
        "dripped_at": "2030-01-07T09:00:00Z",
        "drip_delay": 0,
        "lessons_order": [lesson["id"]],
    }
    assert published["privacy"] == "open"
    assert [each["locked"] for each in seen["sections"][0]["lessons"]] == [True]
    assert server.stop() == 0


def test_another_port() -> None:
    assert "`make run PORT=8017`" in (ROOT / "README.md").read_text()
    done = subprocess.run(["make", "-n", "run", "PORT=8017"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    # Where `make` runs the tests, it also says which directory it enters and leaves.
    assert ".venv/bin/coursewright serve --demo --port 8017" in done.stdout.splitlines()


def test_every_page_it_names_is_there() -> None:
    """Links between files of the repository lead somewhere."""
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    pages += list((ROOT / "docs").rglob("*.md"))
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []
