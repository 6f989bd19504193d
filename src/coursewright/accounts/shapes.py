"""People as they are answered (schemas.yaml: user, user_minimal, user_brief, user_permission)."""

from datetime import date
from typing import Literal

import msgspec

from coursewright.foundation.types import Address, Instant

Gender = Literal["Male", "Female", "Unspecified"]
Connection = Literal["followed", "connected", "sent_connection_request", "received_connection_request"]
Role = Literal["admin", "moderator", "editor"]


class UserMinimal(msgspec.Struct):
    """A person beside what they made or joined."""

    id: int
    username: str
    real_name: str
    avatar: Address | None
    community_badge: bool
    deleted: bool


class UserBrief(msgspec.Struct):
    """A person in a list to choose from."""

    id: int
    username: str
    real_name: str
    ext_id: str
    avatar: Address | None


class User(msgspec.Struct):
    """A person. The fields from ``followings_counter`` on are of other parts of a community, and always the same."""

    id: int
    username: str
    real_name: str
    ext_id: str
    date_joined: Instant
    bio: str
    location: str
    location_lat_lng: str
    position_lat_lng: str
    date_of_birth: date | None
    description: str
    gender: Gender
    website: str
    deleted: bool
    deleted_at: Instant | None
    avatar: Address | None
    cover: Address | None
    followings_counter: int | None = None
    followers_counter: int | None = None
    posts_counter: int | None = None
    discussions_counter: int | None = None
    polls_counter: int | None = None
    connection_status: Connection | None = None
    categories_counter: int | None = None
    tags: list[int] = msgspec.field(default_factory=list)
    reputation: int = 0
    community_badge: bool = False
    reg_approved: bool = True
    company_name: str = ""
    company_role: str = ""
    can_send_pm_to: bool = False


class UserPermission(msgspec.Struct):
    """What the caller may create; of all that a community could have, there are courses here."""

    create_course: bool
    create_contribute: bool = False
    create_poll: bool = False
    locate_post: bool = False
    create_post: bool = False
    create_group: bool = False
    create_event: bool = False
    create_live_stream: bool = False
    follow_user: bool = False
    request_connection: bool = False
    accept_connection: bool = False


class Account(msgspec.Struct):
    """What only the person sees of themselves."""

    email: str
    language: str
    email_isvalid: bool
    role: Role | None
    status: str = "a"


class Me(User, kw_only=True):
    """The caller: everything of a user, and what only they see."""

    email: str
    language: str
    email_isvalid: bool
    role: Role | None
    status: str
    permission: UserPermission
    unseen_interactions_counter: int = 0
    unseen_notification_banners_counter: int = 0
