"""Media, uploads and pictures as they are answered (schemas.yaml)."""

from typing import Annotated, Any, Literal

import msgspec

from coursewright.foundation.types import Address, Instant, doc
from coursewright.media.images import SIZES

Type = Literal["image", "url", "embed", "doc", "eimage", "share"]


def _picture(size: str) -> msgspec.Meta:
    return doc(f"Its picture, {SIZES[size]} pixels wide and high; one that the server draws while it has none.")


ImageBigger = Annotated[Address, _picture("bigger")]
ImageBig = Annotated[Address, _picture("big")]
ImageMedium = Annotated[Address, _picture("medium")]
ImageSmall = Annotated[Address, _picture("small")]


class Embed(msgspec.Struct):
    """What a page says of itself, for a link."""

    id: Annotated[int, doc("The same as that of its media.")]
    embed_type: Annotated[str, doc("Always `link`.")]
    embed_id: Annotated[str, doc("The same as `url`.")]
    url: Annotated[str | None, doc("Address of the page, as it was given; never null.")]
    metadata: Annotated[
        dict[str, Any],
        doc("`url`, `title`, `description` and `images`, a list of addresses; all but `url` may be empty."),
    ]


class Thumbnail(msgspec.Struct):
    """A picture in a list."""

    url: Annotated[Address, doc("Address of a small copy of the image, in its proportions.")]


class Media(msgspec.Struct, kw_only=True):
    """An image, a document or a link. Sizes are in pixels, null for what is no image."""

    id: Annotated[int, doc("Id of the media, as `medias` of a lesson or a comment takes it.")]
    added_at: Annotated[Instant, doc("When it was uploaded or linked, UTC.")]
    type: Annotated[
        Type, doc("`image`, `doc` (a PDF document) or `url` (a link); the other words never come out here.")
    ]
    title: Annotated[str, doc("Name of the file, or the title of the page. May be empty.")]
    description: Annotated[str, doc("What the page says of itself. Empty for files.")]
    url: Annotated[Address, doc("Address of the file, or of the page.")]
    image: Annotated[Address | None, doc("Address of the image in its own size; null for what is no image.")]
    image_thumbnail: Annotated[Thumbnail | None, doc("A small copy of the image; null for what is no image.")]
    image_width: Annotated[int | None, doc("Pixels; null for what is no image.")]
    image_height: Annotated[int | None, doc("Pixels; null for what is no image.")]
    order: Annotated[int, doc("Its place in the lesson or the comment that shows it, from 0; 0 by itself.")]
    embed: Annotated[Embed | None, doc("What the page of a link says of itself; null for files.")]


Medias = Annotated[list[Media], doc("The images, documents and links that it shows, in their order.")]


class ChunkMedia(msgspec.Struct):
    """How far an upload has come: ``offset`` bytes are here."""

    upload_id: Annotated[str, doc("Goes with every further piece, and with the completion.")]
    offset: Annotated[int, doc("Bytes that are here, which is where the next piece begins.")]
    expires: Annotated[Instant, doc("When what is here is thrown away unless the upload is completed, UTC.")]
