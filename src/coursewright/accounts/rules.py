"""Pure decisions about people."""

import re
from uuid import NAMESPACE_OID, UUID, uuid5

USERNAME = re.compile(r"[^\s\x00-\x1f\x7f/@](?:[^\x00-\x1f\x7f/]*[^\s\x00-\x1f\x7f/])?")


def good_username(username: str) -> bool:
    """Printable, up to 255 characters, without slashes, and without blanks at its ends."""
    return len(username) <= 255 and username.isprintable() and USERNAME.fullmatch(username) is not None


def code_family(code: str) -> UUID:
    """The family of the tokens that an authorization code gives, by which they are found when the code is gone."""
    return uuid5(NAMESPACE_OID, code)
