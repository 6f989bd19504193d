"""Pure decisions about preferences: which there are, and what values they take."""

import re
from typing import NamedTuple

Value = bool | str

PROFILE = {
    "post": "/post/{id}/",
    "discussion": "/discussion/{id}/",
    "status": "/status/{id}/",
    "comment": "/comment/{id}/",
    "category": "/category/{id}/",
    "categories_list": "/categories/",
    "profile": "/user/{id}/",
    "profile_settings": "/user/settings/",
    "notifications": "/notifications/",
    "private_message": "/messages/{id}/",
    "incubator": "/incubator/{id}/",
    "live_stream": "/live/{id}/",
}


class Known(NamedTuple):
    """A preference the server knows. Its id is its place in the list, counted from 1."""

    section: str
    name: str
    default: Value

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"


KNOWN = (
    Known("configurations", "courses_enabled", True),
    Known("configurations", "courses_advanced_enabled", True),
    Known("configurations", "courses_only_staff_enabled", False),
    Known("configurations", "courses_visibility_enabled", True),
    Known("configurations", "courses_private_enabled", True),
    Known("configurations", "content_availability", True),
    Known("configurations", "payments_enabled", False),
    Known("configurations", "accepted_media_mimetypes", "image/jpeg,image/png,image/webp,image/gif,application/pdf"),
    *(Known("configurations", f"url_template_{name}", path) for name, path in PROFILE.items()),
    Known("images", "user_default_cover", "/static/coursewright/cover.svg"),
    Known("colors", "colorprimary", "#1f5f8b"),
    Known("colors", "colorsecondary", "#c8553d"),
    Known("style", "font_family", "system-ui, sans-serif"),
    Known("addons", "private_messages_enabled", False),
    # Nothing here follows these; components of the published kit fail without them.
    Known("configurations", "post_only_staff_enabled", False),
    Known("configurations", "explore_stream_enabled", False),
    Known("configurations", "user_metadata_definition", "{}"),
    Known("text", "application_name", "Coursewright"),
    Known("logo", "navbar_logo", ""),
    Known("colors", "navbarback", "#ffffff"),
)
BY_KEY = {known.key: known for known in KNOWN}
IDS = {known.key: place for place, known in enumerate(KNOWN, start=1)}
FEATURES = ("course", "api_v2", "notification")

MAX_LENGTH = 2000
UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What no database keeps: NUL and halves of surrogate pairs."""


def fits(known: Known, value: object) -> bool:
    """Whether a value is of the preference's kind."""
    if isinstance(value, str):
        return isinstance(known.default, str) and len(value) <= MAX_LENGTH and not UNKEPT.search(value)
    return type(value) is type(known.default)


def parse(known: Known, text: str) -> Value | None:
    """The value that a text stands for on the command line or in a form; None when it is none."""
    if isinstance(known.default, bool):
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    return text if fits(known, text) else None
