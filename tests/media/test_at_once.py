"""Pieces of one upload that come at the same time: three processes at one database and one storage."""

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from coursewright.accounts.actions import issue_token
from tests.courses.test_names_at_once import PREPARE, Writer, environment
from tests.factories import make_user
from tests.media.uploads import PDF

ROUNDS = 6
SENDER = """
import base64, sys
import django
django.setup()
from tests.client import Api
from tests.media.uploads import piece
api = Api(token=sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    upload_id, first, total, content = line.split()
    if upload_id == "complete":
        answer = api.post("media/upload/complete/", {"upload_id": content, "type": "doc", "md5": first})
        print(answer.status, answer.body.get("url", ""), flush=True)
        continue
    part = base64.b64decode(content)
    said = f"bytes {first}-{int(first) + len(part) - 1}/{total}"
    answer = piece(None, part, said, upload_id=None if upload_id == "new" else upload_id, api=api)
    print(answer.status, answer.body.get("upload_id", ""), answer.body.get("offset", ""), flush=True)
"""


@pytest.fixture
def senders(transactional_db: None, tmp_path: Path) -> Iterator[list[Writer]]:
    """Three processes with the token of one person."""
    surroundings = environment(tmp_path)
    if connection.vendor == "postgresql":
        token = issue_token(make_user(), days=1, application="tests")
    else:
        token = subprocess.check_output([sys.executable, "-c", PREPARE], env=surroundings, text=True).split()[-1]
    with ExitStack() as stack:
        pipe = subprocess.PIPE
        found = [
            Writer(
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-c", SENDER, token], env=surroundings, text=True, stdin=pipe, stdout=pipe
                    )
                )
            )
            for _ in range(3)
        ]
        assert [writer.hear() for writer in found] == ["ready"] * 3
        yield found
        for writer in found:
            assert writer.process.stdin is not None
            writer.process.stdin.close()


def told(writers: list[Writer], lines: list[str]) -> list[str]:
    """What each answered to its line, all sent at the same time."""
    for writer, line in zip(writers, lines, strict=True):
        writer.tell(line)
    return [writer.hear() for writer in writers]


def line(upload_id: str, first: int, part: bytes, total: int) -> str:
    return f"{upload_id} {first} {total} {base64.b64encode(part).decode()}"


def test_pieces_at_the_same_time_never_corrupt(senders: list[Writer], tmp_path: Path) -> None:
    """The same piece, one that overlaps it and one that is ahead; then three ask for the whole."""
    for _ in range(ROUNDS):
        content = PDF + os.urandom(30_000)
        total, step = len(content), 7_000
        status, upload_id, offset = told(senders[:1], [line("new", 0, content[:step], total)])[0].split()
        assert (status, offset) == ("201", str(step))
        while int(offset) < total:
            first = int(offset)
            parts = [(first, first + step), (first - 100, first + 3_000), (min(first + 3_000, total - 1), total)]
            answers = told(senders, [line(upload_id, a, content[a:b], total) for a, b in parts])
            assert {answer.split()[0] for answer in answers} <= {"201", "400"}
            offset = str(max(int(answer.split()[2]) for answer in answers if answer.startswith("201")))
        answers = told(senders, [f"complete {_md5(content)} 0 {upload_id}"] * 3)
        assert sorted(answer[:3] for answer in answers) == ["201", "404", "404"]
        url = next(answer.split()[1] for answer in answers if answer.startswith("201"))
        assert (tmp_path / "media" / "files" / url.rpartition("/")[2]).read_bytes() == content
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert len(files) == ROUNDS


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
