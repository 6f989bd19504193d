"""Refusals about files."""

from coursewright.foundation.errors import Refusal


class InvalidRange(Refusal):
    """A ``Content-Range`` that is missing, does not fit the piece, or leaves a gap."""

    code = "invalid_range"
    message = "The Content-Range does not fit."


class MediaInUse(Refusal):
    """A media that a lesson or a comment shows cannot be deleted."""

    status = 409
    code = "in_use"
    message = "This media is used by a lesson or a comment."


class UploadTooLarge(Refusal):
    """The file has more bytes than its kind may have."""

    status = 413
    code = "too_large"
    message = "The file is too large."
