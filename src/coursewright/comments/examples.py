"""Examples of bodies and answers, for the OpenAPI file."""

from coursewright.api.schema import example

NEW_COMMENT = example("A comment", {"text": "<p>Why?</p>"})
REPLY = example("A reply", {"text": "<p>Because.</p>", "parent": 77, "in_reply_to": 78})
