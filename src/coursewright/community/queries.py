"""Reads of categories, preferences and features."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from coursewright.community import rules, shapes
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import NotAuthenticated, NotFound
from coursewright.foundation.text import like, name_key
from coursewright.foundation.types import Address
from coursewright.media import images

PREFERENCES = "SELECT section, name, value FROM coursewright_preference"
PREFERENCE = f"{PREFERENCES} WHERE section = %(section)s AND name = %(name)s"
COLUMNS = """
g.id, g.position, g.name, g.name_synonyms, g.slug, g.slogan, g.html_info, g.seo_title, g.seo_description, g.active,
g.image, g.emotional_image, g.emotional_image_position, g.changed_at
"""
CATEGORY = f"SELECT {COLUMNS} FROM coursewright_category g WHERE g.id = %(id)s AND g.deleted_at IS NULL"
MATCHING = """
FROM coursewright_category g
WHERE g.deleted_at IS NULL AND g.name_key LIKE %(search)s ESCAPE '!'
AND (g.active OR NOT %(only_active)s) AND (NOT g.active OR NOT %(only_inactive)s)
"""
COUNT = f"SELECT count(*) {MATCHING}"
CATEGORIES = f"SELECT {COLUMNS} {MATCHING} ORDER BY g.position, g.name_key, g.id LIMIT %(limit)s OFFSET %(offset)s"
OF_COURSES = """
SELECT {columns}, k.course_id FROM coursewright_coursecategory k JOIN coursewright_category g ON g.id = k.category_id
WHERE k.course_id IN ({ids}) AND g.deleted_at IS NULL ORDER BY g.position, g.name_key, g.id
"""


class StoredPreference(msgspec.Struct):
    section: str
    name: str
    value: str


class CategoryRow(msgspec.Struct):
    id: int
    position: int
    name: str
    name_synonyms: str
    slug: str
    slogan: str
    html_info: str
    seo_title: str
    seo_description: str
    active: bool
    image: str
    emotional_image: str
    emotional_image_position: int
    changed_at: datetime


class OfCourse(CategoryRow):
    course_id: int


def preference(section: str, name: str) -> rules.Value:
    """The present value of a preference the server knows. One statement, no cache: a change counts at once."""
    stored = sql.one(StoredPreference, PREFERENCE, {"section": section, "name": name})
    known = rules.BY_KEY[f"{section}.{name}"]
    return known.default if stored is None else _stored_value(stored)


def preference_values() -> dict[str, rules.Value]:
    """The present values of all preferences, by ``section.name``, in the order of their ids."""
    stored = {f"{row.section}.{row.name}": _stored_value(row) for row in sql.rows(StoredPreference, PREFERENCES, {})}
    return {known.key: stored.get(known.key, known.default) for known in rules.KNOWN}


def preferences() -> list[shapes.DynamicPreference]:
    """All preferences in the order of their ids, paths of pictures as addresses."""
    values = preference_values()
    return [
        shapes.DynamicPreference(rules.IDS[known.key], known.section, known.name, _shown(known, values[known.key]))
        for known in rules.KNOWN
    ]


def _stored_value(row: StoredPreference) -> rules.Value:
    value: rules.Value = msgspec.json.decode(row.value)
    return value


def _shown(known: rules.Known, value: rules.Value) -> rules.Value:
    is_path = known.section == "images" and isinstance(value, str) and value.startswith("/")
    return Address(value) if is_path else value


def require_reader(caller: Caller) -> None:
    """Anonymous callers are welcome while ``configurations.content_availability`` is true; else NotAuthenticated."""
    if not caller.is_authenticated and not preference("configurations", "content_availability"):
        raise NotAuthenticated


def may_create_courses(caller: Caller) -> bool:
    """Everyone, or staff only when ``configurations.courses_only_staff_enabled`` is true (rules.md 2.5)."""
    return caller.is_staff or not preference("configurations", "courses_only_staff_enabled")


def features() -> list[shapes.Feature]:
    """What this server has."""
    return [shapes.Feature(place, name, True) for place, name in enumerate(rules.FEATURES, start=1)]


def category(id: int) -> shapes.Category:
    """One category. Unknown: NotFound."""
    row = sql.one(CategoryRow, CATEGORY, {"id": id})
    if row is None:
        raise NotFound
    return shape(row)


def categories(*, search: str, active: bool | None, limit: int, offset: int) -> tuple[int, list[shapes.Category]]:
    """Categories whose name contains ``search``, without case: how many, and those in the window."""
    parameters = {
        "search": like(name_key(search)),
        "only_active": active is True,
        "only_inactive": active is False,
    }
    count = sql.number(COUNT, parameters)
    found = sql.rows(CategoryRow, CATEGORIES, {**parameters, "limit": limit, "offset": offset})
    return count, [shape(row) for row in found]


def of_courses(course_ids: Sequence[int]) -> dict[int, list[shapes.Category]]:
    """The categories of each of the courses, in one statement."""
    found: dict[int, list[shapes.Category]] = {id: [] for id in course_ids}
    marks, parameters = sql.named("id", course_ids)
    for row in sql.rows(OfCourse, OF_COURSES.format(columns=COLUMNS, ids=marks), parameters):
        found[row.course_id].append(shape(row))
    return found


def shape(row: CategoryRow) -> shapes.Category:
    image = images.addresses("category", row.id, row.image)
    emotional = images.addresses("category", row.id, row.emotional_image)["image_bigger"]
    return shapes.Category(
        id=row.id,
        order=row.position,
        name=row.name,
        name_synonyms=row.name_synonyms,
        slug=row.slug,
        slogan=row.slogan,
        html_info=row.html_info,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        active=row.active,
        image_original=image["image_bigger"] if row.image else None,
        image_bigger=image["image_bigger"],
        image_big=image["image_big"],
        image_medium=image["image_medium"],
        image_small=image["image_small"],
        emotional_image_original=emotional if row.emotional_image else None,
        emotional_image_position=row.emotional_image_position,
        lastmod_datetime=row.changed_at,
    )
