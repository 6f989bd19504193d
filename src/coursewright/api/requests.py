"""What an operation is asked: the query string, and the body, which is read up to a limit (rules.md 1.2, 1.13)."""

import re
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from rest_framework.exceptions import UnsupportedMediaType

from coursewright.api.parsers import PARSERS, Malformed, TooLarge
from coursewright.foundation.caller import Caller

LENGTH = re.compile(r"[0-9]{1,18}")


class Request:
    """A request to an operation. ``max_body``: bytes that its body may have; ``caller``: whose credentials it has."""

    def __init__(self, http: HttpRequest, max_body: int, caller: Caller) -> None:
        self.http = http
        self.max_body = max_body
        self.caller = caller

    @property
    def query(self) -> QueryDict:
        return self.http.GET

    @cached_property  # Django's: that of Python 3.11 lets one thread at a time read a body
    def data(self) -> dict[str, Any]:
        """The body as a plain dict; an empty body is no data under any content type.

        It cannot be read: 400; too large: 413; another content type: 415.
        """
        body = self._body()
        if not body or body.isspace():
            return {}
        kind = self.http.content_type or ""
        if kind not in PARSERS:
            raise UnsupportedMediaType(
                self.http.META.get("CONTENT_TYPE", ""), f"Send the body as {', '.join(PARSERS)}."
            )
        return PARSERS[kind](body, self.http)

    def _body(self) -> bytes:
        meta = self.http.META
        length = meta.get("CONTENT_LENGTH")
        if length:
            if not LENGTH.fullmatch(length):
                raise Malformed("The length of the body is not a number.")
            if int(length) > self.max_body:
                raise TooLarge
            body = bytes(self.http.read(int(length)))
            if len(body) < int(length):
                raise Malformed("The body is shorter than its length says.")
            return body
        # Without a length it is read to its end, if the server knows where that is.
        if not meta.get("wsgi.input_terminated"):
            return b""
        body = bytes(meta["wsgi.input"].read(self.max_body + 1))
        if len(body) > self.max_body:
            raise TooLarge
        return body
