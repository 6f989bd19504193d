"""Files over HTTP: what is kept in the storage, and the pictures that are drawn."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from coursewright.media import images
from tests.client import Api

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def _storage(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]  # pytest-django's wrapper takes any name


@pytest.mark.parametrize(
    "name, kind",
    [
        ("images/x-small.webp", "image/webp"),
        ("x.png", "image/png"),
        ("x.pdf", "application/pdf"),
        ("x.html", "text/html"),
        ("x", "application/octet-stream"),
    ],
)
def test_stored_file(name: str, kind: str) -> None:
    """A document of someone's making must not run scripts on this origin, nor be taken for another kind."""
    default_storage.save(name, ContentFile(b"content"))
    for method, body in (("GET", b"content"), ("HEAD", None)):
        answer = Api().call(method, f"/media/{name}")
        assert (answer.status, answer.body) == (200, body)
        headers = ("Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options")
        assert [answer.headers[name] for name in headers] == [
            kind,
            FOREVER,
            "sandbox; default-src 'none'",
            "nosniff",
        ]


@pytest.mark.parametrize(
    "path",
    ["missing.png", "", "images", "images/", "../secret_key", "%2e%2e/secret_key", "/etc/passwd", "%00", "x" * 300],
)
def test_nothing_else_is_served(path: str) -> None:
    default_storage.save("images/x.png", ContentFile(b"content"))
    assert Api().call("GET", f"/media/{path}").status == 404


@pytest.mark.parametrize("path", ["uploads/a/0", "images/../uploads/a/0", "./uploads/a/0"])
def test_pieces_of_uploads_are_not_served(path: str) -> None:
    default_storage.save("uploads/a/0", ContentFile(b"content"))
    default_storage.save("images/x.png", ContentFile(b"content"))
    assert Api().call("GET", f"/media/{path}").status == 404


def test_nor_by_their_place_on_the_disk() -> None:
    whole = default_storage.path(default_storage.save("uploads/a/0", ContentFile(b"content")))
    assert Api().call("GET", f"/media/{whole}").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_files_are_only_read(method: str) -> None:
    assert Api().call(method, "/media/x.png").status == 405


@pytest.mark.parametrize("kind", ["course", "category"])
@pytest.mark.parametrize("size, pixels", list(images.SIZES.items()))
def test_drawn_picture(kind: str, size: str, pixels: int) -> None:
    answer = Api().call("GET", f"/images/{kind}/5/{size}.png")
    assert (answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (
        200,
        "image/png",
        FOREVER,
    )
    assert Image.open(BytesIO(answer.body)).size == (pixels, pixels)
    assert answer.statements == 0


@pytest.mark.parametrize("path", ["user/5/big", "course/5/huge", "course/x/big", "course/5/big.png", "course/5/"])
def test_no_such_picture(path: str) -> None:
    assert Api().call("GET", f"/images/{path}.png").status == 404
