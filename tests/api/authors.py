"""What the tests of authors' operations share: who may not, what a refusal says, and that it leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from coursewright.accounts.models import User
from coursewright.community.models import Category
from coursewright.courses.models import Course, Lesson, Section
from coursewright.foundation.models import Content
from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import make_invited, make_joined, make_left, make_requested, make_user
from tests.tables import snapshot

Fault = tuple[str, str, str]

BLANK = "This field may not be blank."
REQUIRED = "This field is required."
NULL = "This field may not be null."
BAD_TEXT = "Not a valid string."
BAD_NUMBER = "A valid integer is required."
BAD_TIME = "Write a time like 2026-12-15T09:00:00Z."
NUL = "Null characters are not allowed."
TOO_LONG = "Ensure this field has no more than 255 characters."
NO_LIST = "Expected a list."
SURROGATE = "Surrogate characters are not allowed: U+D800."


def faults(*found: Fault) -> dict[str, Any]:
    """The body of a 400: fields with one message each."""
    return {"errors": [{"field": field, "messages": [{"code": code, "message": text}]} for field, code, text in found]}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """What is called inside leaves every table as it was."""
    before = snapshot()
    yield
    assert snapshot() == before


def assert_managers_only(course: Course, method: str, path: str, body: Any = None) -> None:
    """Everyone but the creator and the managers is refused, and nothing is written."""
    outsiders = {
        "stranger": make_user("stranger"),
        "joined": make_joined(course, make_user("joined")),
        "invited": make_invited(course, make_user("invited")),
        "requested": make_requested(course, make_user("requested")),
        "left": make_left(course, make_user("left")),
        "admin": make_user("root", role="admin"),
        "moderator": make_user("moderator", role="moderator"),
        "editor": make_user("editor", role="editor"),
    }
    with nothing_changes():
        for who, user in outsiders.items():
            answer = Api(user).call(method, path, body)
            assert (who, answer.status, answer.body) == (who, 403, FORBIDDEN)
        answer = Api().call(method, path, body)
        assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
        answer = Api(token="nonsense").call(method, path, body)
        assert (answer.status, answer.body) == (401, BAD_TOKEN)


def assert_hidden(course: Course, method: str, path: str, body: Any = None) -> None:
    """A draft is not there for anybody else, whoever they are; and once deleted not even for its creator."""
    Course.objects.filter(pk=course.pk).update(privacy="")
    others = [make_user("nobody"), make_joined(course, make_user("late")), make_user("chief", role="admin")]
    with nothing_changes():
        for other in others:
            answer = Api(other).call(method, path, body)
            assert (answer.status, answer.body) == (404, NOT_FOUND)
        assert Api().call(method, path, body).status == 401
    creator = Api(course.created_by)
    Course.objects.filter(pk=course.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    with nothing_changes():
        answer = creator.call(method, path, body)
        assert (answer.status, answer.body) == (404, NOT_FOUND)


def revision(row: Content) -> int:
    """How often a row was written, by now."""
    model = {Course: Course, Section: Section, Lesson: Lesson, Category: Category}[type(row)]
    return model.objects.get(pk=row.pk).revision


BAD_NAMES: dict[str, tuple[Any, Fault]] = {
    "blank": ("", ("name", "blank", BLANK)),
    "spaces": (" \t ", ("name", "blank", BLANK)),
    "null": (None, ("name", "null", NULL)),
    "too long": ("x" * 256, ("name", "max_length", TOO_LONG)),
    "list": (["x"], ("name", "invalid", BAD_TEXT)),
    "object": ({"x": 1}, ("name", "invalid", BAD_TEXT)),
    "boolean": (True, ("name", "invalid", BAD_TEXT)),
    "NUL": ("a\0b", ("name", "invalid", NUL)),
    "surrogate": ("a\ud800", ("name", "invalid", SURROGATE)),
}
BAD_TIMES: dict[str, Any] = {
    "no such day": "2026-02-30T09:00:00Z",
    "word": "tomorrow",
    "number": 1700000000,
    "boolean": True,
    "list": ["2026-12-15T09:00:00Z"],
    "date only": "2026-12-15",
    "hour 24": "2026-12-15T24:00:00Z",
    "minute 60": "2026-12-15T09:60:00Z",
    "too early": "1899-12-31T23:59:59Z",
    "year 10000": "10000-01-01T00:00:00Z",
    "past the end": "9999-12-31T23:59:59-01:00",
    "space": "2026-12-15 09:00:00Z",
    "NUL": "2026-12-15T09:00:00Z\0",
    "surrogate": "\ud800",
}
BAD_DELAYS: dict[str, tuple[Any, Fault]] = {
    "negative": (-1, ("drip_delay", "min_value", "Ensure this value is greater than or equal to 0.")),
    "too many": (36_501, ("drip_delay", "max_value", "Ensure this value is less than or equal to 36500.")),
    "huge": (10**30, ("drip_delay", "max_value", "Ensure this value is less than or equal to 36500.")),
    "null": (None, ("drip_delay", "null", NULL)),
    "half": (1.5, ("drip_delay", "invalid", BAD_NUMBER)),
    "word": ("three", ("drip_delay", "invalid", BAD_NUMBER)),
    "empty": ("", ("drip_delay", "invalid", BAD_NUMBER)),
    "boolean": (True, ("drip_delay", "invalid", BAD_NUMBER)),
    "list": ([3], ("drip_delay", "invalid", BAD_NUMBER)),
    "NUL": ("3\0", ("drip_delay", "invalid", BAD_NUMBER)),
}
BAD_ORDERS: dict[str, tuple[Any, str]] = {
    "number": (True, NO_LIST),
    "object": ({"a": 1}, NO_LIST),
    "words": ([1, "x"], f"lessons_order[1]: {BAD_NUMBER}"),
    "one word": ("x", f"lessons_order[0]: {BAD_NUMBER}"),
    "nested": ([[1]], f"lessons_order[0]: {BAD_NUMBER}"),
    "boolean inside": ([True], f"lessons_order[0]: {BAD_NUMBER}"),
}
BAD_SECTION_FIELDS: dict[str, tuple[dict[str, Any], Fault]] = {
    **{f"name {case}": ({"name": value}, fault) for case, (value, fault) in BAD_NAMES.items()},
    **{
        f"dripped_at {case}": ({"dripped_at": value}, ("dripped_at", "invalid", BAD_TIME))
        for case, value in BAD_TIMES.items()
    },
    **{f"drip_delay {case}": ({"drip_delay": value}, fault) for case, (value, fault) in BAD_DELAYS.items()},
    **{
        f"lessons_order {case}": ({"lessons_order": value}, ("lessons_order", "invalid", text))
        for case, (value, text) in BAD_ORDERS.items()
    },
    "lessons_order null": ({"lessons_order": None}, ("lessons_order", "null", NULL)),
}
"""One wrong field of a section, and what is said about it; the same for POST, PUT and PATCH."""

BAD_HTML = f"Ensure this field has no more than {1024 * 1024} characters."
BAD_BOOLEAN = "Must be a valid boolean."
BAD_LESSON_FIELDS: dict[str, tuple[dict[str, Any], Fault]] = {
    **{f"name {case}": ({"name": value}, fault) for case, (value, fault) in BAD_NAMES.items()},
    "type unknown": ({"type": "video"}, ("type", "invalid_choice", '"video" is not a valid choice.')),
    "type empty": ({"type": ""}, ("type", "invalid_choice", '"" is not a valid choice.')),
    "type null": ({"type": None}, ("type", "null", NULL)),
    "type list": ({"type": []}, ("type", "invalid_choice", '"[]" is not a valid choice.')),
    "type surrogate": ({"type": "\ud800"}, ("type", "invalid_choice", '"?" is not a valid choice.')),
    "status unknown": ({"status": "open"}, ("status", "invalid_choice", '"open" is not a valid choice.')),
    "status null": ({"status": None}, ("status", "null", NULL)),
    "comments_enabled word": ({"comments_enabled": "maybe"}, ("comments_enabled", "invalid", BAD_BOOLEAN)),
    "comments_enabled null": ({"comments_enabled": None}, ("comments_enabled", "null", NULL)),
    "comments_enabled list": ({"comments_enabled": []}, ("comments_enabled", "invalid", BAD_BOOLEAN)),
    "text null": ({"text": None}, ("text", "null", NULL)),
    "text object": ({"text": {"a": 1}}, ("text", "invalid", BAD_TEXT)),
    "text NUL": ({"text": "a\0"}, ("text", "invalid", NUL)),
    "text surrogate": ({"text": "a\ud800"}, ("text", "invalid", SURROGATE)),
    "text too long": ({"text": "x" * (1024 * 1024 + 1)}, ("text", "max_length", BAD_HTML)),
    "medias null": ({"medias": None}, ("medias", "null", NULL)),
    "medias object": ({"medias": {"a": 1}}, ("medias", "invalid", NO_LIST)),
    "medias word": ({"medias": ["x"]}, ("medias", "invalid", f"medias[0]: {BAD_NUMBER}")),
    "passing_grade below": (
        {"passing_grade": -1},
        ("passing_grade", "min_value", "Ensure this value is greater than or equal to 0."),
    ),
    "passing_grade above": (
        {"passing_grade": 101},
        ("passing_grade", "max_value", "Ensure this value is less than or equal to 100."),
    ),
    "passing_grade null": ({"passing_grade": None}, ("passing_grade", "null", NULL)),
    "passing_grade word": ({"passing_grade": "good"}, ("passing_grade", "invalid", BAD_NUMBER)),
    "questions_order object": ({"questions_order": {"a": 1}}, ("questions_order", "invalid", NO_LIST)),
}
"""One wrong field of a lesson; the same for POST, PUT and PATCH."""

TOO_MUCH = "Ensure this field has no more than 2000 characters."
BAD_SLUG = 'Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.'
FLAGS = ("enforce_lessons_order", "new_comment_notification_enabled", "hide_member_count")
TEXTS = ("description", "meta_title", "meta_description", "og_title", "og_description", "og_image")
NO_IMAGE = "Send an image file or a data URL."
BAD_COURSE_FIELDS: dict[str, tuple[dict[str, Any], Fault]] = {
    **{f"name {case}": ({"name": value}, fault) for case, (value, fault) in BAD_NAMES.items()},
    "slug null": ({"slug": None}, ("slug", "null", NULL)),
    "slug too long": ({"slug": "x" * 256}, ("slug", "max_length", TOO_LONG)),
    "slug with a space": ({"slug": "a b"}, ("slug", "invalid", BAD_SLUG)),
    "slug with a slash": ({"slug": "a/b"}, ("slug", "invalid", BAD_SLUG)),
    "slug list": ({"slug": ["x"]}, ("slug", "invalid", BAD_SLUG)),
    **{f"{name} null": ({name: None}, (name, "null", NULL)) for name in TEXTS},
    **{f"{name} too long": ({name: "x" * 2001}, (name, "max_length", TOO_MUCH)) for name in TEXTS},
    **{f"{name} NUL": ({name: "\0"}, (name, "invalid", NUL)) for name in TEXTS},
    **{f"{name} surrogate": ({name: "\ud800"}, (name, "invalid", SURROGATE)) for name in TEXTS},
    "type unknown": ({"type": "online"}, ("type", "invalid_choice", '"online" is not a valid choice.')),
    "type empty": ({"type": ""}, ("type", "invalid_choice", '"" is not a valid choice.')),
    "type null": ({"type": None}, ("type", "null", NULL)),
    "type object": ({"type": {}}, ("type", "invalid_choice", '"{}" is not a valid choice.')),
    "privacy unknown": ({"privacy": "public"}, ("privacy", "invalid_choice", '"public" is not a valid choice.')),
    "privacy null": ({"privacy": None}, ("privacy", "null", NULL)),
    "privacy boolean": ({"privacy": True}, ("privacy", "invalid_choice", '"True" is not a valid choice.')),
    **{f"{name} null": ({name: None}, (name, "null", NULL)) for name in FLAGS},
    **{f"{name} word": ({name: "maybe"}, (name, "invalid", BAD_BOOLEAN)) for name in FLAGS},
    **{f"{name} empty": ({name: ""}, (name, "invalid", BAD_BOOLEAN)) for name in FLAGS},
    "sections_order null": ({"sections_order": None}, ("sections_order", "null", NULL)),
    "sections_order object": ({"sections_order": {"a": 1}}, ("sections_order", "invalid", NO_LIST)),
    "sections_order word": (
        {"sections_order": ["x"]},
        ("sections_order", "invalid", f"sections_order[0]: {BAD_NUMBER}"),
    ),
    "sections_order unknown": (
        {"sections_order": [999999]},
        ("sections_order", "does_not_exist", "There is no such id here: 999999."),
    ),
    **{
        f"image_original {case}": ({"image_original": value}, ("image_original", "invalid_image", NO_IMAGE))
        for case, value in {"object": {}, "list": [], "number": 5, "word": "x", "true": True, "SVG": "<svg/>"}.items()
    },
    "categories null": ({"categories": None}, ("categories", "null", NULL)),
    "categories object": ({"categories": {"id": 1}}, ("categories", "invalid", NO_LIST)),
    "categories null inside": ({"categories": [None]}, ("categories", "null", f"categories[0]: {NULL}")),
    "categories objects": ({"categories": [{"id": 1}]}, ("categories", "invalid", f"categories[0]: {BAD_NUMBER}")),
    "categories unknown": (
        {"categories": [999999]},
        ("categories", "does_not_exist", "There is no such category: 999999."),
    ),
    "categories too large": (
        {"categories": [10**30]},
        ("categories", "does_not_exist", "There is no such category: 0."),
    ),
    "categories too many": ({"categories": [1] * 5001}, ("categories", "max_length", "No more than 5000 items.")),
}
"""One wrong field of a course; the same for POST, PUT and PATCH."""


def person(user: User) -> dict[str, Any]:
    """Someone as ``user_minimal``."""
    return {
        "id": user.pk,
        "username": user.username,
        "real_name": user.real_name,
        "avatar": None,
        "community_badge": False,
        "deleted": False,
    }


def drawn(kind: str, id: int) -> dict[str, str]:
    """The default pictures of a thing."""
    return {
        f"image_{size}": f"http://testserver/images/{kind}/{id}/{size}.png"
        for size in ("bigger", "big", "medium", "small")
    }


def category_shape(category: Category, **values: Any) -> dict[str, Any]:
    """A category without pictures as it is answered."""
    return {
        "id": category.pk,
        "order": 0,
        "name": category.name,
        "name_synonyms": "",
        "slug": category.slug,
        "slogan": "",
        "html_info": "",
        "seo_title": "",
        "seo_description": "",
        "active": True,
        "image_original": None,
        **drawn("category", category.pk),
        "emotional_image_original": None,
        "emotional_image_position": 50,
        "lastmod_datetime": "2026-11-23T10:00:00Z",
        "tags": [],
        "followed": False,
        "auto_follow": "none",
        "content_only_staff": False,
        "stream_order_by": "recent",
        "followers_counter": 0,
        "parents": [],
        **values,
    }


def course_shape(course: Course, **values: Any) -> dict[str, Any]:
    """A course as its creator gets it back from a write, in the factory's values unless told."""
    return {
        "id": course.pk,
        "name": "Maths",
        "slug": "maths",
        "description": "",
        "type": "self-paced",
        "privacy": "open",
        "enforce_lessons_order": False,
        "new_comment_notification_enabled": True,
        "hide_member_count": False,
        "meta_title": "",
        "meta_description": "",
        "og_title": "",
        "og_description": "",
        "og_image": "",
        "sections_order": [],
        **drawn("course", course.pk),
        "deleted": False,
        "join_status": "creator",
        "user_completion_rate": 0,
        "created_at": "2026-11-23T10:00:00Z",
        "created_by": person(course.created_by),
        "categories": [],
        **values,
    }


CATEGORY_TEXTS = ("name_synonyms", "slogan", "seo_title", "seo_description")
BAD_CATEGORY_FIELDS: dict[str, tuple[dict[str, Any], Fault]] = {
    **{f"name {case}": ({"name": value}, fault) for case, (value, fault) in BAD_NAMES.items()},
    "slug blank": ({"slug": ""}, ("slug", "blank", BLANK)),
    "slug null": ({"slug": None}, ("slug", "null", NULL)),
    "slug with a space": ({"slug": "a b"}, ("slug", "invalid", BAD_SLUG)),
    "slug too long": ({"slug": "x" * 256}, ("slug", "max_length", TOO_LONG)),
    **{f"{name} too long": ({name: "x" * 2001}, (name, "max_length", TOO_MUCH)) for name in CATEGORY_TEXTS},
    **{f"{name} NUL": ({name: "\0"}, (name, "invalid", NUL)) for name in (*CATEGORY_TEXTS, "html_info")},
    **{f"{name} list": ({name: []}, (name, "invalid", BAD_TEXT)) for name in (*CATEGORY_TEXTS, "html_info")},
    "order word": ({"order": "first"}, ("order", "invalid", BAD_NUMBER)),
    "order null": ({"order": None}, ("order", "null", NULL)),
    "order large": (
        {"order": 2**31},
        ("order", "max_value", f"Ensure this value is less than or equal to {2**31 - 1}."),
    ),
    "active null": ({"active": None}, ("active", "null", NULL)),
    "active word": ({"active": "maybe"}, ("active", "invalid", BAD_BOOLEAN)),
    "position": (
        {"emotional_image_position": 101},
        ("emotional_image_position", "max_value", "Ensure this value is less than or equal to 100."),
    ),
    "image": ({"image_original": {}}, ("image_original", "invalid_image", NO_IMAGE)),
    "emotional image": (
        {"emotional_image_original": "x"},
        ("emotional_image_original", "invalid_image", NO_IMAGE),
    ),
}
"""One wrong field of a category; the same for POST, PUT and PATCH."""


def assert_admins_only(method: str, path: str, body: Any = None) -> None:
    """Everyone but administrators is refused, and nothing is written."""
    others = [make_user("someone"), make_user("helper", role="moderator"), make_user("writer", role="editor")]
    with nothing_changes():
        for user in others:
            answer = Api(user).call(method, path, body)
            assert (user.username, answer.status, answer.body) == (user.username, 403, FORBIDDEN)
        answer = Api().call(method, path, body)
        assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
        answer = Api(token="nonsense").call(method, path, body)
        assert (answer.status, answer.body) == (401, BAD_TOKEN)
