"""Writes of media: uploads in pieces, links, uses, deletion."""

import hashlib
import io
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps

from coursewright.foundation import events
from coursewright.foundation.errors import Faults, NotFound, invalid
from coursewright.media import images, links, queries, rules
from coursewright.media.errors import InvalidRange, MediaInUse, UploadTooLarge
from coursewright.media.models import Media, MediaUse, Upload

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
    found = rules.content_range(content_range)
    if found is None:
        raise InvalidRange
    if found.total > rules.MAX_DOCUMENT or len(content) > rules.MAX_CHUNK:
        raise UploadTooLarge
    if len(content) != found.last - found.first + 1:
        raise InvalidRange(f"The piece has {len(content)} bytes, which is not what Content-Range says.")
    with transaction.atomic():
        upload = _upload(user_id, upload_id) if upload_id else _begin(user_id, name, found.total, at)
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


def _begin(user_id: int, name: str, total: int, at: datetime) -> Upload:
    return Upload.objects.create(
        id=secrets.token_hex(16), uploader_id=user_id, name=name[:255], total=total, expires_at=at + LIFE
    )


def _upload(user_id: int, upload_id: str) -> Upload:
    upload = Upload.objects.select_for_update().filter(pk=upload_id[:64], uploader_id=user_id).first()
    if upload is None:
        raise NotFound
    return upload


def complete_upload(user_id: int, upload_id: str, md5: str, accepted: Sequence[str], *, at: datetime) -> int:
    """Makes a media of a whole upload, of the kind its content has, and answers its id.

    ``accepted``: MIME types that are taken. NotFound; InvalidRange: pieces are missing; Invalid: the checksum or the
    content; UploadTooLarge: an image of more than 5 MB.
    """
    upload = Upload.objects.filter(pk=upload_id[:64], uploader_id=user_id).first()
    if upload is None:
        raise NotFound
    if upload.received < upload.total:
        raise InvalidRange(f"{upload.received} of {upload.total} bytes are here.")
    content = _content(upload.id)
    if md5 and not secrets.compare_digest(hashlib.md5(content, usedforsecurity=False).hexdigest(), md5.lower()):
        raise invalid("md5", "The file does not have this checksum.")
    values = _document(content, accepted) if rules.is_pdf(content) else _image(content, accepted)
    with transaction.atomic():
        _upload(user_id, upload_id).delete()
        media = Media.objects.create(uploader_id=user_id, added_at=at, title=upload.name, **values)
        events.record("media.created", at=at, by=user_id, object_id=media.pk, after={"title": upload.name, **values})
        transaction.on_commit(lambda: _remove_pieces(upload_id))
    return media.pk


def _content(upload_id: str) -> bytes:
    content = io.BytesIO()
    for name in sorted(default_storage.listdir(f"uploads/{upload_id}")[1]):
        with default_storage.open(f"uploads/{upload_id}/{name}") as piece:
            content.write(piece.read())
    return content.getvalue()


def _remove_pieces(upload_id: str) -> None:
    for name in default_storage.listdir(f"uploads/{upload_id}")[1]:
        default_storage.delete(f"uploads/{upload_id}/{name}")
    default_storage.delete(f"uploads/{upload_id}")


def remove_expired_uploads(*, at: datetime) -> None:
    """Removes uploads that were left unfinished, once their time is over."""
    for upload_id in Upload.objects.filter(expires_at__lte=at).values_list("pk", flat=True):
        _remove_pieces(upload_id)
        Upload.objects.filter(pk=upload_id).delete()


def _document(content: bytes, accepted: Sequence[str]) -> dict[str, Any]:
    if rules.PDF not in accepted:
        raise invalid("image", "This kind of file is not taken here.")
    file = default_storage.save(f"files/{secrets.token_urlsafe(16)}.pdf", ContentFile(content))
    return {"type": Media.Type.DOC.value, "file": file}


def _image(content: bytes, accepted: Sequence[str]) -> dict[str, Any]:
    if len(content) > rules.MAX_IMAGE:
        raise UploadTooLarge
    try:
        image = images.opened(content)
    except images.BadImage as error:
        raise invalid("image", str(error), "invalid_image") from error
    kind = Image.MIME.get(images.format_of(content), "")
    if kind not in accepted:
        raise invalid("image", "This kind of file is not taken here.")
    name = secrets.token_urlsafe(16)
    extension = kind.partition("/")[2]
    small = ImageOps.contain(image.convert("RGBA" if image.has_transparency_data else "RGB"), (THUMBNAIL, THUMBNAIL))
    thumbnail = io.BytesIO()
    small.save(thumbnail, "WEBP", quality=82)
    return {
        "type": Media.Type.IMAGE.value,
        "file": default_storage.save(f"files/{name}.{extension}", ContentFile(content)),
        "thumbnail": default_storage.save(f"files/{name}-small.webp", ContentFile(thumbnail.getvalue())),
        "image_width": image.width,
        "image_height": image.height,
    }


def create_link(user_id: int, url: str, *, at: datetime) -> int:
    """Makes a media of a link, with what its page says of itself, and answers its id.

    A page that cannot be had is kept as a bare link. Invalid: an address that is not public.
    """
    try:
        preview = links.preview(url)
    except links.PrivateAddress as error:
        raise invalid("url", str(error)) from error
    except ConnectionError:
        preview = links.Preview("", "", [])
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
def delete_media(id: int, *, at: datetime, by: int) -> None:
    """Deletes a media and its files. NotFound; MediaInUse."""
    media = Media.objects.select_for_update().filter(pk=id).first()
    if media is None:
        raise NotFound
    if MediaUse.objects.filter(media_id=id).exists():
        raise MediaInUse
    files = [name for name in (media.file, media.thumbnail) if name]
    media.delete()
    events.record("media.deleted", at=at, by=by, object_id=id, before={"title": media.title, "file": media.file})
    transaction.on_commit(lambda: _remove_files(files))


def _remove_files(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def used_ids(object_type: str, object_id: int) -> list[int]:
    """The media of an object in their order."""
    uses = MediaUse.objects.filter(object_type=object_type, object_id=object_id)
    return list(uses.order_by("position").values_list("media_id", flat=True))


def check_media(present: Sequence[int], wanted: Sequence[int], user_id: int, faults: Faults) -> None:
    """Adds ``does_not_exist`` for media that are neither the person's own nor attached already (rules.md 9)."""
    new = [id for id in wanted if id not in present]
    known = queries.own(new, user_id) if new else set()
    unknown = ", ".join(str(id) for id in new if id not in known)
    if unknown:
        faults.add("medias", "does_not_exist", f"There is no such media: {unknown}.")


def use_media(object_type: str, object_id: int, wanted: Sequence[int]) -> list[int]:
    """Makes the media of an object those wanted, in their order, without repeats."""
    ids = list(dict.fromkeys(wanted))
    MediaUse.objects.filter(object_type=object_type, object_id=object_id).delete()
    MediaUse.objects.bulk_create(
        [
            MediaUse(media_id=id, object_type=object_type, object_id=object_id, position=position)
            for position, id in enumerate(ids)
        ]
    )
    return ids
