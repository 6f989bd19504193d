"""Bodies in, as shapes: fields read all at once, with every fault found, nothing that was not sent made up."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import SkipField

from coursewright.api import lists, numbers
from coursewright.api.errors import leaves
from coursewright.api.requests import Request
from coursewright.foundation.errors import Faults

NAME_LENGTH = 255
TEXT_LENGTH = 2000
HTML_LENGTH = 1024 * 1024
TIME = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2})"
    r"(?:(?P<second>:[0-9]{2})(?P<fraction>\.[0-9]+)?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)


class Body(dict[str, Any]):
    """The fields that were given and are right, with the faults of the others."""

    def __init__(self, values: Mapping[str, Any], faults: Faults) -> None:
        super().__init__(values)
        self.faults = faults


class Shape(serializers.Serializer[Any]):
    """Base of the shapes. Fields that are not named keep their value: PUT differs from PATCH in what is required."""

    default_error_messages = {"invalid": "Expected an object."}


@cache
def _fields(shape: type[Shape], partial: bool) -> dict[str, Any]:
    """The fields that can be written. They are made once: a serializer copies all of them at each call."""
    found = {name: field for name, field in shape().fields.items() if not field.read_only}
    for field in found.values():  # not the framework's ``partial``, which would ask for nothing inside lists either
        field.required = field.required and not partial
    return found


def body(shape: type[Shape], request: Request, *, partial: bool = False) -> Body:
    """What the request's body gives for the shape, every field read, whatever is wrong with others.

    ``partial``: nothing is required (PATCH).
    """
    data: Any = request.data
    fields = _fields(shape, partial)
    faults = Faults(fields)
    values = {}
    for name, field in fields.items():
        try:
            values[name] = field.run_validation(field.get_value(data))
        except SkipField:
            continue
        except serializers.ValidationError as error:
            for message in leaves(error.detail, name):
                faults.add(name, *message)
    return Body(values, faults)


class Text(serializers.CharField):
    """A line of text, 255 characters unless told."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": NAME_LENGTH, **options})


class LongText(Text):
    """Up to 2,000 characters; may be empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": TEXT_LENGTH, "allow_blank": True, "required": False, **options})


class Html(serializers.CharField):
    """Up to 1 MB of HTML; may be empty. It is cleaned by the action that keeps it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "max_length": HTML_LENGTH,
                "allow_blank": True,
                "required": False,
                "trim_whitespace": False,
                **options,
            }
        )


class Number(serializers.IntegerField):
    """A whole number, also in a text."""

    def to_internal_value(self, data: Any) -> int:
        found = numbers.whole(data)
        if found is None:
            self.fail("invalid")
        return found


class Id(serializers.IntegerField):
    """An id. One that no row can have is as good as unknown, and is read as 0."""

    def to_internal_value(self, data: Any) -> int:
        found = numbers.id_of(data)
        if found is None:
            self.fail("invalid")
        return found


class Items(serializers.ListField):
    """A list in any of the six encodings (rules.md 1.3)."""

    default_error_messages = {"not_a_list": "Expected a list.", "max_length": "No more than {max_length} items."}

    def to_internal_value(self, data: Any) -> list[Any]:
        found = lists.items(data)
        if not isinstance(found, list):  # a file is as good as a list to the framework, of its lines
            self.fail("not_a_list")
        if len(found) > lists.MAX_ITEMS:
            self.fail("max_length", max_length=lists.MAX_ITEMS)
        return super().to_internal_value(found)


class Ids(Items):
    """A list of ids."""

    child = Id()


@extend_schema_field({"type": "string", "format": "date-time"})
class Time(serializers.Field[datetime, Any, str, Any]):
    """An instant: ``YYYY-MM-DDThh:mm[:ss[.f]][offset]``, years 1900 to 9999 (rules.md 1.5). An empty text is null.

    Microseconds are kept, finer fractions cut off.
    """

    default_error_messages = {"invalid": "Write a time like 2026-12-15T09:00:00Z."}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" and self.allow_null else data)

    def to_internal_value(self, data: Any) -> datetime:
        match = TIME.fullmatch(data) if isinstance(data, str) else None
        if match is None:
            self.fail("invalid")
        try:
            time = datetime.fromisoformat(
                f"{match['minute']}{match['second'] or ':00'}{(match['fraction'] or '')[:7]}"
                f"{(match['offset'] or '').upper()}"
            )
            if time.tzinfo is None:
                time = time.replace(tzinfo=timezone.get_default_timezone())
            time = time.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")
        if time.year < 1900:
            self.fail("invalid")
        return time

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()
