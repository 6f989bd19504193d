"""What a web page says of itself: its title and its Open Graph properties."""

import codecs
import re
from email.message import Message
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

KINDS = ("text/html", "application/xhtml+xml")
MAX_IMAGES = 5
MAX_URL = 2000
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
META = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})""", re.IGNORECASE)
CODECS = re.compile(
    r"utf-8|utf-16(-[bl]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|gb(k|2312|18030)|big5\w*|shift_jis\w*|euc_\w+|iso2022_\w+"
)
"""Python's names of what pages are written in; it knows other codecs that do more than pages need."""


class Preview(NamedTuple):
    """What a page says of itself, cut to what is kept; texts may be empty."""

    title: str
    description: str
    images: list[str]


class _Head(HTMLParser):
    """The title and the properties of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.properties: dict[str, str] = {}
        self.images: list[str] = []
        self.title: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag != "meta":
            return
        values = dict(attrs)
        name = (values.get("property") or values.get("name") or "").lower()
        content = " ".join((values.get("content") or "").split())
        if name in ("og:image", "og:image:url") and content:
            self.images.append(content)
        elif name and content:
            self.properties.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)


def text(content: bytes, content_type: str) -> str:
    """The text of a page, by its mark, the ``Content-Type``, or what it says itself; UTF-8 when none of them helps."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    header = Message()
    header["Content-Type"] = content_type
    said = META.search(content[:4096])
    names = [str(header.get_param("charset", "")), said[1].decode() if said else ""]
    encoding = next((found for name in names if (found := _codec(name))), "utf-8")
    return content.decode(encoding, errors="replace")


def _codec(name: str) -> str:
    """Python's name of an encoding, empty for none. Browsers read Latin-1 as the larger Windows-1252."""
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    if found in ("ascii", "iso8859-1"):
        return "cp1252"
    return found if CODECS.fullmatch(found) else ""


def preview(page: str, url: str) -> Preview:
    """The preview of a page that stands at ``url``."""
    head = _Head()
    head.feed(page.replace("\0", ""))
    title = head.properties.get("og:title") or " ".join("".join(head.title).split())
    description = head.properties.get("og:description") or head.properties.get("description", "")
    images = dict.fromkeys(found for image in head.images if (found := _address(url, image)))
    return Preview(title[:255], description[:2000], list(images)[:MAX_IMAGES])


def _address(url: str, image: str) -> str:
    """The whole address of an image; empty when it is none that a browser should load."""
    try:
        found = urljoin(url, image)
        return found if urlsplit(found).scheme in ("http", "https") and len(found) <= MAX_URL else ""
    except ValueError:
        return ""
