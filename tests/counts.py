"""Whether the numbers that are kept are those that counting would give."""

from typing import Any

from coursewright.accounts.models import NameEnding
from coursewright.comments.models import Comment
from coursewright.courses.models import Course, Membership
from coursewright.foundation.models import Tally
from coursewright.recount import recount


def kept() -> dict[str, set[Any]]:
    """Every number that is kept, and what people are found by."""
    return {
        "tallies": set(Tally.objects.exclude(number=0).values_list("kind", "object_id", "key", "number")),
        "members": set(Membership.objects.values_list("id", "num_completed", "num_attempts")),
        "comments": set(Comment.objects.filter(deleted_at=None).values_list("id", "num_replies", "latest_reply_id")),
        "courses": set(Course.objects.values_list("id", "member_count")),
        "people": set(NameEnding.objects.values_list("user_id", "ending")),
    }


def differences() -> dict[str, set[Any]]:
    """What is kept and not true, or true and not kept; afterwards all is true."""
    before = kept()
    recount()
    after = kept()
    return {name: before[name] ^ after[name] for name in before if before[name] != after[name]}
