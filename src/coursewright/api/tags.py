"""How the OpenAPI file groups operations: by what a reader looks for, in the order in which they are shown."""

import re
from typing import NamedTuple

BASE = "/api/v2/"
IDS = re.compile(r"\{\w+\}/")


class Tag(NamedTuple):
    """A group of operations. ``paths``: those of its operations, without ids."""

    name: str
    description: str
    paths: tuple[str, ...]


TAGS = (
    Tag(
        "Courses",
        "Finding, reading and writing courses.",
        ("course/", "course/search/", "suggestion/course/", "user/courses/"),
    ),
    Tag("Sections", "The parts of a course, and when each of them opens.", ("course/section/",)),
    Tag("Lessons", "What the sections hold: texts with their media, and quizzes.", ("course/section/lesson/",)),
    Tag(
        "Quizzes",
        "The questions of a quiz, and attempts to answer them.",
        ("course/section/lesson/question/", "course/section/lesson/attempt/"),
    ),
    Tag(
        "Comments", "What people say about lessons, in threads.", ("course/comment/", "course/section/lesson/comment/")
    ),
    Tag(
        "Members",
        "How people stand to a course: joining and leaving, asking and inviting, roles.",
        (
            "course/join/",
            "course/invite/",
            "course/role/",
            "course/status/",
            "course/request_join/",
            "course/user/",
        ),
    ),
    Tag(
        "Progress",
        "Completing lessons, and how far the members of a course have come.",
        (
            "course/users/",
            "course/quiz/",
            "course/section/lesson/complete/",
            "course/section/lesson/incomplete/",
        ),
    ),
    Tag(
        "Media",
        "Files and links that lessons and comments show.",
        ("media/", "media/upload/chunk/", "media/upload/complete/"),
    ),
    Tag(
        "People",
        "The caller and others, with their profiles.",
        ("user/me/", "user/me/permission/", "user/hidden_users_id/", "user/search/", "user/"),
    ),
    Tag(
        "Notifications",
        "What a person is told, and how they want to hear it.",
        ("notification/", "notification/unseen/count/", "notification/read/", "user/settings/"),
    ),
    Tag(
        "Community",
        "Categories of courses, preferences, and what the server has.",
        ("category/", "dynamic_preference/", "feature/"),
    ),
    Tag("Tokens", "Checking the tokens that the other operations take.", ("jwt/verify_token/",)),
)
NAMES = {path: tag.name for tag in TAGS for path in tag.paths}


def tag_of(path: str) -> str:
    """The tag of a path like ``/api/v2/course/{id}/section/``. KeyError: it is in no row of the table."""
    return NAMES[IDS.sub("", path.removeprefix(BASE))]
