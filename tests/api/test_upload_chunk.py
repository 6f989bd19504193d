"""POST /api/v2/media/upload/chunk/"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from coursewright.media.models import Upload
from tests.api.authors import faults, nothing_changes
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, NOT_FOUND, Answer, Api, refused
from tests.clock import Clock
from tests.factories import NOW, make_user
from tests.media.uploads import CHUNK, complete, piece, png, send, stored

NO_RANGE = refused(
    "invalid_range", "Send a Content-Range like bytes 0-999/1000: first byte, last byte, size of the whole file."
)


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def offset(answer: Answer) -> tuple[int, int]:
    """The status and how far the upload has come."""
    return answer.status, answer.body["offset"]


def content() -> bytes:
    """All bytes that are kept."""
    found = b""
    for name in sorted(stored()):
        with default_storage.open(name) as file:
            found += file.read()
    return found


def test_whole_answer() -> None:
    ann = make_user()
    answer = piece(ann, b"0123", "bytes 0-3/10", name="notes.pdf")
    upload = Upload.objects.get()
    assert (answer.status, answer.body) == (
        201,
        {"upload_id": upload.pk, "offset": 4, "expires": "2026-11-24T10:00:00Z"},
    )
    assert re.fullmatch("[0-9a-f]{32}", upload.pk)
    assert (upload.uploader_id, upload.name, upload.total, upload.received) == (ann.pk, "notes.pdf", 10, 4)
    assert content() == b"0123"


@pytest.mark.parametrize("field", ["image", "document"])
def test_pieces_follow_each_other(field: str) -> None:
    ann = make_user()
    upload_id = send(ann, b"0123456789", size=4, field=field)
    assert content() == b"0123456789"
    assert Upload.objects.get(pk=upload_id).received == 10


def test_a_piece_of_the_largest_size() -> None:
    assert offset(piece(make_user(), b"x" * CHUNK, f"bytes 0-{CHUNK - 1}/{50 * 1024 * 1024}")) == (201, CHUNK)


def test_what_came_before_is_no_error() -> None:
    ann = make_user()
    id = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    with nothing_changes():
        assert offset(piece(ann, b"0123", "bytes 0-3/10", upload_id=id)) == (201, 4)
        assert offset(piece(ann, b"12", "bytes 1-2/10", upload_id=id)) == (201, 4)
    assert content() == b"0123"


def test_of_an_overlapping_piece_only_what_is_new_is_added() -> None:
    ann = make_user()
    id = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    assert offset(piece(ann, b"xx45", "bytes 2-5/10", upload_id=id)) == (201, 6)
    assert offset(piece(ann, b"xxxxxx6789", "bytes 0-9/10", upload_id=id)) == (201, 10)
    assert content() == b"0123456789"


def test_a_gap_loses_nothing() -> None:
    ann = make_user()
    id = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    with nothing_changes():
        answer = piece(ann, b"6789", "bytes 6-9/10", upload_id=id)
    assert (answer.status, answer.body) == (400, refused("invalid_range", "The next piece begins at byte 4."))
    assert offset(piece(ann, b"456789", "bytes 4-9/10", upload_id=id)) == (201, 10)
    assert content() == b"0123456789"


def test_the_first_piece_begins_at_zero() -> None:
    answer = piece(make_user(), b"45", "bytes 4-5/10")
    assert (answer.status, answer.body) == (400, refused("invalid_range", "The next piece begins at byte 0."))
    assert (Upload.objects.count(), stored()) == (0, set())


def test_another_total() -> None:
    ann = make_user()
    id = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    with nothing_changes():
        answer = piece(ann, b"4567", "bytes 4-7/12", upload_id=id)
    assert (answer.status, answer.body) == (400, refused("invalid_range", "The file has 10 bytes."))


@pytest.mark.parametrize("header", [None, "", "bytes", "bytes 0-3/*", "bytes 3-0/10", "bytes 0-3/3", "0-3/10"])
def test_bad_ranges(header: str | None) -> None:
    answer = piece(make_user(), b"0123", header)
    assert (answer.status, answer.body, stored()) == (400, NO_RANGE, set())


@pytest.mark.parametrize("part, size", [(b"012", 3), (b"01234", 5), (b"", 0)])
def test_a_length_that_the_range_does_not_say(part: bytes, size: int) -> None:
    answer = piece(make_user(), part, "bytes 0-3/10")
    message = f"The piece has {size} bytes, which is not what Content-Range says."
    assert (answer.status, answer.body, stored()) == (400, refused("invalid_range", message), set())


@pytest.mark.parametrize(
    "part, header, message",
    [
        (b"x" * (CHUNK + 1), f"bytes 0-{CHUNK}/{2 * CHUNK}", "A piece may have at most 204,800 bytes."),
        (b"0123", f"bytes 0-3/{50 * 1024 * 1024 + 1}", "A file may have at most 52,428,800 bytes."),
    ],
)
def test_too_large(part: bytes, header: str, message: str) -> None:
    answer = piece(make_user(), part, header)
    assert (answer.status, answer.body, stored()) == (413, refused("too_large", message), set())


def test_a_body_that_is_much_too_large() -> None:
    answer = piece(make_user(), b"x" * (1024 * 1024), "bytes 0-1048575/2000000")
    assert (answer.status, answer.body) == (413, refused("too_large", "The request body is too large."))


@pytest.mark.parametrize("upload_id", ["0" * 32, "x", "\u00e9", "a\0b", "1" * 300, '["x"]'])
def test_unknown_uploads(upload_id: str) -> None:
    ann = make_user()
    for content_range in ("bytes 0-3/10", "x"):
        answer = piece(ann, b"0123", content_range, upload_id=upload_id)
        assert (answer.status, answer.body, stored()) == (404, NOT_FOUND, set())


def test_another_persons_upload() -> None:
    id = piece(make_user(), b"0123", "bytes 0-3/10").body["upload_id"]
    bob = make_user("bob")
    with nothing_changes():
        answer = piece(bob, b"456789", "bytes 4-9/10", upload_id=id)
    assert (answer.status, answer.body, content()) == (404, NOT_FOUND, b"0123")


def test_an_upload_that_has_expired(clock: Clock) -> None:
    ann = make_user()
    id = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    clock.set(NOW + timedelta(days=1))
    answer = piece(ann, b"456789", "bytes 4-9/10", upload_id=id)
    assert (answer.status, answer.body) == (404, NOT_FOUND)


def test_a_file_is_needed() -> None:
    ann = Api(make_user())
    wanted = faults(("image", "required", "Send a file as image or as document."))
    for answer in (
        ann.post("media/upload/chunk/"),
        ann.post("media/upload/chunk/", {"image": "x"}),
        ann.multipart("POST", "media/upload/chunk/", [("image", "x")]),
        ann.multipart("POST", "media/upload/chunk/", [("file", ("a.png", b"0", "image/png"))]),
    ):
        assert (answer.status, answer.body) == (400, wanted)


def test_who_may_not() -> None:
    for token, body in ((None, NOT_AUTHENTICATED), ("nonsense", BAD_TOKEN)):
        answer = Api(token=token).multipart("POST", "media/upload/chunk/", [("image", ("a", b"0", "image/png"))])
        assert (answer.status, answer.body, stored()) == (401, body, set())


@pytest.mark.parametrize(
    "name, title",
    [
        ("/etc/notes.png", "notes.png"),
        ("..\\..\\C:\\notes.png", "notes.png"),
        ("caf\u00e9 & <b>.png", "caf\u00e9 & <b>.png"),
        ("a\u202eb.png", "ab.png"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
        (".png", ".png"),
    ],
)
def test_names_are_cut_clean(name: str, title: str) -> None:
    ann = make_user()
    answer = complete(ann, send(ann, png(2, 2), name=name), type="image")
    assert (answer.status, answer.body["title"]) == (201, title)


def test_statements() -> None:
    ann = make_user()
    first = piece(ann, b"01", "bytes 0-1/90")
    id = first.body["upload_id"]
    later = [
        piece(ann, b"01", f"bytes {2 * place}-{2 * place + 1}/90", upload_id=id).statements for place in range(1, 31)
    ]
    assert (first.statements, set(later)) == (4, {3})
