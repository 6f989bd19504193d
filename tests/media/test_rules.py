"""Which addresses are public, and what a Content-Range says."""

import pytest

from coursewright.media import rules
from coursewright.media.rules import Range


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert rules.is_public(address) is False


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "::ffff:8.8.8.8", "2002:808:808::", "2606:4700::1111"],
)
def test_public_addresses(address: str) -> None:
    assert rules.is_public(address) is True


@pytest.mark.parametrize(
    "header, found",
    [
        ("bytes 0-68/69", Range(0, 68, 69)),
        ("bytes 0-0/1", Range(0, 0, 1)),
        (" BYTES  5-9/10 ", Range(5, 9, 10)),
        ("bytes 0-69/69", None),
        ("bytes 9-5/10", None),
        ("bytes 0-9/*", None),
        ("bytes */10", None),
        ("bytes 0-/10", None),
        ("bytes -1-5/10", None),
        ("bytes 0--1/0", None),
        ("bytes 0-0/0", None),
        ("bytes=0-9/10", None),
        ("0-9/10", None),
        ("items 0-9/10", None),
        ("bytes 0-9/10, 10-19/20", None),
        ("bytes 0-9/1000000000000000", None),
        ("bytes \u0661-\u0662/\u0663", None),
        ("", None),
    ],
)
def test_content_range(header: str, found: Range | None) -> None:
    assert rules.content_range(header) == found


@pytest.mark.parametrize(
    "content, found",
    [
        (b"%PDF-1.7", True),
        (b"\r\n %PDF-1.4", True),
        (b"", False),
        (b"%PDF", False),
        (b"%pdf-1.7", False),
        (b"GIF89a %PDF-1.4", False),
        (b" " * 1024 + b"%PDF-1.4", False),
    ],
)
def test_is_pdf(content: bytes, found: bool) -> None:
    assert rules.is_pdf(content) is found
