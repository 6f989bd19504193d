"""Pure decisions about notifications: who hears of which change (rules.md 10)."""

from coursewright.courses import rules as course_rules

INVITED = "user_invited_to_join_course"
REQUESTED = "user_requested_to_join_course"
ACCEPTED = "user_accepted_to_join_course"
ADDED = "user_added_to_course"
MANAGER = "manager_added_to_course"
COMMENTED = "user_commented_a_course_lesson"

MAX_UNSEEN = 100
"""Where counting ends: a badge says no more than "many", and who never looks has thousands."""

AT_ONCE, DAILY, NEVER = -1, 1, 0
FREQUENCIES = (AT_ONCE, DAILY, NEVER)


def told_of_standing(before: str | None, after: str | None) -> str | None:
    """What a person is told when someone else changed how they stand to a course; None: nothing."""
    if after == course_rules.INVITED:
        return INVITED
    if after == course_rules.MANAGER:
        return MANAGER
    if after == course_rules.JOINED and before == course_rules.REQUESTED:
        return ACCEPTED
    if after == course_rules.JOINED and before != course_rules.MANAGER:
        return ADDED
    return None
