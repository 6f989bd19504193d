"""Pure decisions about uploads and links."""

import re
from ipaddress import ip_address, ip_network
from typing import NamedTuple

MAX_DOCUMENT = 50 * 1024 * 1024
MAX_IMAGE = 5 * 1024 * 1024
MAX_CHUNK = 204_800
PDF = "application/pdf"
NAT64 = ip_network("64:ff9b::/96")
RANGE = re.compile(r"\s*bytes\s+([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})\s*", re.IGNORECASE)


class Range(NamedTuple):
    """Bytes ``first`` to ``last`` (both in it) of ``total``."""

    first: int
    last: int
    total: int


def content_range(header: str) -> Range | None:
    """The range of a ``Content-Range`` header, or None when it is no good one."""
    match = RANGE.fullmatch(header)
    if match is None:
        return None
    found = Range(*(int(number) for number in match.groups()))
    return found if found.first <= found.last < found.total else None


def is_pdf(content: bytes) -> bool:
    """Whether bytes are a PDF document, by their beginning."""
    return content.lstrip()[:5] == b"%PDF-"


def is_public(address: str) -> bool:
    """Whether the server may fetch from an IP address: public ones only, also inside IPv6."""
    ip = ip_address(address)
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None:
        return is_public(str(inner))
    teredo = getattr(ip, "teredo", None)
    if teredo is not None or (ip.version == 6 and ip in NAT64):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified
