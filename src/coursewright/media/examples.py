"""Examples of bodies and answers, for the OpenAPI file."""

from coursewright.api.schema import example

LINK = example("A link", {"type": "url", "url": "https://example.org/limits"})
UPLOAD = "d41d8cd98f00b204e9800998ecf8427e"
PIECE = example(
    "The first of two pieces", {"upload_id": UPLOAD, "offset": 204800, "expires": "2026-11-24T10:00:00Z"}, 201
)
WHOLE = example(
    "All pieces are there", {"upload_id": UPLOAD, "type": "file", "md5": "9e107d9d372bb6826bd81d3542a419d6"}
)
