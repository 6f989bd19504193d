"""Media and uploads as they are answered (schemas.yaml)."""

from typing import Any, Literal

import msgspec

from coursewright.foundation.types import Address, Instant

Type = Literal["image", "url", "embed", "doc", "eimage", "share"]


class Embed(msgspec.Struct):
    """What a page says of itself, for a link."""

    id: int
    embed_type: str
    embed_id: str
    url: str | None
    metadata: dict[str, Any]


class Thumbnail(msgspec.Struct):
    """A picture in a list."""

    url: Address


class Media(msgspec.Struct, kw_only=True):
    """An image, a document or a link. Sizes are in pixels, null for what is no image."""

    id: int
    added_at: Instant
    type: Type
    title: str
    description: str
    url: Address
    image: Address | None
    image_thumbnail: Thumbnail | None
    image_width: int | None
    image_height: int | None
    order: int
    embed: Embed | None


class ChunkMedia(msgspec.Struct):
    """How far an upload has come: ``offset`` bytes are here."""

    upload_id: str
    offset: int
    expires: Instant
