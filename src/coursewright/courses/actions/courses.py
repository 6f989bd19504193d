"""Writes of courses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from coursewright.community.models import Category
from coursewright.courses import queries, rules
from coursewright.courses.actions import orders
from coursewright.courses.models import Course, CourseCategory, CourseWord, Membership, Section
from coursewright.foundation import content, events, sql, unique
from coursewright.foundation.errors import Faults, NotFound
from coursewright.foundation.text import name_key, words
from coursewright.media import images

# The author of a course, and whether another has its name, and which of the slugs others have: a row at least.
TAKEN = f"""
SELECT {queries.AUTHOR}, EXISTS (
    SELECT 1 FROM coursewright_course c WHERE c.name_key = %(name_key)s AND c.deleted_at IS NULL
), s.slug
FROM coursewright_user u
LEFT JOIN coursewright_course s ON s.slug IN ({{slugs}}) AND s.deleted_at IS NULL
WHERE u.id = %(by)s
"""
ADD_CATEGORIES = "INSERT INTO coursewright_coursecategory (course_id, category_id) VALUES {rows}"
ADD_WORDS = "INSERT INTO coursewright_courseword (course_id, word, in_name) VALUES {rows}"
ADD_CREATOR = """
INSERT INTO coursewright_membership (course_id, user_id, status) VALUES (%(course)s, %(user)s, %(status)s)
"""
CATEGORY_IDS = "SELECT category_id FROM coursewright_coursecategory WHERE course_id = %(course)s ORDER BY category_id"
BESIDE = ("sections_order", "categories", "image_original")


def create_course(values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None) -> int:
    """Makes a course, of which ``by`` is the creator, and answers its id.

    Invalid: a name or slug that is taken, unknown categories, an order of sections that are not there.
    """
    with _written(values, faults) as (columns, fresh):
        return unique.retried(lambda: _create(values, columns, at, by, fresh()))


@transaction.atomic
def _create(values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int, faults: Faults) -> int:
    _check(values, faults, None)
    orders.checked("sections_order", [], values.get("sections_order", []), faults)
    faults.settle()
    slug = values.get("slug") or unique.free_slug(Course, values["name"])
    categories = sorted(set(values.get("categories", [])))
    also = {"categories": (None, categories)}
    id = content.create(Course, {**columns, "slug": slug, "created_by_id": by}, at=at, by=by, also=also)
    _write_categories(id, [], categories)
    _write_words(id, values["name"], values.get("description", ""))
    Membership.objects.create(course_id=id, user_id=by, status=rules.CREATOR)
    events.record(
        "membership.changed",
        at=at,
        by=by,
        object_id=by,
        course_id=id,
        before={"status": None, "joined_at": None},
        after={"status": rules.CREATOR, "joined_at": None},
    )
    return id


def update_course(
    id: int, values: Mapping[str, Any], *, at: datetime, by: int | None, faults: Faults | None = None
) -> None:
    """Changes what is named. Deleted meanwhile: NotFound.

    Invalid: as for a new one, and a privacy that goes back to a draft.
    """
    with _written(values, faults) as (columns, fresh):
        unique.retried(lambda: _update(id, values, columns, at, by, fresh()))


@transaction.atomic
def _update(
    id: int, values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int | None, faults: Faults
) -> None:
    row = content.lock(Course, id)
    if row is None:
        raise NotFound
    _check(values, faults, id)
    if not rules.may_change_privacy(row["privacy"], values.get("privacy", row["privacy"])):
        faults.add("privacy", "invalid", "A course that was published cannot be a draft again.")
    also: dict[str, tuple[Any, Any]] = {}
    if "sections_order" in values:
        present = queries.section_ids(id)
        also["sections_order"] = (present, orders.checked("sections_order", present, values["sections_order"], faults))
    faults.settle()
    if "categories" in values:
        also["categories"] = (_category_ids(id), sorted(set(values["categories"])))
    if values.get("slug"):
        columns = {**columns, "slug": values["slug"]}
    if not content.change(Course, row, columns, at=at, by=by, also=also):
        return
    if "sections_order" in also and also["sections_order"][0] != also["sections_order"][1]:
        content.place(Section, also["sections_order"][1])
    if "categories" in also:
        _write_categories(id, *also["categories"])
    if "name" in values or "description" in values:
        _write_words(id, values.get("name", row["name"]), values.get("description", row["description"]))


@transaction.atomic
def delete_course(id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a course: its name and slug are free again, and an administrator can restore it. Unknown: NotFound."""
    row = content.lock(Course, id)
    if row is None:
        raise NotFound
    content.delete(Course, row, at=at, by=by)


def restore_course(id: int, *, at: datetime, by: int | None) -> None:
    """Brings a deleted course back. Unknown: NotFound. Invalid: its name or slug was taken meanwhile."""
    unique.retried(lambda: _restore(id, at, by))


@transaction.atomic
def _restore(id: int, at: datetime, by: int | None) -> None:
    row = content.lock(Course, id, deleted=True)
    if row is None:
        raise NotFound
    faults = Faults(("name", "slug"))
    unique.check_name(Course, row["name"], faults, but=id)
    unique.check_slug(Course, row["slug"], faults, but=id)
    faults.settle()
    content.change(Course, row, {"deleted_at": None}, at=at, by=by, what="restored")


@contextmanager
def _written(values: Mapping[str, Any], faults: Faults | None) -> Iterator[tuple[dict[str, Any], Callable[[], Faults]]]:
    """The columns that the values name, a picture stored among them, and a maker of fresh faults for each attempt.

    The picture is made before the transaction, which it would hold up, and removed again when that fails.
    """
    found = faults or Faults()
    columns = {name: value for name, value in values.items() if name not in (*BESIDE, "slug")}
    if "name" in values:
        columns["name_key"] = name_key(values["name"])
    image = values.get("image_original") if not found.fields else None
    if "image_original" in values:
        columns["image"] = images.keep(image) if image else ""
    try:
        yield columns, found.copy
    except BaseException:
        if columns.get("image"):
            images.discard(columns["image"])
        raise


def _check(values: Mapping[str, Any], faults: Faults, but: int | None) -> None:
    if "name" in values:
        unique.check_name(Course, values["name"], faults, but=but)
    if values.get("slug"):
        unique.check_slug(Course, values["slug"], faults, but=but)
    if values.get("categories"):
        known = set(Category.objects.filter(deleted_at=None, id__in=values["categories"]).values_list("id", flat=True))
        unknown = [str(id) for id in values["categories"] if id not in known]
        if unknown:
            faults.add("categories", "does_not_exist", f"There is no such category: {', '.join(unknown)}.")


def _category_ids(course_id: int) -> list[int]:
    return [id for (id,) in sql.values(CATEGORY_IDS, {"course": course_id})]


def _write_categories(course_id: int, before: Sequence[int], after: Sequence[int]) -> None:
    gone, new = set(before) - set(after), sorted(set(after) - set(before))
    if gone:
        CourseCategory.objects.filter(course_id=course_id, category_id__in=gone).delete()
    if new:
        CourseCategory.objects.bulk_create([CourseCategory(course_id=course_id, category_id=id) for id in new])


def _write_words(course_id: int, name: str, description: str) -> None:
    """Keeps the words that search looks in; a word of the name is found by everyone who can see the course."""
    named = set(words(name))
    wanted = {word: word in named for word in named | set(words(description))}
    stored = dict(CourseWord.objects.filter(course_id=course_id).values_list("word", "in_name"))
    if wanted == stored:
        return
    CourseWord.objects.filter(course_id=course_id).delete()
    CourseWord.objects.bulk_create(
        [CourseWord(course_id=course_id, word=word, in_name=in_name) for word, in_name in sorted(wanted.items())]
    )
