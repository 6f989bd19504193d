"""Writes of categories and preferences."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from coursewright.community import queries, rules
from coursewright.community.models import Category
from coursewright.foundation import content, events, html, sql, unique
from coursewright.foundation.errors import Faults
from coursewright.foundation.text import name_key
from coursewright.media import images

SET_PREFERENCES = """
INSERT INTO coursewright_preference (section, name, value) VALUES {rows}
ON CONFLICT (section, name) DO UPDATE SET value = excluded.value
"""
IMAGES = {"image_original": "image", "emotional_image_original": "emotional_image"}


def create_category(values: Mapping[str, Any], *, at: datetime, by: int | None, faults: Faults | None = None) -> int:
    """Adds a category and answers its id. Invalid: a name or a slug that is taken."""
    with _written(values, faults) as (columns, fresh):
        return unique.retried(lambda: _create(values, columns, at, by, fresh()))


@transaction.atomic
def _create(values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int | None, faults: Faults) -> int:
    _check(values, faults, None)
    return content.create(Category, {**columns, "changed_at": at}, at=at, by=by)


def update_category(
    id: int, values: Mapping[str, Any], *, at: datetime, by: int | None, faults: Faults | None = None
) -> None:
    """Changes what is named. Unknown: NotFound; Invalid: a name or a slug that is taken."""
    with _written(values, faults) as (columns, fresh):
        unique.retried(lambda: _update(id, values, columns, at, by, fresh()))


@transaction.atomic
def _update(
    id: int, values: Mapping[str, Any], columns: dict[str, Any], at: datetime, by: int | None, faults: Faults
) -> None:
    row = content.lock(Category, id)
    _check(values, faults, id)
    if any(row[name] != value for name, value in columns.items()):
        content.change(Category, row, {**columns, "changed_at": at}, at=at, by=by)


@contextmanager
def _written(values: Mapping[str, Any], faults: Faults | None) -> Iterator[tuple[dict[str, Any], Callable[[], Faults]]]:
    """The columns that the values name, pictures stored among them, and a maker of fresh faults for each attempt.

    Pictures are made before the transaction, which they would hold up, and removed again when that fails.
    """
    found = faults or Faults()
    columns = _columns(values)
    pictures = {} if found.fields else {IMAGES[field]: values[field] for field in IMAGES if values.get(field)}
    with ExitStack() as stack:
        kept = {column: stack.enter_context(images.kept(picture)) for column, picture in pictures.items()}
        yield columns | kept, found.copy


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from the fields given; a picture that is to be kept is none yet."""
    columns: dict[str, Any] = {}
    for field, value in values.items():
        if field in IMAGES:
            columns[IMAGES[field]] = ""
        elif field == "order":
            columns["position"] = value
        elif field == "html_info":
            columns[field] = html.clean(value or "")
        else:
            columns[field] = "" if value is None else value
    if "name" in values:
        columns["name_key"] = name_key(values["name"])
    return columns


def _check(values: Mapping[str, Any], faults: Faults, but: int | None) -> None:
    if "name" in values:
        unique.check_name(Category, values["name"], faults, but=but)
    if "slug" in values:
        unique.check_slug(Category, values["slug"], faults, but=but)
    faults.settle()


@transaction.atomic
def delete_category(id: int, *, at: datetime, by: int | None) -> None:
    """Deletes a category; courses lose it. Unknown: NotFound."""
    content.delete(Category, content.lock(Category, id), at=at, by=by)


@transaction.atomic
def set_preference(key: str, value: object, *, at: datetime, by: int | None) -> None:
    """Sets one preference; ``key`` is ``section.name``.

    Invalid: unknown (``does_not_exist``), a value of another kind.
    """
    set_preferences({key: value}, at=at, by=by)


@transaction.atomic
def set_preferences(values: Mapping[str, object], *, at: datetime, by: int | None) -> None:
    """Sets several preferences, all or none."""
    faults = Faults()
    for key, value in values.items():
        if key not in rules.BY_KEY:
            faults.add(key, "does_not_exist", "There is no such preference.")
        elif value is None:
            faults.add(key, "null", "This field may not be null.")
        elif not rules.fits(rules.BY_KEY[key], value):
            kind = type(rules.BY_KEY[key].default).__name__
            faults.add(key, "invalid", f"The value must be of the kind {kind}.")
    faults.settle()
    present = queries.preference_values()
    new = {key: value for key, value in values.items() if present[key] != value}
    if not new:
        return
    parameters: dict[str, Any] = {}
    for place, (key, value) in enumerate(new.items()):
        known, text = rules.BY_KEY[key], msgspec.json.encode(value).decode()
        parameters |= {f"section{place}": known.section, f"name{place}": known.name, f"value{place}": text}
    rows = ", ".join(f"(%(section{place})s, %(name{place})s, %(value{place})s)" for place in range(len(new)))
    sql.execute(SET_PREFERENCES.format(rows=rows), parameters)
    changes = [events.Change(rules.IDS[key], {key: present[key]}, {key: value}) for key, value in new.items()]
    events.record_kinds({"preference.changed": changes}, at=at, by=by)
