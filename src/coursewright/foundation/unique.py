"""Names and slugs that are unique among rows that are not deleted."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, models

from coursewright.foundation.errors import Faults
from coursewright.foundation.models import Content
from coursewright.foundation.text import name_key, slugify

SLUG_LENGTH = 255
ATTEMPTS = 50
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


def check_name(model: type[Content], name: str, faults: Faults, *, but: int | None = None) -> None:
    """Adds ``unique`` to the faults when another row has this name, compared without case."""
    if _others(model, but).filter(name_key=name_key(name)).exists():
        faults.add("name", "unique", f"{model._meta.verbose_name} with this name already exists.".capitalize())


def check_slug(model: type[Content], slug: str, faults: Faults, *, but: int | None = None) -> None:
    """Adds ``unique`` to the faults when another row has this slug."""
    if _others(model, but).filter(slug=slug).exists():
        faults.add("slug", "unique", f"{model._meta.verbose_name} with this slug already exists.".capitalize())


def free_slug(model: type[Content], name: str) -> str:
    """A slug made from the name, with a number appended when it is taken."""
    base = slugify(name)[: SLUG_LENGTH - 20].strip("-") or str(model._meta.model_name)
    if not _others(model, None).filter(slug=base).exists():
        return base
    taken = set(_others(model, None).filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
    number, slug = 2, f"{base}-2"
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _others(model: type[Content], but: int | None) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.filter(deleted_at=None)
    return rows if but is None else rows.exclude(pk=but)
