"""POST /api/v2/media/upload/complete/"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError
from django_tasks_db.models import DBTaskResult
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from coursewright.community.actions import set_preference
from coursewright.media import actions
from coursewright.media.models import Media, Upload
from tests.api.authors import REQUIRED, faults, nothing_changes
from tests.client import NOT_AUTHENTICATED, NOT_FOUND, ORIGIN, Api, codes, refused, wrong
from tests.clock import Clock
from tests.factories import NOW, make_user
from tests.media.uploads import PDF, complete, piece, png, send, stored

NOT_TAKEN = faults(("upload_id", "invalid", "This kind of file is not taken here."))
NEITHER = faults(("upload_id", "invalid_image", "Upload a PDF, or a JPEG, PNG, WebP or GIF image."))


@pytest.fixture(autouse=True)
def _storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@contextmanager
def nothing_is_lost() -> Iterator[None]:
    """Neither a row nor a file comes or goes."""
    before = stored()
    with nothing_changes():
        yield
    assert stored() == before


def picture(format: str, **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30)).save(file, format, **options)
    return file.getvalue()


def test_a_photo_with_a_second_one_inside() -> None:
    """As some phones make them: of the type MPO to who looks, and JPEG to all others."""
    ann = make_user()
    more = [Image.new("RGB", (20, 15))]
    answer = complete(ann, send(ann, picture("MPO", save_all=True, append_images=more)), type="image")
    assert (answer.status, answer.body["type"], answer.body["image_width"]) == (201, "image", 40)
    assert answer.body["url"].endswith(".jpeg")


def test_an_image(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    ann, content = make_user(), png(640, 480)
    upload_id = send(ann, content, name="sea.bin")
    with django_capture_on_commit_callbacks(execute=True):
        answer = complete(ann, upload_id, type="image", md5=hashlib.md5(content, usedforsecurity=False).hexdigest())
    media = Media.objects.get()
    assert (answer.status, answer.body) == (
        201,
        {
            "id": media.pk,
            "added_at": "2026-11-23T10:00:00Z",
            "type": "image",
            "title": "sea.bin",
            "description": "",
            "url": f"{ORIGIN}/media/{media.file}",
            "image": f"{ORIGIN}/media/{media.file}",
            "image_thumbnail": {"url": f"{ORIGIN}/media/{media.thumbnail}"},
            "image_width": 640,
            "image_height": 480,
            "order": 0,
            "embed": None,
        },
    )
    assert (stored(), Upload.objects.count()) == ({media.file, media.thumbnail}, 0)
    served = Api().call("GET", f"/media/{media.file}")
    assert (served.status, served.body, served.headers["Content-Type"]) == (200, content, "image/png")
    with default_storage.open(media.thumbnail) as file:
        assert Image.open(file).size == (300, 225)


def test_a_photo_is_kept_without_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    ann = make_user()
    answer = complete(ann, send(ann, picture("JPEG", exif=exif)), type="image")
    served = Api().call("GET", answer.body["url"].removeprefix(ORIGIN))
    with Image.open(BytesIO(served.body)) as image:
        assert (answer.status, served.status, image.size, dict(image.getexif())) == (201, 200, (40, 30), {})


def test_a_document(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    """The client sends it as ``image`` and calls it a ``file`` (clients.md)."""
    ann = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        answer = complete(ann, send(ann, PDF, size=50, name="notes.pdf"), type="file")
    media = Media.objects.get()
    assert (answer.status, answer.body) == (
        201,
        {
            "id": media.pk,
            "added_at": "2026-11-23T10:00:00Z",
            "type": "doc",
            "title": "notes.pdf",
            "description": "",
            "url": f"{ORIGIN}/media/{media.file}",
            "image": None,
            "image_thumbnail": None,
            "image_width": None,
            "image_height": None,
            "order": 0,
            "embed": None,
        },
    )
    assert stored() == {media.file}
    served = Api().call("GET", f"/media/{media.file}")
    assert (served.status, served.body) == (200, PDF)
    headers = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
    assert [served.headers[name].partition(";")[0] for name in headers] == [
        "application/pdf",
        "inline",
        "sandbox",
        "nosniff",
    ]


@pytest.mark.parametrize("type", ["image", "file", "doc", "eimage"])
@pytest.mark.parametrize("content, kind", [(png(4, 4), "image"), (PDF, "doc")])
def test_the_content_decides(type: str, content: bytes, kind: str) -> None:
    ann = make_user()
    answer = complete(ann, send(ann, content, name="x.exe"), type=type)
    assert (answer.status, answer.body["type"]) == (201, kind)


@pytest.mark.parametrize(
    "content, ending",
    [
        (picture("JPEG"), ".jpeg"),
        (picture("WEBP"), ".webp"),
        (picture("GIF"), ".gif"),
        (picture("GIF", save_all=True, append_images=[Image.new("RGB", (40, 30), "red")]), ".gif"),
    ],
)
def test_formats(content: bytes, ending: str) -> None:
    ann = make_user()
    answer = complete(ann, send(ann, content), type="image")
    body = answer.body
    assert (answer.status, body["image_width"], body["image_height"], Path(body["image"]).suffix) == (
        201,
        40,
        30,
        ending,
    )


@pytest.mark.parametrize(
    "mode, size", [("RGB", (9000, 1)), ("RGB", (1, 9000)), ("P", (5, 5)), ("I;16", (5, 5)), ("1", (5, 5))]
)
def test_odd_images(mode: str, size: tuple[int, int]) -> None:
    ann = make_user()
    answer = complete(ann, send(ann, png(*size, mode=mode)), type="image")
    assert (answer.status, answer.body["image_width"], answer.body["image_height"]) == (201, *size)


def test_an_image_on_its_side() -> None:
    """Width and height are those one sees."""
    exif = Image.Exif()
    exif[0x0112] = 6
    ann = make_user()
    answer = complete(ann, send(ann, picture("JPEG", exif=exif)), type="image")
    assert (answer.body["image_width"], answer.body["image_height"]) == (30, 40)


def test_multipart() -> None:
    ann = make_user()
    upload_id = send(ann, PDF)
    fields = [("upload_id", upload_id), ("type", "file"), ("md5", hashlib.md5(PDF, usedforsecurity=False).hexdigest())]
    answer = Api(ann).multipart("POST", "media/upload/complete/", fields)
    assert (answer.status, answer.body["type"]) == (201, "doc")


def test_checksums() -> None:
    ann = make_user()
    upload_id = send(ann, PDF)
    message = "The file does not have this checksum."
    for md5 in ("0" * 32, "x", "\u00e9"):
        with nothing_is_lost():
            answer = complete(ann, upload_id, type="doc", md5=md5)
        assert (answer.status, answer.body) == (400, faults(("md5", "invalid", message)))
    md5 = hashlib.md5(PDF, usedforsecurity=False).hexdigest().upper()
    assert complete(ann, upload_id, type="doc", md5=md5).status == 201


@pytest.mark.parametrize("md5", ["", None])
def test_an_empty_checksum_is_none(md5: str | None) -> None:
    ann = make_user()
    body = {"upload_id": send(ann, PDF), "type": "doc", "md5": md5}
    assert Api(ann).post("media/upload/complete/", body).status == 201


def test_an_upload_that_is_not_whole() -> None:
    ann = make_user()
    upload_id = piece(ann, b"%PDF", "bytes 0-3/10").body["upload_id"]
    with nothing_is_lost():
        answer = complete(ann, upload_id, type="doc")
    assert (answer.status, answer.body) == (400, refused("invalid_range", "4 of 10 bytes are here."))
    assert piece(ann, b"-1.400", "bytes 4-9/10", upload_id=upload_id).status == 201
    assert complete(ann, upload_id, type="doc").status == 201


def test_an_image_of_more_than_5_mb() -> None:
    ann = make_user()
    upload_id = send(ann, png(4, 4) + bytes(5 * 1024 * 1024))
    with nothing_is_lost():
        answer = complete(ann, upload_id, type="image")
    message = "An image may have at most 5,242,880 bytes; only a PDF may have more."
    assert (answer.status, answer.body) == (413, refused("too_large", message))


def test_a_document_of_more_than_5_mb() -> None:
    ann = make_user()
    assert complete(ann, send(ann, PDF + bytes(5 * 1024 * 1024)), type="doc").status == 201


@pytest.mark.parametrize(
    "content", [b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", png(4, 4)[:40], picture("BMP")]
)
@pytest.mark.parametrize("type", ["image", "doc"])
def test_content_that_is_neither(type: str, content: bytes) -> None:
    ann = make_user()
    upload_id = send(ann, content, name="x.png")
    with nothing_is_lost():
        answer = complete(ann, upload_id, type=type)
    assert (answer.status, answer.body) == (400, NEITHER)


def test_an_image_with_too_many_pixels() -> None:
    ann = make_user()
    answer = complete(ann, send(ann, png(8000, 5001, mode="1")), type="image")
    message = "The image has more than 40 megapixels."
    assert (answer.status, answer.body) == (400, faults(("upload_id", "invalid_image", message)))


@pytest.mark.parametrize("accepted, taken", [("image/jpeg, image/png", "image"), ("application/pdf", "doc")])
def test_only_kinds_that_are_accepted(accepted: str, taken: str) -> None:
    set_preference("configurations.accepted_media_mimetypes", accepted, at=NOW, by=None)
    ann = make_user()
    for content, kind in ((png(4, 4), "image"), (PDF, "doc")):
        answer = complete(ann, send(ann, content), type="file")
        assert (answer.status, answer.body if answer.status == 400 else answer.body["type"]) == (
            (201, kind) if kind == taken else (400, NOT_TAKEN)
        )


def test_wrong_fields() -> None:
    ann = Api(make_user())
    answer = ann.post("media/upload/complete/")
    assert (answer.status, answer.body) == (
        400,
        faults(("upload_id", "required", REQUIRED), ("type", "required", REQUIRED)),
    )
    answer = ann.post("media/upload/complete/", {"upload_id": "a\0b", "type": "url", "md5": ["x"]})
    assert (answer.status, codes(answer)) == (400, wrong(upload_id="invalid", type="invalid_choice", md5="invalid"))


def test_uploads_that_are_not_there(clock: Clock) -> None:
    ann, bob = make_user(), make_user("bob")
    upload_id = send(ann, PDF)
    with nothing_is_lost():
        for who, id in ((bob, upload_id), (ann, "0" * 32), (ann, "x")):
            answer = complete(who, id, type="doc")
            assert (answer.status, answer.body) == (404, NOT_FOUND)
        clock.set(NOW + timedelta(days=1))
        assert complete(ann, upload_id, type="doc").status == 404


def test_who_may_not() -> None:
    answer = Api().post("media/upload/complete/", {"upload_id": "0" * 32, "type": "doc"})
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)


def test_one_upload_makes_one_media() -> None:
    ann = make_user()
    upload_id = send(ann, PDF)
    assert [complete(ann, upload_id, type="doc").status for _ in range(2)] == [201, 404]
    assert Media.objects.count() == 1


@pytest.mark.parametrize("content", [PDF, png(4, 4)])
def test_nothing_is_lost_when_the_database_fails(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = make_user()
    upload_id = send(ann, content)

    def fail(*given: object, **named: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch, nothing_is_lost():
        patch.setattr("coursewright.media.actions.events.record", fail)
        with pytest.raises(DatabaseError):
            actions.complete_upload(ann.pk, upload_id, "", ["image/png", "application/pdf"], at=NOW)
    assert complete(ann, upload_id, type="file").status == 201


def test_statements() -> None:
    ann = make_user()
    counts = {complete(ann, send(ann, PDF, size=size), type="doc").statements for size in (len(PDF), len(PDF) // 30)}
    assert counts == {8}


def test_an_upload_left_unfinished_is_removed_after_a_day(clock: Clock) -> None:
    ann = make_user()
    old = send(ann, PDF)
    clock.set(NOW + timedelta(minutes=1))
    young = piece(ann, b"0123", "bytes 0-3/10").body["upload_id"]
    clock.set(NOW + timedelta(days=1))
    for _ in range(2):
        actions.remove_expired_uploads(at=NOW + timedelta(days=1))
        assert list(Upload.objects.values_list("pk", flat=True)) == [young]
        assert stored() == {f"uploads/{young}/{0:015d}"}
    assert complete(ann, old, type="doc").status == 404


@pytest.mark.django_db(transaction=True)
def test_the_worker_removes_it(clock: Clock) -> None:
    piece(make_user(), b"0123", "bytes 0-3/10")
    job = DBTaskResult.objects.get()
    assert job.run_after is not None
    assert timedelta(hours=23) < job.run_after - job.enqueued_at <= timedelta(days=1, minutes=1)
    DBTaskResult.objects.update(run_after=job.enqueued_at)
    clock.set(NOW + timedelta(days=1))
    call_command("db_worker", batch=True, verbosity=0)
    assert (Upload.objects.count(), stored()) == (0, set())
