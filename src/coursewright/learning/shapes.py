"""Members and their progress as they are answered (schemas.yaml)."""

from typing import Annotated

import msgspec

from coursewright.accounts.shapes import Avatar, RealName, UserId, Username
from coursewright.courses.shapes import CompletionRate, JoinStatus, Standing
from coursewright.foundation.types import Instant, doc


class CourseUserDashboard(msgspec.Struct, kw_only=True):
    """A member with their progress."""

    id: UserId
    username: Username
    real_name: RealName
    avatar: Avatar
    join_status: Annotated[Standing | None, doc("How the member stands to the course; never null.")]
    user_completion_rate: CompletionRate
    last_active_at: Annotated[
        Instant | None, doc("When the member last completed a lesson or made an attempt, UTC; null: not yet.")
    ]
    joined_at: Annotated[
        Instant | None, doc("When the member became joined or a manager, UTC; null for all others, the creator too.")
    ]


class CourseStatus(msgspec.Struct):
    """How the caller stands to a course."""

    status: JoinStatus
