"""Members and their progress as they are answered (schemas.yaml)."""

import msgspec

from coursewright.courses.shapes import Standing
from coursewright.foundation.types import Address, Instant


class CourseUserDashboard(msgspec.Struct, kw_only=True):
    """A member with their progress."""

    id: int
    username: str
    real_name: str
    avatar: Address | None
    join_status: Standing | None
    user_completion_rate: int
    last_active_at: Instant | None
    joined_at: Instant | None


class CourseStatus(msgspec.Struct):
    """How the caller stands to a course."""

    status: Standing | None
