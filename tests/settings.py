"""The server's own settings, with passwords that are cheap to hash."""

from coursewright.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
