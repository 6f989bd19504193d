"""Writes of media: uploads in pieces, links, uses, deletion."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from coursewright.foundation import events, sql
from coursewright.foundation.errors import Faults, NotFound, invalid
from coursewright.media import images, links, previews, queries, rules
from coursewright.media.errors import InvalidRange, MediaInUse, UploadTooLarge
from coursewright.media.models import Media, Upload

DROP_USES = """
DELETE FROM coursewright_mediause WHERE object_type = %(type)s AND object_id = %(object)s AND media_id IN ({ids})
"""
ADD_USES = """
INSERT INTO coursewright_mediause (media_id, object_type, object_id, position) VALUES {rows}
ON CONFLICT (object_type, object_id, media_id) DO UPDATE SET position = excluded.position
"""
NO_RANGE = "Send a Content-Range like bytes 0-999/1000: first byte, last byte, size of the whole file."
LIFE = timedelta(days=1)
THUMBNAIL = 300


def _piece(upload_id: str, first: int) -> str:
    return f"uploads/{upload_id}/{first:015d}"


def receive_chunk(
    user_id: int, upload_id: str | None, name: str, content: bytes, content_range: str, *, at: datetime
) -> Upload:
    """Keeps one piece of a file, and answers the upload with how far it has come.

    A piece that came before is no error; one that leaves a gap, or does not fit its range, is InvalidRange and loses
    nothing. NotFound: an unknown upload, or another person's. UploadTooLarge: more than a file or a piece may have.
    """
    with transaction.atomic():
        known = _upload(user_id, upload_id, at) if upload_id else None
        found = _range(content_range, len(content))
        upload = known or _begin(user_id, name, found.total, at)
        if found.total != upload.total:
            raise InvalidRange(f"The file has {upload.total} bytes.")
        if found.first > upload.received:
            raise InvalidRange(f"The next piece begins at byte {upload.received}.")
        if found.last + 1 > upload.received:
            new = content[upload.received - found.first :]
            path = _piece(upload.id, upload.received)
            default_storage.delete(path)
            default_storage.save(path, ContentFile(new))
            upload.received += len(new)
            upload.save(update_fields=["received"])
    return upload


def _range(content_range: str, size: int) -> rules.Range:
    """Which bytes of a file a piece of this size is. InvalidRange; UploadTooLarge."""
    found = rules.content_range(content_range)
    if found is None:
        raise InvalidRange(NO_RANGE)
    if found.total > rules.MAX_DOCUMENT:
        raise UploadTooLarge(f"A file may have at most {rules.MAX_DOCUMENT:,} bytes.")
    if size > rules.MAX_CHUNK:
        raise UploadTooLarge(f"A piece may have at most {rules.MAX_CHUNK:,} bytes.")
    if size != found.last - found.first + 1:
        raise InvalidRange(f"The piece has {size} bytes, which is not what Content-Range says.")
    return found


def _begin(user_id: int, name: str, total: int, at: datetime) -> Upload:
    return Upload.objects.create(
        id=secrets.token_hex(16), uploader_id=user_id, name=name[:255], total=total, expires_at=at + LIFE
    )


def _upload(user_id: int, upload_id: str, at: datetime) -> Upload:
    """The upload, locked until the transaction ends. Unknown, another person's or expired: NotFound."""
    if not rules.UPLOAD_ID.fullmatch(upload_id):
        raise NotFound
    found = Upload.objects.filter(pk=upload_id, uploader_id=user_id, expires_at__gt=at).select_for_update().first()
    if found is None:
        raise NotFound
    return found


def complete_upload(user_id: int, upload_id: str, md5: str, accepted: Sequence[str], *, at: datetime) -> int:
    """Makes a media of a whole upload, of the kind its content has, and answers its id.

    ``accepted``: MIME types that are taken. NotFound; InvalidRange: pieces are missing; Invalid: the checksum or the
    content; UploadTooLarge: an image of more than 5 MB. When it fails the pieces stay as they are.
    """
    with transaction.atomic():
        upload = _upload(user_id, upload_id, at)
    if upload.received < upload.total:
        raise InvalidRange(f"{upload.received} of {upload.total} bytes are here.")
    content = _content(upload.id)
    if len(content) != upload.total:  # it was completed by another request, or has expired meanwhile
        raise NotFound
    if md5 and hashlib.md5(content, usedforsecurity=False).hexdigest() != md5.lower():
        raise invalid("md5", "The file does not have this checksum.")
    values, files = _document(accepted) if rules.is_pdf(content) else _image(content, accepted)
    stored = {name: content if made is None else made for name, made in files.items()}
    with images.kept_files(stored), transaction.atomic():
        _upload(user_id, upload_id, at).delete()
        media = Media.objects.create(uploader_id=user_id, added_at=at, title=upload.name, **values)
        events.record("media.created", at=at, by=user_id, object_id=media.pk, after={"title": upload.name, **values})
        transaction.on_commit(lambda: _remove_pieces(upload_id), robust=True)
    return media.pk


def _content(upload_id: str) -> bytes:
    pieces = []
    for name in sorted(_pieces(upload_id)):
        try:
            with default_storage.open(name) as piece:
                pieces.append(piece.read())
        except FileNotFoundError:
            break
    return b"".join(pieces)


def _pieces(upload_id: str) -> list[str]:
    try:
        return [f"uploads/{upload_id}/{name}" for name in default_storage.listdir(f"uploads/{upload_id}")[1]]
    except FileNotFoundError:
        return []


def _remove_pieces(upload_id: str) -> None:
    _remove_files(_pieces(upload_id))
    default_storage.delete(f"uploads/{upload_id}")


def remove_expired_uploads(*, at: datetime) -> None:
    """Removes uploads that were left unfinished, once their time is over."""
    for upload_id in list(Upload.objects.filter(expires_at__lte=at).values_list("pk", flat=True)):
        _remove_pieces(upload_id)
        Upload.objects.filter(pk=upload_id).delete()


Made = tuple[dict[str, Any], dict[str, bytes | None]]
"""The values of a media, and its files by name; None stands for the content as it came."""


def _document(accepted: Sequence[str]) -> Made:
    if rules.PDF not in accepted:
        raise invalid("upload_id", "This kind of file is not taken here.")
    file = f"files/{secrets.token_urlsafe(16)}.pdf"
    return {"type": Media.Type.DOC.value, "file": file}, {file: None}


def _image(content: bytes, accepted: Sequence[str]) -> Made:
    if len(content) > rules.MAX_IMAGE:
        raise UploadTooLarge(f"An image may have at most {rules.MAX_IMAGE:,} bytes; only a PDF may have more.")
    try:
        image, kept = images.opened(content), images.unmarked(content)
    except images.NoImage as error:
        raise invalid("upload_id", "Upload a PDF, or a JPEG, PNG, WebP or GIF image.", "invalid_image") from error
    except images.BadImage as error:
        raise invalid("upload_id", str(error), "invalid_image") from error
    kind = Image.MIME[images.format_of(content)]
    if kind not in accepted:
        raise invalid("upload_id", "This kind of file is not taken here.")
    name = secrets.token_urlsafe(16)
    file, thumbnail = f"files/{name}.{kind.partition('/')[2]}", f"files/{name}-small.webp"
    values = {
        "type": Media.Type.IMAGE.value,
        "file": file,
        "thumbnail": thumbnail,
        "image_width": image.width,
        "image_height": image.height,
    }
    return values, {file: kept, thumbnail: images.thumbnail(image, THUMBNAIL)}


def create_link(user_id: int, url: str, *, at: datetime) -> int:
    """Makes a media of a link, with what its page says of itself, and answers its id.

    A page that cannot be had is kept as a bare link. Invalid: an address that is not public.
    """
    try:
        preview = links.preview(url)
    except links.PrivateAddress as error:
        raise invalid("url", str(error)) from error
    except ConnectionError:
        preview = previews.Preview("", "", [])
    metadata = {"url": url, "title": preview.title, "description": preview.description, "images": preview.images}
    values = {
        "type": Media.Type.URL.value,
        "url": url,
        "title": preview.title,
        "description": preview.description,
        "metadata": msgspec.json.encode(metadata).decode(),
    }
    with transaction.atomic():
        media = Media.objects.create(uploader_id=user_id, added_at=at, **values)
        events.record("media.created", at=at, by=user_id, object_id=media.pk, after=values)
    return media.pk


@transaction.atomic
def delete_media(id: int, *, in_use: Callable[[int], bool], at: datetime, by: int) -> None:
    """Deletes a media and its files. NotFound; MediaInUse.

    ``in_use`` says whether a lesson or a comment that is still there shows it, which only rooms above this one know.
    """
    media = Media.objects.select_for_update().filter(pk=id).first()
    if media is None:
        raise NotFound
    if in_use(id):
        raise MediaInUse
    files = [name for name in (media.file, media.thumbnail) if name]
    media.delete()
    events.record("media.deleted", at=at, by=by, object_id=id, before={"title": media.title, "file": media.file})
    transaction.on_commit(lambda: _remove_files(files), robust=True)


def _remove_files(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


class Usable(NamedTuple):
    """The media that an object has, in their order, and the rows of all that it may have, by their ids."""

    present: list[int]
    rows: dict[int, queries.UsableRow]

    def used(self, wanted: Sequence[int]) -> list[queries.UsableRow]:
        """The rows of those wanted, in the places that ``use_media`` gives them."""
        if wanted != self.present:
            for place, id in enumerate(wanted):
                self.rows[id].position = place
        return [self.rows[id] for id in wanted]


def checked_media(object_type: str, object_id: int, wanted: Sequence[int], user_id: int, faults: Faults) -> Usable:
    """The media that an object has and may have; a new object has the id 0. One statement.

    Adds ``does_not_exist`` for those of ``wanted`` that are neither the person's own nor among them (rules.md 9).
    """
    found = queries.lock_usable(object_type, object_id, wanted, user_id)
    usable = Usable([row.id for row in found if row.position is not None], {row.id: row for row in found})
    unknown = ", ".join(str(id) for id in wanted if id not in usable.rows)
    if unknown:
        faults.add("medias", "does_not_exist", f"There is no such media: {unknown}.")
    return usable


def use_media(object_type: str, object_id: int, present: Sequence[int], wanted: Sequence[int]) -> None:
    """Makes the media of an object those wanted, in their order: at most two statements.

    ``present``: those it has now. ``wanted``: without repeats.
    """
    shared = {"type": object_type, "object": object_id}
    gone = [id for id in present if id not in wanted]
    if gone:
        marks, parameters = sql.named("id", gone)
        sql.execute(DROP_USES.format(ids=marks), {**shared, **parameters})
    if wanted and wanted != present:
        marks, parameters = sql.named("id", wanted)
        rows = ", ".join(f"({mark}, %(type)s, %(object)s, {place})" for place, mark in enumerate(marks.split(", ")))
        sql.execute(ADD_USES.format(rows=rows), {**shared, **parameters})
