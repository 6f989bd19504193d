"""Refusals of comments."""

from coursewright.foundation.errors import Refusal


class CommentsDisabled(Refusal):
    """The lesson takes no comments."""

    status = 403
    code = "comments_disabled"
    message = "Comments are turned off for this lesson."
