"""Comments as they are answered (schemas.yaml)."""

import msgspec

from coursewright.accounts.shapes import UserMinimal
from coursewright.foundation.types import Instant
from coursewright.media.shapes import Media

Unset = msgspec.UnsetType
UNSET = msgspec.UNSET


class ExtraCourse(msgspec.Struct):
    """A course to link to."""

    id: int
    slug: str


class ExtraPlace(msgspec.Struct):
    """A section or a lesson to link to."""

    id: int
    name: str


class Extras(msgspec.Struct):
    """Where a comment stands; only in the list of a whole course."""

    course: ExtraCourse
    section: ExtraPlace
    lesson: ExtraPlace


class CourseComment(msgspec.Struct, kw_only=True):
    """A comment. ``replies`` and ``extras`` come in the list of a whole course only, ``latest_reply`` elsewhere."""

    id: int
    html: str
    parent: int | None
    in_reply_to: int | None
    created_at: Instant
    created_by: UserMinimal
    medias: list[Media]
    latest_reply: "CourseComment | Unset | None" = UNSET
    replies: "list[CourseComment] | Unset" = UNSET
    extras: Extras | Unset = UNSET
