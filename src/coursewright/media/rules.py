"""Pure decisions about uploads and links."""

import re
from ipaddress import IPv4Address, ip_address, ip_network
from typing import NamedTuple

MAX_DOCUMENT = 50 * 1024 * 1024
MAX_IMAGE = 5 * 1024 * 1024
MAX_CHUNK = 204_800
PDF = "application/pdf"
GLOBAL_UNICAST = ip_network("2000::/3")
"""The only addresses of IPv6 that lead into the Internet; those that NAT64 makes of IPv4 are not among them."""
PROTOCOLS = ip_network("192.0.0.0/24")
"""For the protocols of networks, and the metadata of one cloud; Python takes a part of it for public."""
UPLOAD_ID = re.compile(r"[0-9a-f]{32}")
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
    return content[:1024].lstrip().startswith(b"%PDF-")


def is_public(address: str) -> bool:
    """Whether the server may fetch from an IP address: public ones only, also of an IPv4 address inside IPv6."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in PROTOCOLS
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is not None:
        return is_public(str(inner))
    return ip in GLOBAL_UNICAST and ip.is_global
