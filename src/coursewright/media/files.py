"""Files over HTTP: what is kept in the storage, and the pictures that are drawn."""

import mimetypes
import posixpath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from coursewright.api.errors import no_such_path
from coursewright.media import images

FOREVER = "public, max-age=31536000, immutable"
KINDS = ("course", "category")
UNFINISHED = "uploads/"
mimetypes.add_type("image/webp", ".webp")  # unknown to Python before 3.13


@csrf_exempt  # there is nothing to forge: other methods are refused
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A stored file. Its name cannot be guessed, and never changes its content.

    Pieces of uploads are not served, and a storage elsewhere (S3) serves its files itself.
    """
    if (
        path.startswith("/")
        or posixpath.normpath(path).startswith(UNFINISHED)
        or not isinstance(default_storage, FileSystemStorage)
    ):
        return no_such_path(request)
    try:
        file = default_storage.open(path)
    except (OSError, SuspiciousFileOperation, ValueError):
        return no_such_path(request)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    # A document of someone's making must not run scripts on this origin.
    headers = {"Cache-Control": FOREVER, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(file, content_type=kind, headers=headers)


@csrf_exempt  # there is nothing to forge: other methods are refused
@require_safe
def drawn_image(request: HttpRequest, kind: str, id: int, size: str) -> HttpResponse:
    """The default picture for an id, whether or not there is such a thing."""
    if kind not in KINDS or not id or size not in images.SIZES:
        return no_such_path(request)
    content = images.drawn(kind, id, images.SIZES[size])
    return HttpResponse(content, content_type="image/png", headers={"Cache-Control": FOREVER})
