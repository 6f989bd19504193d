"""Pictures: checked, cut square, kept in four sizes; drawn where there is none (rules.md 3)."""

import base64
import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from coursewright.media import images
from coursewright.media.images import BadImage
from coursewright.media.rules import MAX_IMAGE

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def banded(width: int = 300, height: int = 100) -> Image.Image:
    """White with a red left and a blue right third: a centre crop is white all over."""
    image = Image.new("RGB", (width, height), WHITE)
    image.paste(RED, (0, 0, width // 3, height))
    image.paste(BLUE, (width - width // 3, 0, width, height))
    return image


def empty_png(width: int, height: int) -> bytes:
    """A PNG that claims a size, and has no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    """Whether a pixel has a colour, but for what compression changes."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= 12 for one, other in zip(pixel, colour, strict=False))


def cut(image: Image.Image) -> Image.Image:
    """The smallest square, decoded."""
    return Image.open(BytesIO(images.squares(image)["small"]))


def test_four_squares() -> None:
    found = {size: Image.open(BytesIO(content)) for size, content in images.squares(banded(400)).items()}
    assert {size: (image.format, image.size) for size, image in found.items()} == {
        "bigger": ("WEBP", (1200, 1200)),
        "big": ("WEBP", (600, 600)),
        "medium": ("WEBP", (300, 300)),
        "small": ("WEBP", (100, 100)),
    }
    for image in found.values():
        last = image.width - 1
        for place in ((0, 0), (last, 0), (0, last), (last, last)):
            assert near(image.getpixel(place), WHITE), "the centre is cut out"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_formats_that_are_taken(format: str) -> None:
    image = images.opened(encoded(banded(), format))
    assert image.size == (300, 100)
    assert near(cut(image).convert("RGB").getpixel((50, 50)), WHITE)


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PPM", "TGA", "ICNS"])
def test_formats_that_are_not(format: str) -> None:
    with pytest.raises(BadImage, match="Upload a JPEG, PNG, WebP or GIF image"):
        images.opened(encoded(Image.new("RGB", (64, 64), RED), format))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        b'<?xml version="1.0"?><svg/>',
        b"%PDF-1.4",
        b"just text",
        encoded(banded(), "PNG")[:-40],
        encoded(banded(), "JPEG")[:200],
        empty_png(10, 10),
        empty_png(0, 10),
    ],
)
def test_broken_files(content: bytes) -> None:
    with pytest.raises(BadImage, match="Upload a JPEG, PNG, WebP or GIF image"):
        images.opened(content)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_damage_of_any_kind_is_a_bad_image_or_a_picture(format: str) -> None:
    whole = encoded(banded(60, 20), format)
    chance = random.Random(7)  # noqa: S311 - the same damage at every run
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            content = bytes(broken[: chance.randint(1, len(broken))])
            image, unmarked = images.opened(content), images.unmarked(content)
        except BadImage:
            continue
        assert images.opened(unmarked).size == image.size
        assert images.squares(image).keys() == images.SIZES.keys()


def test_too_many_bytes() -> None:
    content = encoded(banded())
    with pytest.raises(BadImage, match="larger than 5 MB"):
        images.opened(content + b"\0" * (MAX_IMAGE + 1 - len(content)))
    assert images.opened(content + b"\0" * (MAX_IMAGE - len(content))).size == (300, 100)


@pytest.mark.parametrize("width, height", [(41_000, 1000), (6404, 6404), (60_000, 60_000), (40_000_001, 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    with pytest.raises(BadImage, match="more than 40 megapixels"):
        images.opened(empty_png(width, height))


def test_forty_megapixels_are_taken() -> None:
    assert images.opened(encoded(Image.new("1", (8000, 5000)))).size == (8000, 5000)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_upright(orientation: int) -> None:
    """A picture with red above, however a camera held it."""
    upright = Image.new("RGB", (40, 40), WHITE)
    upright.paste(RED, (0, 0, 40, 20))
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = upright.transpose(turns[orientation]) if orientation in turns else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.opened(encoded(held, "JPEG", exif=exif, quality=95))
    assert near(image.getpixel((20, 5)), RED)
    assert near(image.getpixel((20, 35)), WHITE)


def test_nothing_of_the_camera_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    image = images.opened(encoded(banded(), "JPEG", exif=exif))
    assert all(not Image.open(BytesIO(content)).getexif() for content in images.squares(image).values())


def noted(format: str, orientation: int = 6) -> bytes:
    """A picture as a camera makes it, with a note where it was."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = orientation, "Maker", {1: "N", 2: (1.0, 2.0, 3.0)}
    options = {} if format == "PNG" else {"xmp": b"<x:xmpmeta/>", "quality": 90}
    more = {"save_all": True, "append_images": [banded()]} if format == "MPO" else {}
    return encoded(banded(), format, exif=exif, icc_profile=b"colours", **options, **more)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "MPO"])
def test_the_file_says_no_more_where_it_was_taken(format: str) -> None:
    content = noted(format)
    assert Image.open(BytesIO(content)).getexif().get_ifd(0x8825)
    bare = images.unmarked(content)
    found = Image.open(BytesIO(bare))
    assert (dict(found.getexif()), found.info.get("xmp"), found.info["icc_profile"]) == ({0x0112: 6}, None, b"colours")
    assert b"Maker" not in bare
    before, after = images.opened(content), images.opened(bare)
    assert (after.size, found.format) == (before.size, images.format_of(content))
    assert all(near(after.getpixel(place), before.getpixel(place)) for place in ((5, 20), (50, 150), (50, 280)))


def test_a_photo_whose_second_picture_has_the_notes() -> None:
    second = Image.open(BytesIO(encoded(banded(), "JPEG", comment=b"Maker")))
    content = encoded(banded(), "MPO", save_all=True, append_images=[second])
    assert (b"Maker" in content, b"Maker" in images.unmarked(content)) == (True, False)


def test_notes_of_other_kinds() -> None:
    """As of who made a picture with what (C2PA): any part that does not say how to show it."""
    content = encoded(banded(), "JPEG")
    noted = content[:2] + b"\xff\xeb\x00\x0fJP by Maker\0\0" + content[2:]
    assert images.opened(noted).size == (300, 100)
    assert b"Maker" not in images.unmarked(noted)


def test_a_webp_that_lost_nothing_loses_nothing() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    picture = Image.effect_noise((60, 40), 80).convert("RGB")
    bare = images.unmarked(encoded(picture, "WEBP", lossless=True, exif=exif))
    assert (b"Maker" in bare, Image.open(BytesIO(bare)).convert("RGB").tobytes()) == (False, picture.tobytes())


def test_words_in_a_file_are_notes_too() -> None:
    words = PngInfo()
    words.add_text("Author", "Ann")
    assert Image.open(BytesIO(images.unmarked(encoded(banded(), "PNG", pnginfo=words)))).info == {}
    for format in ("JPEG", "GIF"):
        assert b"by Ann" not in images.unmarked(encoded(banded(), format, comment=b"by Ann"))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_without_notes_stays_as_it_is(format: str) -> None:
    content = encoded(banded(), format)
    assert images.unmarked(content) == content


def test_an_animation_stays_as_it_is() -> None:
    content = encoded(banded(), "GIF", save_all=True, append_images=[Image.new("RGB", (300, 100))], comment=b"made")
    assert images.unmarked(content) == content


def test_sixteen_bits_of_grey() -> None:
    image = Image.new("I;16", (100, 100), 32768)
    opened = images.opened(encoded(image))
    assert opened.mode == "I;16"
    assert near(cut(opened).getpixel((50, 50)), (128, 128, 128))


@pytest.mark.parametrize(
    "image, format, colour",
    [
        (Image.new("CMYK", (50, 50), (0, 255, 255, 0)), "JPEG", RED),
        (Image.new("L", (50, 50), 128), "PNG", (128, 128, 128)),
        (Image.new("1", (50, 50), 1), "PNG", WHITE),
        (Image.new("RGB", (50, 50), BLUE).quantize(4), "PNG", BLUE),
        (Image.new("RGB", (50, 50), BLUE).quantize(4), "GIF", BLUE),
    ],
)
def test_other_kinds_of_pixels(image: Image.Image, format: str, colour: tuple[int, ...]) -> None:
    small = cut(images.opened(encoded(image, format)))
    assert (small.mode, near(small.getpixel((50, 50)), colour)) == ("RGB", True)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_stays(mode: str) -> None:
    clear = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    if mode == "P":
        content = encoded(Image.new("P", (50, 50), 0), "PNG", transparency=0)
    else:
        content = encoded(clear.convert(mode))
    small = cut(images.opened(content))
    assert small.mode == "RGBA"
    pixel = small.getpixel((50, 50))
    assert isinstance(pixel, tuple)
    assert pixel[3] == 0


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture(format: str) -> None:
    first, second = (Image.new("RGB", (50, 50), colour) for colour in (RED, BLUE))
    content = encoded(first, format, save_all=True, append_images=[second], duration=100)
    assert near(cut(images.opened(content)).convert("RGB").getpixel((50, 50)), RED)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (1201, 7)])
def test_odd_shapes(size: tuple[int, int]) -> None:
    assert cut(images.opened(encoded(Image.new("RGB", size, RED)))).size == (100, 100)


def test_data_url() -> None:
    content = encoded(banded())
    text = base64.b64encode(content).decode()
    assert images.from_data_url(f"data:image/png;base64,{text}") == content
    assert images.from_data_url(f"DATA:IMAGE/PNG;BASE64,{text}") == content


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "Send an image file or a data URL."),
        ("x", "Send an image file or a data URL."),
        ("https://example.org/x.png", "Send an image file or a data URL."),
        ("data:text/html;base64,AAAA", "Send an image file or a data URL."),
        ("data:image/png,AAAA", "Send an image file or a data URL."),
        (" data:image/png;base64,AAAA", "Send an image file or a data URL."),
        ("data:image/png;base64,A", "The data URL is not base64."),
        ("data:image/png;base64,AAA*", "The data URL is not base64."),
        ("data:image/png;base64,é", "The data URL is not base64."),
        ("data:image/png;base64," + "A" * 7_000_000, "The image is larger than 5 MB."),
    ],
)
def test_bad_data_urls(text: str, message: str) -> None:
    with pytest.raises(BadImage) as caught:
        images.from_data_url(text)
    assert str(caught.value) == message


def test_drawn_pictures_differ_from_thing_to_thing_and_stay_the_same() -> None:
    found = [images.drawn(kind, id, 100) for kind in ("course", "category") for id in range(1, 101)]
    assert len(set(found)) == 200
    assert images.drawn("course", 1, 100) == found[0]


@pytest.mark.parametrize("pixels", images.SIZES.values())
def test_drawn_sizes(pixels: int) -> None:
    image = Image.open(BytesIO(images.drawn("course", 1, pixels)))
    assert (image.format, image.size) == ("PNG", (pixels, pixels))
