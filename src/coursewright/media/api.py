"""Uploads, links and media: the operations."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from coursewright.api.authentication import require_user
from coursewright.api.requests import Request
from coursewright.api.responses import Response, empty
from coursewright.api.schema import ID, in_header, operation
from coursewright.api.shapes import body
from coursewright.api.views import ApiView
from coursewright.comments import queries as comments
from coursewright.community.queries import preference
from coursewright.foundation import clock
from coursewright.foundation.errors import PermissionDenied, invalid
from coursewright.learning.errors import LessonLocked, NotJoined
from coursewright.media import actions, examples, queries, shapes, tasks
from coursewright.media.errors import InvalidRange, MediaInUse, UploadTooLarge
from coursewright.media.serializers import CompletionShape, LinkShape

MAX_CHUNK_BODY = 1024 * 1024
CHUNK = {
    "type": "object",
    "description": "One of `image` and `document`, whichever; the content decides what the file is.",
    "properties": {
        "upload_id": {"type": "string", "description": "From the second piece on."},
        "image": {"type": "string", "format": "binary", "description": "Up to 204,800 bytes."},
        "document": {"type": "string", "format": "binary", "description": "Up to 204,800 bytes."},
    },
    "anyOf": [{"required": ["image"]}, {"required": ["document"]}],
}


class MediaCreation(ApiView):
    @operation(
        "create_media",
        "Add a link",
        body=LinkShape,
        answers={201: shapes.Media},
        errors=(400, 401),
        examples=(examples.LINK,),
    )
    def post(self, request: Request) -> Response:
        """Fetches the preview of a page, from public addresses only. Files come in through ``upload/chunk/``."""
        who = require_user(request)
        given = body(LinkShape, request)
        given.faults.settle()
        id = actions.create_link(who.id, given["url"], at=clock.now())
        return Response(queries.media(queries.media_row(id)), status=201)


class ChunkUpload(ApiView):
    max_body = MAX_CHUNK_BODY

    @operation(
        "upload_chunk",
        "Send a piece of a file",
        parameters=(
            in_header(
                "Content-Range", "`bytes a-b/total`: which bytes of the file, the first is 0; `bytes 0-999/1000`."
            ),
        ),
        body=CHUNK,
        content_type="multipart/form-data",
        answers={201: shapes.ChunkMedia},
        errors=(400, 401, 404, InvalidRange, UploadTooLarge),
        examples=(examples.PIECE,),
    )
    def post(self, request: Request) -> Response:
        """``Content-Range: bytes a-b/total`` says which. A piece sent again is no error; a gap is ``invalid_range``.

        A piece has up to 204,800 bytes, a file up to 50 MB.
        """
        who = require_user(request)
        data = dict(request.data)
        file = _file(data)
        upload = actions.receive_chunk(
            who.id,
            str(data.get("upload_id") or "") or None,
            file.name or "",
            file.read(),
            request.http.META.get("HTTP_CONTENT_RANGE", ""),
            at=clock.now(),
        )
        if not data.get("upload_id"):
            tasks.remove_expired_uploads.using(run_after=timezone.now() + actions.LIFE).enqueue()
        return Response(shapes.ChunkMedia(upload.pk, upload.received, upload.expires_at), status=201)


def _file(data: dict[str, Any]) -> "UploadedFile[Any]":
    for field in ("image", "document"):
        file = data.get(field)
        if isinstance(file, UploadedFile):
            return file
    raise invalid("image", "Send a file as image or as document.", "required")


class UploadCompletion(ApiView):
    @operation(
        "complete_upload",
        "Make a media of an upload",
        body=CompletionShape,
        answers={201: shapes.Media},
        errors=(400, 401, 404, InvalidRange, UploadTooLarge),
        examples=(examples.WHOLE,),
    )
    def post(self, request: Request) -> Response:
        """The content decides what it is: a JPEG, PNG, WebP or GIF image up to 5 MB, or a PDF document up to 50 MB.

        The community may take fewer kinds. ``md5`` is checked when it is sent.
        """
        who = require_user(request)
        given = body(CompletionShape, request)
        given.faults.settle()
        accepted = str(preference("configurations", "accepted_media_mimetypes")).replace(" ", "").split(",")
        id = actions.complete_upload(who.id, given["upload_id"], given.get("md5") or "", accepted, at=clock.now())
        return Response(queries.media(queries.media_row(id)), status=201)


class MediaDetail(ApiView):
    @operation(
        "get_media",
        "A media",
        parameters=(ID,),
        answers={200: shapes.Media},
        errors=(401, 404, NotJoined, LessonLocked),
    )
    def get(self, request: Request, id: int) -> Response:
        """For who uploaded it, and for who may open a lesson or a comment that shows it."""
        who = require_user(request)
        row = queries.media_row(id)
        if row.uploader_id != who.id:
            comments.check_opens_one(comments.places(id, who.id), clock.now())
        return Response(queries.media(row))

    @operation(
        "delete_media",
        "Delete a media",
        parameters=(ID,),
        answers={204: None},
        errors=(401, 403, 404, NotJoined, LessonLocked, MediaInUse),
    )
    def delete(self, request: Request, id: int) -> Response:
        """For who uploaded it and the managers of a course that uses it; 409 while it is in use."""
        who = require_user(request)
        if queries.media_row(id).uploader_id != who.id:
            places = comments.places(id, who.id)
            comments.check_opens_one(places, clock.now())
            if not any(course.managed for course, _ in places):
                raise PermissionDenied
        actions.delete_media(id, in_use=comments.is_shown, at=clock.now(), by=who.id)
        return empty()
