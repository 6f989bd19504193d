"""Reads of media and where they are used."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from coursewright.foundation import sql
from coursewright.foundation.errors import NotFound
from coursewright.foundation.types import Address, stored
from coursewright.media import shapes

COLUMNS = """
f.id, f.type, f.uploader_id, f.added_at, f.title, f.description, f.url, f.file, f.thumbnail, f.image_width,
f.image_height, f.metadata
"""
MEDIA = f"SELECT {COLUMNS} FROM coursewright_media f WHERE f.id = %(id)s"
USED = f"""
SELECT {COLUMNS}, n.object_id, n.position
FROM coursewright_mediause n JOIN coursewright_media f ON f.id = n.media_id
WHERE n.object_type = %(type)s AND n.object_id IN ({{ids}}) ORDER BY n.position, f.id
"""
USES = """
SELECT media_id FROM coursewright_mediause WHERE object_type = %(type)s AND object_id = %(object)s
"""
MAY_USE = f"""
SELECT {COLUMNS}, n.position FROM coursewright_media f
LEFT JOIN coursewright_mediause n ON n.media_id = f.id AND n.object_type = %(type)s AND n.object_id = %(object)s
WHERE f.id IN (
    SELECT id FROM coursewright_media WHERE id IN ({{ids}}) AND uploader_id = %(uploader)s UNION {USES}
) ORDER BY n.position, f.id {{lock}}
"""


class MediaRow(msgspec.Struct):
    id: int
    type: shapes.Type
    uploader_id: int
    added_at: datetime
    title: str
    description: str
    url: str
    file: str
    thumbnail: str
    image_width: int | None
    image_height: int | None
    metadata: str


class UsedRow(MediaRow):
    object_id: int
    position: int


class UsableRow(MediaRow):
    """A media that an object may have, and its place there; None: it does not have it yet."""

    position: int | None


def media_row(id: int) -> MediaRow:
    """One media. Else NotFound."""
    row = sql.one(MediaRow, MEDIA, {"id": id})
    if row is None:
        raise NotFound
    return row


def lock_usable(object_type: str, object_id: int, wanted: Sequence[int], uploader_id: int) -> list[UsableRow]:
    """The media of an object in their order, and with them those of ``wanted`` that the person uploaded.

    None of them can be deleted until the transaction ends. One statement.
    """
    marks, parameters = sql.named("id", wanted)
    parameters |= {"uploader": uploader_id, "type": object_type, "object": object_id}
    return sql.rows(UsableRow, MAY_USE.format(ids=marks, lock=sql.locking("FOR KEY SHARE OF f")), parameters)


def used_by(object_type: str, ids: Sequence[int]) -> dict[int, list[shapes.Media]]:
    """The media of each of the objects, in their order. One statement."""
    found: dict[int, list[shapes.Media]] = {id: [] for id in ids}
    marks, parameters = sql.named("id", ids)
    for row in sql.rows(UsedRow, USED.format(ids=marks), {**parameters, "type": object_type}):
        found[row.object_id].append(media(row, row.position))
    return found


def placed(rows: Sequence[UsableRow]) -> list[shapes.Media]:
    """The media of one object that are at hand."""
    return [media(row, row.position or 0) for row in rows]


def media(row: MediaRow, order: int = 0) -> shapes.Media:
    """A media as it is answered."""
    file, thumbnail = stored(row.file), stored(row.thumbnail)
    return shapes.Media(
        id=row.id,
        added_at=row.added_at,
        type=row.type,
        title=row.title,
        description=row.description,
        url=file or Address(row.url),
        image=file if row.type == "image" else None,
        image_thumbnail=shapes.Thumbnail(thumbnail) if thumbnail else None,
        image_width=row.image_width,
        image_height=row.image_height,
        order=order,
        embed=_embed(row),
    )


def _embed(row: MediaRow) -> shapes.Embed | None:
    if row.type != "url":
        return None
    return shapes.Embed(row.id, "link", row.url, row.url, msgspec.json.decode(row.metadata))
