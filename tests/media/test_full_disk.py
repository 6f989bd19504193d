"""A disk that is full is told as that, keeps nothing by halves, and is no matter once there is room again."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import Answer, Api, refused
from tests.media.uploads import PDF, piece
from tests.servers import Databases, MakeServer, Server

SIZE = 8 * 1024 * 1024
PART = 200_000
FILE = PDF + bytes(3 * PART)
FULL = refused("storage_full", "The server has no room left, and kept nothing of this request.")


@pytest.fixture
def small(make_server: MakeServer, tmp_path: Path) -> Iterator[Server]:
    """A running server whose data lie on a small disk of their own."""
    server = make_server()
    beside = shutil.copytree(server.directory, tmp_path / "beside")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", server.directory], check=False)
    if mounted.returncode:
        pytest.skip("only an administrator of this machine can mount a small disk")
    try:
        shutil.copytree(beside, server.directory, dirs_exist_ok=True)
        server.command("user", "add", "ann")
        yield server.start("--no-jobs")
        assert server.stop() == 0
    finally:
        subprocess.run(["umount", "--lazy", server.directory], check=True)


def fill(server: Server, *, but: int = 0) -> Path:
    """Takes all room of the disk but so many bytes."""
    file = server.directory / "filler"
    room = os.statvfs(server.directory)
    with file.open("wb") as output:
        output.write(bytes(max(0, room.f_bavail * room.f_frsize - but)))
    return file


def send(api: Api, first: int, upload_id: str | None) -> Answer:
    part = FILE[first : first + PART]
    said = f"bytes {first}-{first + len(part) - 1}/{len(FILE)}"
    return piece(None, part, said, upload_id=upload_id, api=api)


def test_a_piece_without_room(small: Server) -> None:
    api = small.remote("ann")
    begun = send(api, 0, None).body
    filler = fill(small, but=PART // 2)
    answer = send(api, PART, begun["upload_id"])
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (503, FULL, "5")
    assert api.get("course/").status == 200
    filler.unlink()
    offset = begun["offset"]
    while offset < len(FILE):
        offset = send(api, offset, begun["upload_id"]).body["offset"]
    fields = {
        "upload_id": begun["upload_id"],
        "type": "doc",
        "md5": hashlib.md5(FILE, usedforsecurity=False).hexdigest(),
    }
    made = api.post("media/upload/complete/", fields)
    assert (made.status, api.http.get(made.body["url"]).content) == (201, FILE)


def test_a_write_without_room(small: Server, databases: Databases) -> None:
    if databases.url:
        pytest.skip("the database of PostgreSQL is on another disk; this run is on PostgreSQL")
    api = small.remote("ann")
    course = api.post("course/", {"name": "Before", "type": "self-paced"}).body["id"]
    filler = fill(small)
    answers = [api.patch(f"course/{course}/", {"description": f"{place} {'x' * 1900}"}) for place in range(40)]
    assert {answer.status for answer in answers} <= {200, 503}
    assert (answers[-1].status, answers[-1].body) == (503, FULL)
    assert api.get(f"course/{course}/").status == 200
    filler.unlink()
    assert api.patch(f"course/{course}/", {"name": "After"}).body["name"] == "After"
