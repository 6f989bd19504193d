"""Uploads as the published client makes them, and what is left of them in the storage."""

from io import BytesIO
from typing import Any

import httpx
from django.core.files.storage import default_storage
from PIL import Image

from coursewright.accounts.models import User
from tests.client import ORIGIN, Answer, Api

PDF = b"%PDF-1.4\n" + b"1 0 obj" * 40
CHUNK = 204_800


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new(mode, (width, height)).save(file, "PNG")
    return file.getvalue()


def piece(
    user: User | None,
    content: bytes,
    content_range: str | None,
    *,
    upload_id: str | None = None,
    field: str = "image",
    name: str = "a.bin",
    api: Api | None = None,
) -> Answer:
    """Sends one piece of a file, with this ``Content-Range``, as ``api`` or as the user."""
    files: list[tuple[str, Any]] = [(field, (name, content, "application/octet-stream"))]
    if upload_id is not None:
        files.append(("upload_id", (None, upload_id)))
    request = httpx.Request("POST", ORIGIN, files=files)
    headers = {} if content_range is None else {"Content-Range": content_range}
    return (api or Api(user)).call(
        "POST", "media/upload/chunk/", request.read(), content_type=request.headers["Content-Type"], **headers
    )


def send(user: User, content: bytes, *, name: str = "a.bin", size: int = CHUNK, field: str = "image") -> str:
    """Sends a whole file in pieces, and answers the id of the upload."""
    upload_id = None
    for first in range(0, len(content), size):
        part = content[first : first + size]
        said = f"bytes {first}-{first + len(part) - 1}/{len(content)}"
        answer = piece(user, part, said, upload_id=upload_id, name=name, field=field)
        assert answer.status == 201, answer.body
        upload_id = answer.body["upload_id"]
    return str(upload_id)


def complete(user: User, upload_id: str, **fields: str) -> Answer:
    """Completes an upload with JSON."""
    return Api(user).post("media/upload/complete/", {"upload_id": upload_id, **fields})


def stored() -> set[str]:
    """The names of all files in the storage."""

    def inside(directory: str) -> set[str]:
        try:
            directories, files = default_storage.listdir(directory)
        except FileNotFoundError:
            return set()
        found = {f"{directory}/{name}".strip("/") for name in files}
        for name in directories:
            found |= inside(f"{directory}/{name}".strip("/"))
        return found

    return inside("")
