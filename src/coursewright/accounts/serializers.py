"""Shapes that come in about people."""

from typing import Any

from rest_framework import serializers

from coursewright.accounts.models import User
from coursewright.api.shapes import LongText, Shape, Text
from coursewright.media.serializers import ImageUpload


class TokenShape(Shape):
    token = Text(max_length=8192, help_text="A JSON Web Token.")


class Date(serializers.DateField):
    """A day; an empty text is null, as forms send it."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)


class UserShape(Shape):
    """What people change of themselves, in the order of the schema."""

    real_name = Text(required=False, allow_blank=True, help_text="The name that others see.")
    avatar = ImageUpload()
    bio = LongText(help_text="Plain text.")
    location = Text(required=False, allow_blank=True, help_text="Plain text.")
    location_lat_lng = Text(required=False, allow_blank=True, help_text="Kept as it is.")
    position_lat_lng = Text(required=False, allow_blank=True, help_text="Kept as it is.")
    date_of_birth = Date(required=False, allow_null=True, help_text="A day, like 1990-04-23.")
    description = LongText(help_text="Plain text.")
    gender = serializers.ChoiceField(User.Gender.values, required=False, help_text="`Unspecified` if never given.")
    website = serializers.URLField(required=False, allow_blank=True, max_length=2000, help_text="An address.")
    cover = ImageUpload()
