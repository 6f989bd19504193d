"""Pictures of courses and categories: checked, cut square, kept in four sizes; drawn where there is none.

Source: rules.md 3.
"""

import base64
import binascii
import colorsys
import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ExifTags, Image, ImageDraw, ImageOps, JpegImagePlugin

from coursewright.foundation.types import Address
from coursewright.media.rules import MAX_IMAGE

SIZES = {"bigger": 1200, "big": 600, "medium": 300, "small": 100}
FORMATS = {"JPEG", "PNG", "WEBP", "GIF"}
NOTES = {"xmp", "comment"}
"""What Pillow calls notes in a file that are neither parts of a JPEG, nor Exif, nor the texts of a PNG."""
NO_NOTES = (b"JFIF", b"ICC_PROFILE", b"Adobe")
"""With what those parts of a JPEG begin that say how to show it."""
MAX_PIXELS = 40_000_000
NO_IMAGE = "Upload a JPEG, PNG, WebP or GIF image."
TOO_LARGE = "The image is larger than 5 MB."
DATA_URL = re.compile(r"data:image/[a-z+.-]+;base64,", re.IGNORECASE)
Image.MAX_IMAGE_PIXELS = None  # ``opened`` has its own limit, checked before anything is decoded


class BadImage(ValueError):
    """Not a picture that is taken here."""


class NoImage(BadImage):
    """Broken, or of another format."""


def from_data_url(text: str) -> bytes:
    """The bytes of a ``data:image/...;base64,`` address. Anything else: BadImage."""
    match = DATA_URL.match(text)
    if match is None:
        raise BadImage("Send an image file or a data URL.")
    if len(text) > MAX_IMAGE * 4 // 3 + 100:
        raise BadImage(TOO_LARGE)
    try:
        return base64.b64decode(text[match.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadImage("The data URL is not base64.") from error


def opened(content: bytes) -> Image.Image:
    """The decoded picture, turned upright. Too large, too many pixels: BadImage; broken, another format: NoImage."""
    if len(content) > MAX_IMAGE:
        raise BadImage(TOO_LARGE)
    try:
        image = Image.open(BytesIO(content), formats=tuple(FORMATS))
        if image.width * image.height > MAX_PIXELS:
            raise BadImage("The image has more than 40 megapixels.")
        image.load()
        return ImageOps.exif_transpose(image)
    except BadImage:
        raise
    except Exception as error:  # a broken file makes a decoder fail in any way
        raise NoImage(NO_IMAGE) from error


def _plain(image: Image.Image) -> Image.Image:
    """The picture in eight bits a channel, red, green and blue, with transparency if it has any."""
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")  # 16 bits of grey
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def squares(image: Image.Image) -> dict[str, bytes]:
    """Square centre crops in all sizes, as WebP."""
    cut = _plain(image)
    found = {}
    for size, pixels in SIZES.items():  # from the largest to the smallest, each cut from the one before
        cut = ImageOps.fit(cut, (pixels, pixels), Image.Resampling.LANCZOS)
        found[size] = _webp(cut)
    return found


def _webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=82)
    return file.getvalue()


def path(name: str, size: str) -> str:
    """Where a picture's size lies in the storage."""
    return f"images/{name}-{size}.webp"


@contextmanager
def kept_files(files: Mapping[str, bytes]) -> Iterator[None]:
    """Stores files while something is written that names them, and removes them again when that fails.

    Make it before the transaction, which it would hold up.
    """
    try:
        for name, content in files.items():
            default_storage.save(name, ContentFile(content))
        yield
    except BaseException:
        for name in files:
            default_storage.delete(name)
        raise


@contextmanager
def kept(image: Image.Image | None) -> Iterator[str]:
    """Stores a picture in its four sizes, as ``kept_files`` does.

    Gives its name, which cannot be guessed; empty without a picture.
    """
    if not image:
        yield ""
        return
    name = secrets.token_urlsafe(16)
    with kept_files({path(name, size): content for size, content in squares(image).items()}):
        yield name


@contextmanager
def kept_file(image: Image.Image | None, width: int, height: int) -> Iterator[str]:
    """Stores one picture cut to a shape, as ``kept_files`` does; gives the file's name in the storage."""
    if not image:
        yield ""
        return
    name = f"images/{secrets.token_urlsafe(16)}.webp"
    with kept_files({name: _webp(ImageOps.fit(_plain(image), (width, height), Image.Resampling.LANCZOS))}):
        yield name


def thumbnail(image: Image.Image, pixels: int) -> bytes:
    """The whole picture, made small enough for a square of so many pixels, as WebP."""
    small = _plain(image)
    small.thumbnail((pixels, pixels), Image.Resampling.LANCZOS)
    return _webp(small)


def format_of(content: bytes) -> str:
    """The format of a picture that ``opened`` took: JPEG, PNG, WEBP or GIF."""
    with Image.open(BytesIO(content), formats=tuple(FORMATS)) as image:
        return "JPEG" if image.format == "MPO" else str(image.format)  # photos that have a second one inside


def unmarked(content: bytes) -> bytes:
    """The file of a picture that ``opened`` took, without what a camera or a program wrote into it about it: where and
    when it was taken, with what, by whom. What it looks like stays, with its colour profile and which way is up.

    An animation stays as it is, as no camera makes one, and so does a file without such notes. NoImage: it is broken in
    a way that ``opened`` does not mind.
    """
    try:
        with Image.open(BytesIO(content), formats=tuple(FORMATS)) as image:
            animated = getattr(image, "is_animated", False) and image.format != "MPO"
            return (
                content
                if animated or not _noted(image)
                else _rewritten(image, format_of(content), lossless=b"VP8L" in content)
            )
    except Exception as error:  # as in ``opened``
        raise NoImage(NO_IMAGE) from error


def _noted(image: Image.Image) -> bool:
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        return image.format == "MPO" or any(not part.startswith(NO_NOTES) for _, part in image.applist)
    return bool(image.getexif() or NOTES & image.info.keys() or getattr(image, "text", None))


def _rewritten(image: Image.Image, format: str, *, lossless: bool) -> bytes:
    options: dict[str, Any] = {"xmp": b"", "comment": b"", "icc_profile": image.info.get("icc_profile")}
    orientation = image.getexif().get(ExifTags.Base.Orientation)
    if orientation:
        upright = Image.Exif()
        upright[ExifTags.Base.Orientation] = orientation
        options["exif"] = upright.tobytes()
    if isinstance(image, JpegImagePlugin.JpegImageFile):  # as fine as it was, so that hardly anything changes
        options |= {"qtables": image.quantization, "subsampling": JpegImagePlugin.get_sampling(image)}
    elif format == "WEBP":
        options |= {"quality": 90, "lossless": lossless}
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def drawn(kind: str, id: int, pixels: int) -> bytes:
    """The default picture of a thing: stripes and a disc in colours of its own, the same at every call. PNG."""
    digest = hashlib.sha256(f"{kind} {id}".encode()).digest()
    hue, turn, radius = digest[0] / 256, digest[1] / 256, 0.2 + digest[2] / 1024

    def colour(shift: float, light: float) -> tuple[int, int, int]:
        red, green, blue = colorsys.hls_to_rgb((hue + shift) % 1, light, 0.45)
        return round(red * 255), round(green * 255), round(blue * 255)

    image = Image.new("RGB", (pixels, pixels), colour(0, 0.42))
    draw = ImageDraw.Draw(image)
    width = pixels // (4 + digest[3] % 4)
    slant = round((turn - 0.5) * pixels)
    for place, left in enumerate(range(-pixels, 2 * pixels, width)):
        if place % 2:
            corners = [(left, 0), (left + width, 0), (left + width + slant, pixels), (left + slant, pixels)]
            draw.polygon(corners, fill=colour(0.04, 0.48))
    x, y, r = (digest[4] / 256) * pixels, (digest[5] / 256) * pixels, radius * pixels
    draw.ellipse((x - r, y - r, x + r, y + r), fill=colour(0.45, 0.62))
    file = BytesIO()
    image.save(file, "PNG", optimize=False)
    return file.getvalue()


def addresses(kind: str, id: int, name: str) -> Mapping[str, Address]:
    """Where the four sizes are, as the fields ``image_bigger`` to ``image_small``."""
    if not name:
        return _drawn_addresses(kind, id)
    return {f"image_{size}": Address(default_storage.url(path(name, size))) for size in SIZES}


@lru_cache(maxsize=1000)
def _drawn_addresses(kind: str, id: int) -> Mapping[str, Address]:
    return {f"image_{size}": Address(f"/images/{kind}/{id}/{size}.png") for size in SIZES}
