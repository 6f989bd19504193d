"""Refusals about people and their credentials."""

from coursewright.foundation.errors import Refusal


class AuthenticationFailed(Refusal):
    """A token that is not valid, or of someone who is disabled or deleted."""

    status = 401
    code = "authentication_failed"
    message = "The token is not valid."
