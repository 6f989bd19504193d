"""docs/guide/courses.md: its tables against the rules, its examples as they stand there."""

import json
import re
import subprocess
import uuid
from pathlib import Path
from typing import Any

from coursewright.courses import rules as courses
from coursewright.learning.rules import TRANSITIONS, Call
from tests.client import Remote
from tests.docs.examples import ROOT, example
from tests.media.uploads import PDF
from tests.servers import Server, environment

PAGE = "docs/guide/courses.md"
WORDS = {"empty: a draft": "", "none": None, "lock screen": "lock", "404": None}
CALLS = {
    "`POST /course/{id}/join/`": (Call.JOIN_OPEN, Call.JOIN_PRIVATE),
    "`DELETE /course/{id}/join/`": (Call.LEAVE,),
    "`POST /course/{id}/invite/` by a manager": (Call.INVITE,),
    "`DELETE /course/{id}/invite/` by a manager": (Call.UNINVITE,),
    "`POST /course/{id}/role/` by a manager, `managers`": (Call.MAKE_MANAGER,),
    "the same, `joined`": (Call.MAKE_JOINED,),
    "the same, `unjoined`": (Call.UNJOIN,),
}


def table(first: str) -> list[list[str]]:
    """The rows of the table whose head begins with this cell."""
    lines = (ROOT / PAGE).read_text().split(f"| {first} |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def plain(cell: str) -> str | None:
    return WORDS.get(cell, cell.strip("`"))


def test_who_sees_what() -> None:
    standings = [courses.MANAGER, courses.JOINED, courses.INVITED, courses.REQUESTED, None]
    shown = {plain(privacy): [plain(cell) for cell in cells] for privacy, *cells in table("`privacy`")}
    assert shown == {privacy: [courses.seen(privacy, each) for each in standings] for privacy in courses.SEEN}


def test_how_standings_change() -> None:
    found: dict[Call, dict[Any, Any]] = {}
    calls: tuple[Call, ...] = ()
    for call, before, after in table("call"):
        calls = CALLS[call] if call else calls
        among = {
            "none, the course is open": (Call.JOIN_OPEN,),
            "none, the course is private": (Call.JOIN_PRIVATE,),
            "`requested`, and the course is open by now": (Call.JOIN_OPEN,),
        }.get(before, calls)
        names = (
            ["none", *courses.STANDINGS]
            if before == "any"
            else re.findall(r"`(\w+)`", before.partition(", and")[0]) or ["none"]
        )
        for each in among:
            moves = {plain(name): plain(after) for name in names if name != courses.CREATOR}
            found.setdefault(each, {}).update({old: new for old, new in moves.items() if old != new})
    assert found == {call: moves for call, moves in TRANSITIONS.items() if call != Call.JOIN_OTHER}


def shell(text: str, place: Path, **variables: str) -> list[Any]:
    """What the lines print, as JSON."""
    done = subprocess.run(
        ["bash", "-eu", "-c", text],
        cwd=place,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(each) for each in re.split(r"(?<=\})(?=\{)", done.stdout.strip())]


def test_the_examples(server: Server, tmp_path: Path) -> None:
    names = [f"{name}-{uuid.uuid4().hex[:8]}" for name in ("teacher", "lena")]
    for name in names:
        server.command("user", "add", name)
    teacher, learner = (server.command("token", name).strip() for name in names)
    author = Remote(server.origin, teacher)
    server.callers.append(author)
    course = author.post("course/", {"name": f"Knots {uuid.uuid4().hex}", "type": "scheduled", "privacy": "open"}).body
    section, now = (author.post(f"course/{course['id']}/section/", {"name": name}).body["id"] for name in ("A", "B"))
    author.patch(f"course/{course['id']}/section/{now}/", {"dripped_at": "2020-01-01T00:00:00Z"})
    shared = {
        "API": f"{server.origin}/api/v2",
        "AUTH": f"Authorization: Bearer {teacher}",
        "LEARNER": f"Authorization: Bearer {learner}",
        "COURSE": str(course["id"]),
    }
    [dated] = shell(example(PAGE, "drip"), tmp_path, **shared, SECTION=str(section))
    assert (dated["id"], dated["dripped_at"]) == (section, "2030-01-07T09:00:00Z")
    (tmp_path / "notes.pdf").write_bytes(PDF + b" " * 150_000)
    both = example(PAGE, "quiz") + example(PAGE, "upload")
    question, attempt, piece, lesson = shell(both, tmp_path, **shared, SECTION=str(now))
    assert [answer["correct"] for answer in question["answers"]] == [True, False]
    assert (attempt["quiz_attempt"]["grade"], attempt["quiz_attempt"]["result"]) == (100, "completed")
    assert piece["offset"] == len(PDF) + 150_000
    assert [(media["type"], media["title"]) for media in lesson["medias"]] == [("doc", "notes.pdf")]
