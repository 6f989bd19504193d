"""The server's own settings, with passwords that are cheap to hash."""

from coursewright.settings import *  # noqa: F403
from coursewright.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "coursewright.foundation.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # Django's own default, which pytest-xdist would not see
