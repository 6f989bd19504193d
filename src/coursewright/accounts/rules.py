"""Pure decisions about people."""

import re

USERNAME = re.compile(r"[^\s\x00-\x1f\x7f/@](?:[^\x00-\x1f\x7f/]*[^\s\x00-\x1f\x7f/])?")


def good_username(username: str) -> bool:
    """Printable, up to 255 characters, without slashes, and without blanks at its ends."""
    return len(username) <= 255 and username.isprintable() and USERNAME.fullmatch(username) is not None
