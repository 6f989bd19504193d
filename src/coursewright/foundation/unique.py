"""Names and slugs that are unique among rows that are not deleted."""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, models

from coursewright.foundation.errors import Faults
from coursewright.foundation.models import Content
from coursewright.foundation.text import name_key, slugify

SLUG_LENGTH = 255
ATTEMPTS = 50
NUMBERED = 30
Result = TypeVar("Result")


def retried(write: Callable[[], Result]) -> Result:
    """Runs a write again when another took its name or slug between its check and its end.

    Now the check says so, or finds the next free slug; of many writers at once, one gets through at each attempt.
    ``write`` is a whole transaction.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return write()
        except IntegrityError:
            continue
    return write()


def taken(model: type[Content], field: str, faults: Faults) -> None:
    """Adds ``unique`` to the faults: another row has this name or slug."""
    faults.add(field, "unique", f"{model._meta.verbose_name} with this {field} already exists.".capitalize())


def check_name(model: type[Content], name: str, faults: Faults, *, but: int | None = None) -> None:
    """Adds ``unique`` to the faults when another row has this name, compared without case."""
    if _others(model, but).filter(name_key=name_key(name)).exists():
        taken(model, "name", faults)


def check_slug(model: type[Content], slug: str, faults: Faults, *, but: int | None = None) -> None:
    """Adds ``unique`` to the faults when another row has this slug."""
    if _others(model, but).filter(slug=slug).exists():
        taken(model, "slug", faults)


def slugs(model: type[Content], name: str) -> list[str]:
    """Slugs that could be made from the name, best first: with a number appended from the second on.

    The last has a number that is hardly taken.
    """
    base = _slug(model, name)
    return [base, *(f"{base}-{number}" for number in range(2, NUMBERED)), f"{base}-{secrets.randbelow(10**9)}"]


def free_slug(model: type[Content], name: str) -> str:
    """A slug made from the name, with a number appended when it is taken."""
    base = _slug(model, name)
    if not _others(model, None).filter(slug=base).exists():
        return base
    found = set(_others(model, None).filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
    number, slug = 2, f"{base}-2"
    while slug in found:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _slug(model: type[Content], name: str) -> str:
    return slugify(name)[: SLUG_LENGTH - 20].strip("-") or str(model._meta.model_name)


def _others(model: type[Content], but: int | None) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.filter(deleted_at=None)
    return rows if but is None else rows.exclude(pk=but)
