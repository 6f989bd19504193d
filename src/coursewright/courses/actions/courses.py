"""Writes of courses."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from coursewright.community import queries as community
from coursewright.community.queries import CategoryRow
from coursewright.courses import queries, rules
from coursewright.courses.actions import orders
from coursewright.courses.models import Course, Section
from coursewright.foundation import content, events, sql, tallies, unique
from coursewright.foundation.errors import Faults
from coursewright.foundation.tallies import Tally
from coursewright.foundation.text import beginnings, name_key, words
from coursewright.media import images

# The author of a course, whether another has its name, the first of the slugs that no other has, and the categories
# that are there: a row at least.
ABOUT_NEW = f"""
SELECT {queries.AUTHOR}, EXISTS (
    SELECT 1 FROM coursewright_course c WHERE c.name_key = %(name_key)s AND c.deleted_at IS NULL
), (
    SELECT w.column2 FROM (VALUES {{slugs}}) w
    WHERE NOT EXISTS (SELECT 1 FROM coursewright_course s WHERE s.slug = w.column2 AND s.deleted_at IS NULL)
    ORDER BY w.column1 LIMIT 1
), {community.COLUMNS}
FROM coursewright_user u LEFT JOIN coursewright_category g ON g.id IN ({{categories}}) AND g.deleted_at IS NULL
WHERE u.id = %(by)s ORDER BY g.position, g.name_key, g.id
"""
ADD_CATEGORIES = "INSERT INTO coursewright_coursecategory (course_id, category_id) VALUES {rows}"
ADD_WORDS = "INSERT INTO coursewright_courseword (course_id, word, in_name) VALUES {rows}"
ADD_CREATOR = """
INSERT INTO coursewright_membership (course_id, user_id, status) VALUES (%(course)s, %(user)s, %(status)s)
"""
ABOUT = f"""
SELECT a.what, a.id, {community.COLUMNS} FROM (
    SELECT 'section' AS what, s.id AS id, s.position AS place FROM coursewright_section s
    WHERE s.course_id = %(course)s AND s.deleted_at IS NULL
    UNION ALL
    SELECT 'category', k.category_id, 0 FROM coursewright_coursecategory k WHERE k.course_id = %(course)s
    UNION ALL
    SELECT 'new category', n.id, 0 FROM coursewright_category n WHERE n.id IN ({{ids}})
    UNION ALL
    SELECT 'name', c.id, 0 FROM coursewright_course c
    WHERE c.name_key = %(name_key)s AND c.id <> %(course)s AND c.deleted_at IS NULL
    UNION ALL
    SELECT 'slug', c.id, 0 FROM coursewright_course c
    WHERE c.slug = %(slug)s AND c.id <> %(course)s AND c.deleted_at IS NULL
) a LEFT JOIN coursewright_category g
    ON a.what IN ('category', 'new category') AND g.id = a.id AND g.deleted_at IS NULL
ORDER BY a.place, g.position, g.name_key, a.id
"""
DROP_CATEGORIES = """
DELETE FROM coursewright_coursecategory WHERE course_id = %(course)s AND category_id IN ({ids})
"""
DROP_WORDS = "DELETE FROM coursewright_courseword WHERE course_id = %(course)s"
COUNTED = ("name", "description", "privacy", "deleted_at")
"""What of a course changes how it is counted."""
BESIDE = ("sections_order", "categories", "image_original")


class AboutNew(queries.Author):
    """The columns of ``ABOUT_NEW`` before those of a category. ``slug``: None when all are taken."""

    name_taken: bool
    slug: str | None


class AboutRow(msgspec.Struct):
    """The columns of ``ABOUT`` before those of a category."""

    what: str
    id: int


class About(NamedTuple):
    """What hangs on a course: its sections in their order, the ids of its categories, and those of the categories that
    it is to have which are there; and whether others have its new name or slug."""

    sections: list[int]
    present: list[int]
    categories: list[CategoryRow]
    taken: dict[str, bool]


class Created(NamedTuple):
    course: queries.Written
    author: queries.Author


def create_course(values: Mapping[str, Any], *, at: datetime, by: int, faults: Faults | None = None) -> Created:
    """Makes a course, of which ``by`` is the creator, and answers it with who that is.

    Invalid: a name or slug that is taken, unknown categories, an order of sections that are not there.
    """
    with _written(values, faults) as (columns, fresh):
        return unique.retried(lambda: _create(values, columns, at, by, fresh()))


@transaction.atomic
def _create(values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int, faults: Faults) -> Created:
    about, categories = _about_new(values, columns, by)
    if about.name_taken:
        unique.taken(Course, "name", faults)
    if about.slug is None:
        unique.taken(Course, "slug", faults)
    _check_categories(values, categories, faults)
    orders.checked("sections_order", [], values.get("sections_order", []), faults)
    faults.settle()
    id, row = content.insert(Course, {**columns, "slug": about.slug, "created_by_id": by}, at=at)
    filed = sorted(category.id for category in categories)
    _add_categories(id, filed)
    _add_words(id, _words(row))
    sql.execute(ADD_CREATOR, {"course": id, "user": by, "status": rules.CREATOR})
    tallies.add({**_counted(row, filed), Tally("standings", id, rules.CREATOR): 1})
    standing = events.Change(by, {"status": None, "joined_at": None}, {"status": rules.CREATOR, "joined_at": None})
    created = events.Change(id, {}, row | {"categories": filed})
    events.record_kinds({"course.created": [created], "membership.changed": [standing]}, at=at, by=by, course_id=id)
    return Created(queries.Written(id, row, categories, []), about)


def _about_new(values: Mapping[str, Any], columns: Mapping[str, Any], by: int) -> tuple[AboutNew, list[CategoryRow]]:
    """What a new course must know, and those of the categories that it names that are there. One statement."""
    slugs = [values["slug"]] if values.get("slug") else unique.slugs(Course, values.get("name", ""))
    marks, named = sql.named("slug", slugs)
    places = ", ".join(f"({place}, {mark})" for place, mark in enumerate(marks.split(", ")))
    categories, ids = sql.named("id", values.get("categories", []))
    statement = ABOUT_NEW.format(slugs=places, categories=categories)
    parameters = {**named, **ids, "by": by, "name_key": columns.get("name_key", "")}
    found = sql.pairs(AboutNew, CategoryRow, statement, parameters)
    return found[0][0], [category for _, category in found if category is not None]


def update_course(
    id: int, values: Mapping[str, Any], *, at: datetime, by: int | None, faults: Faults | None = None
) -> queries.Written:
    """Changes what is named and answers the course. Deleted meanwhile: NotFound.

    Invalid: as for a new one, and a privacy that goes back to a draft.
    """
    with _written(values, faults) as (columns, fresh):
        return unique.retried(lambda: _update(id, values, columns, at, by, fresh()))


@transaction.atomic
def _update(
    id: int, values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int | None, faults: Faults
) -> queries.Written:
    row = content.lock(Course, id)
    if values.get("slug"):
        columns = {**columns, "slug": values["slug"]}
    about = _about(id, values, columns)
    for field, is_taken in about.taken.items():
        if is_taken:
            unique.taken(Course, field, faults)
    if not rules.may_change_privacy(row["privacy"], values.get("privacy", row["privacy"])):
        faults.add("privacy", "invalid", "A course that was published cannot be a draft again.")
    sections, present = about.sections, about.present
    order = orders.checked("sections_order", sections, values.get("sections_order", []), faults)
    _check_categories(values, about.categories, faults)
    faults.settle()
    wanted = sorted(category.id for category in about.categories) if "categories" in values else present
    new = row | columns
    content.change(
        Course,
        row,
        columns,
        at=at,
        by=by,
        also={"sections_order": (sections, order), "categories": (present, wanted)},
    )
    _recount(row, new, present, wanted)
    if order != sections:
        content.place(Section, order)
    _drop_categories(id, [category for category in present if category not in wanted])
    _add_categories(id, [category for category in wanted if category not in present])
    if _words(new) != _words(row):
        sql.execute(DROP_WORDS, {"course": id})
        _add_words(id, _words(new))
    return queries.Written(id, new, about.categories, order)


def _about(id: int, values: Mapping[str, Any], columns: Mapping[str, Any]) -> About:
    """What hangs on the course and on what it is to become. One statement."""
    marks, ids = sql.named("id", values.get("categories", []))
    parameters = {**ids, "course": id, "name_key": columns.get("name_key", ""), "slug": columns.get("slug", "")}
    found = sql.pairs(AboutRow, CategoryRow, ABOUT.format(ids=marks), parameters)
    by_kind: dict[str, list[int]] = {}
    for row, _ in found:
        by_kind.setdefault(row.what, []).append(row.id)
    shown = "new category" if "categories" in values else "category"
    return About(
        by_kind.get("section", []),
        sorted(by_kind.get("category", [])),
        [category for row, category in found if category is not None and row.what == shown],
        {field: field in by_kind for field in ("name", "slug")},
    )


@transaction.atomic
def delete_course(id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a course: its name and slug are free again, and an administrator can restore it. Unknown: NotFound."""
    row = content.lock(Course, id)
    content.delete(Course, row, at=at, by=by)
    _recount_whole(row, {**row, "deleted_at": at})


def restore_course(id: int, *, at: datetime, by: int | None) -> None:
    """Brings a deleted course back. Unknown: NotFound. Invalid: its name or slug was taken meanwhile."""
    unique.retried(lambda: _restore(id, at, by))


@transaction.atomic
def _restore(id: int, at: datetime, by: int | None) -> None:
    row = content.lock(Course, id, deleted=True)
    faults = Faults(("name", "slug"))
    unique.check_name(Course, row["name"], faults, but=id)
    unique.check_slug(Course, row["slug"], faults, but=id)
    faults.settle()
    content.change(Course, row, {"deleted_at": None}, at=at, by=by, what="restored")
    _recount_whole(row, {**row, "deleted_at": None})


def _counted(row: content.Values, categories: Sequence[int]) -> dict[Tally, int]:
    """What a course adds to the tallies."""
    if row["deleted_at"] is not None:
        return {}
    found = beginnings(word for word, in_name in _words(row).items() if rules.found_by_all(row["privacy"], in_name))
    return {
        Tally("courses", 0, row["privacy"]): 1,
        Tally("created", row["created_by_id"], row["privacy"]): 1,
        **{Tally("filed", category, row["privacy"]): 1 for category in categories},
        **{Tally("found", 0, beginning): 1 for beginning in found},
    }


def _recount(before: content.Values, after: content.Values, present: Sequence[int], wanted: Sequence[int]) -> None:
    """``present``, ``wanted``: the categories before and after."""
    if present == wanted and all(before[name] == after[name] for name in COUNTED):
        return
    changed = Counter(_counted(after, wanted))
    changed.subtract(_counted(before, present))
    tallies.add(changed)


def _recount_whole(before: content.Values, after: content.Values) -> None:
    """The same for a course that comes or goes with its categories."""
    categories = queries.category_ids(before["id"])
    _recount(before, after, categories, categories)


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
    with images.kept(image) as name:
        if "image_original" in values:
            columns["image"] = name
        yield columns, found.copy


def _check_categories(values: Mapping[str, Any], found: Sequence[CategoryRow], faults: Faults) -> None:
    """Those that are named and not found are faults."""
    known = {category.id for category in found}
    unknown = [str(id) for id in values.get("categories", []) if id not in known]
    if unknown:
        faults.add("categories", "does_not_exist", f"There is no such category: {', '.join(unknown)}.")


def _drop_categories(course_id: int, ids: Sequence[int]) -> None:
    if ids:
        marks, parameters = sql.named("id", ids)
        sql.execute(DROP_CATEGORIES.format(ids=marks), {**parameters, "course": course_id})


def _add_categories(course_id: int, ids: Sequence[int]) -> None:
    if ids:
        marks, parameters = sql.named("id", ids)
        rows = ", ".join(f"(%(course)s, {mark})" for mark in marks.split(", "))
        sql.execute(ADD_CATEGORIES.format(rows=rows), {**parameters, "course": course_id})


def _words(row: content.Values) -> dict[str, bool]:
    """The words that search looks in; one of the name is found by everyone who can see the course."""
    named = set(words(row["name"]))
    return {word: word in named for word in named | set(words(row["description"]))}


def _add_words(course_id: int, found: Mapping[str, bool]) -> None:
    if found:
        parameters: dict[str, Any] = {"course": course_id}
        for place, (word, in_name) in enumerate(sorted(found.items())):
            parameters |= {f"word{place}": word, f"named{place}": in_name}
        rows = ", ".join(f"(%(course)s, %(word{place})s, %(named{place})s)" for place in range(len(found)))
        sql.execute(ADD_WORDS.format(rows=rows), parameters)
