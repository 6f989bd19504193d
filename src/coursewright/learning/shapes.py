"""Members and their progress as they are answered (schemas.yaml)."""

from datetime import datetime

import msgspec


class CourseUserDashboard(msgspec.Struct, kw_only=True):
    id: int
    username: str
    real_name: str
    avatar: str | None
    join_status: str | None
    user_completion_rate: int
    last_active_at: datetime | None
    joined_at: datetime | None


class CourseStatus(msgspec.Struct):
    """How the caller stands to a course."""

    status: str | None
