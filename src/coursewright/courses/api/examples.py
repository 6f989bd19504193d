"""Examples of bodies and answers for the OpenAPI file; a test holds them against its schemas."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from coursewright.api.schema import example

SITE = "https://courses.example.org"
NEW_SECTION = example("A section", {"name": "Week one"})
DATED_SECTION = example("Rename and date", {"name": "Week one", "dripped_at": "2026-12-15T09:00:00Z"})
SECTION_DATE = example("Set the date", {"dripped_at": "2026-12-15T09:00:00Z"})
NEW_COURSE = example(
    "A course that opens week by week",
    {"name": "Maths", "type": "scheduled", "privacy": "open", "description": "Limits and series.", "categories": []},
)
CARD: dict[str, Any] = {
    "id": 5,
    "name": "Maths",
    "slug": "maths",
    "type": "scheduled",
    "privacy": "open",
    "hide_member_count": False,
    "meta_title": "",
    "meta_description": "",
    "og_title": "",
    "og_description": "",
    "og_image": "",
    **{f"image_{size}": f"{SITE}/images/course/5/{size}.png" for size in ("bigger", "big", "medium", "small")},
    "deleted": False,
    "join_status": "creator",
    "user_completion_rate": 0,
    "created_at": "2026-11-23T10:00:00Z",
    "created_by": {
        "id": 11,
        "username": "ann",
        "real_name": "Ann Lee",
        "avatar": None,
        "community_badge": False,
        "deleted": False,
    },
    "categories": [],
}
FULL: dict[str, Any] = {
    **CARD,
    "description": "Limits and series.",
    "enforce_lessons_order": False,
    "new_comment_notification_enabled": True,
    "sections_order": [],
}
COURSE = example("The new course", FULL, 201)
JOINED = example(
    "Joined",
    {
        **FULL,
        "join_status": "joined",
        "sections_order": [8],
        "sections": [
            {
                "id": 8,
                "name": "Week one",
                "dripped_at": "2026-12-15T09:00:00Z",
                "drip_delay": 0,
                "lessons_order": [9],
                "available_date": "2026-12-15T09:00:00Z",
                "locked": True,
                "num_lessons": 1,
                "num_lessons_completed": 0,
                "lessons": [
                    {
                        "id": 9,
                        "name": "Limits",
                        "type": "lesson",
                        "status": "published",
                        "comments_enabled": True,
                        "completion_status": "uncompleted",
                        "locked": True,
                    }
                ],
            }
        ],
        "num_lessons": 1,
        "num_sections": 1,
        "num_lessons_completed": 0,
    },
    200,
)
ASKED = example("Asked to join a private course", {**CARD, "privacy": "private", "join_status": "requested"}, 200)


def section(status: int) -> OpenApiExample:
    """A section as it is answered."""
    value = {"id": 8, "name": "Week one", "dripped_at": "2026-12-15T09:00:00Z", "drip_delay": 0, "lessons_order": [9]}
    return example("A section", value if status == 200 else {**value, "dripped_at": None, "lessons_order": []}, status)
