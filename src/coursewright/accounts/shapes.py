"""People as they are answered (schemas.yaml: user, user_minimal, user_brief, user_permission)."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from coursewright.foundation.types import Address, Instant, doc

Gender = Literal["Male", "Female", "Unspecified"]
Connection = Literal["followed", "connected", "sent_connection_request", "received_connection_request"]
Role = Literal["admin", "moderator", "editor"]

UserId = Annotated[int, doc("Id of the person.")]
Username = Annotated[str, doc("The name they sign in with. Two people have the same only if one of them is deleted.")]
RealName = Annotated[str, doc("The name that others see. May be empty: show `username` then.")]
ExtId = Annotated[str, doc("Their id in another system, as an administrator wrote it down; empty: none.")]
Avatar = Annotated[Address | None, doc("Address of their picture, which is square; null: they have none.")]
Badge = Annotated[bool, doc("Always false: there are no badges here.")]
Deleted = Annotated[bool, doc("Whether their account was deleted; what they made and their standings may remain.")]
NotCounted = Annotated[int | None, doc("Always null: there is nothing of the kind here to count.")]
NotHere = Annotated[bool, doc("Always false: there is nothing of the kind here.")]


class UserMinimal(msgspec.Struct):
    """A person beside what they made or joined."""

    id: UserId
    username: Username
    real_name: RealName
    avatar: Avatar
    community_badge: Badge
    deleted: Deleted


Author = Annotated[UserMinimal, doc("Who made it; their account may be `deleted` by now.")]


class UserBrief(msgspec.Struct):
    """A person in a list to choose from."""

    id: UserId
    username: Username
    real_name: RealName
    ext_id: ExtId
    avatar: Avatar


class User(msgspec.Struct):
    """A person. The fields from ``followings_counter`` on are of other parts of a community, and always the same."""

    id: UserId
    username: Username
    real_name: RealName
    ext_id: ExtId
    date_joined: Annotated[Instant, doc("When their account was made, UTC.")]
    bio: Annotated[str, doc("What they say of themselves, plain text. May be empty.")]
    location: Annotated[str, doc("Where they live, in their words. May be empty.")]
    location_lat_lng: Annotated[str, doc("Coordinates of `location`, as an application wrote them. May be empty.")]
    position_lat_lng: Annotated[str, doc("Coordinates of where they are, as an application wrote them. May be empty.")]
    date_of_birth: Annotated[date | None, doc("A day, like 1990-04-23; null: they did not say.")]
    description: Annotated[str, doc("More that they say of themselves, plain text. May be empty.")]
    gender: Annotated[Gender, doc("`Unspecified` if they did not say.")]
    website: Annotated[str, doc("Address of a page of theirs. May be empty.")]
    deleted: Deleted
    deleted_at: Annotated[Instant | None, doc("When their account was deleted, UTC; null: it was not.")]
    avatar: Avatar
    cover: Annotated[Address | None, doc("Address of the wide picture of their profile; null: they have none.")]
    followings_counter: NotCounted = None
    followers_counter: NotCounted = None
    posts_counter: NotCounted = None
    discussions_counter: NotCounted = None
    polls_counter: NotCounted = None
    connection_status: Annotated[Connection | None, doc("Always null: people do not follow each other here.")] = None
    categories_counter: NotCounted = None
    tags: Annotated[list[int], doc("Always empty: there are no tags here.")] = msgspec.field(default_factory=list)
    reputation: Annotated[int, doc("Always 0: there are no points here.")] = 0
    community_badge: Badge = False
    reg_approved: Annotated[bool, doc("Always true: accounts wait for nobody's approval.")] = True
    company_name: Annotated[str, doc("Always empty: nothing is kept of companies.")] = ""
    company_role: Annotated[str, doc("Always empty: nothing is kept of companies.")] = ""
    can_send_pm_to: Annotated[bool, doc("Always false: there are no private messages here.")] = False


class UserPermission(msgspec.Struct):
    """What the caller may create; of all that a community could have, there are courses here."""

    create_course: Annotated[
        bool, doc("True for staff, and for all while `configurations.courses_only_staff_enabled` is false.")
    ]
    create_contribute: NotHere = False
    create_poll: NotHere = False
    locate_post: NotHere = False
    create_post: NotHere = False
    create_group: NotHere = False
    create_event: NotHere = False
    create_live_stream: NotHere = False
    follow_user: NotHere = False
    request_connection: NotHere = False
    accept_connection: NotHere = False


Email = Annotated[str, doc("Where their mails go; empty: they get none.")]
Language = Annotated[str, doc("The language of their mails, as a code like `en`.")]
EmailIsValid = Annotated[bool, doc("Whether an administrator marked the address as theirs.")]
StaffRole = Annotated[
    Role | None, doc("Their part in the staff of the community; null: none. It gives no rights inside a course.")
]
Status = Annotated[str, doc("Always `a`, active: nobody else gets an answer.")]


class Account(msgspec.Struct):
    """What only the person sees of themselves."""

    email: Email
    language: Language
    email_isvalid: EmailIsValid
    role: StaffRole
    status: Status = "a"


class Me(User, kw_only=True):
    """The caller: everything of a user, and what only they see."""

    email: Email
    language: Language
    email_isvalid: EmailIsValid
    role: StaffRole
    status: Status
    permission: Annotated[UserPermission, doc("What they may create.")]
    unseen_interactions_counter: Annotated[int, doc("How many notifications are new; 100 if there are more.")] = 0
    unseen_notification_banners_counter: Annotated[int, doc("Always 0: there are no banners here.")] = 0
