"""Requests to the API take turns within a web worker on SQLite (docs/decisions/0014-turns-on-sqlite.md)."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from coursewright.api.middleware import API
from coursewright.foundation.sqlite.turn import TURN

FILES = f"{API}media/"
LARGE = 64 * 1024
"""Bytes of a body from which on a request does not wait: its work is with the body, not with the database."""


class Turns:
    """Lets one request at a time into the application, of those that are there in full and soon done.

    Others pass: pages, where passwords are hashed; files and forms with files; bodies that are large, of unknown
    length, or sent only when they are asked for.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _short(environ):
            return self.application(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(length))
        with TURN:
            return self.application(environ, start_response)


def _short(environ: dict[str, Any]) -> bool:
    path: str = environ["PATH_INFO"]
    if not path.startswith(API) or path.startswith(FILES):
        return False
    if "HTTP_TRANSFER_ENCODING" in environ or "HTTP_EXPECT" in environ:
        return False
    length: str = environ.get("CONTENT_LENGTH") or "0"
    small = length.isdecimal() and len(length) < 10 and int(length) <= LARGE
    return small and not environ.get("CONTENT_TYPE", "").startswith("multipart/")
