"""Shapes that come in about people."""

from typing import Any

from rest_framework import serializers

from coursewright.accounts.models import User
from coursewright.api.shapes import LongText, Shape, Text
from coursewright.media.serializers import ImageUpload


class TokenShape(Shape):
    token = Text(max_length=8192)


class Date(serializers.DateField):
    """A day; an empty text is null, as forms send it."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)


class UserShape(Shape):
    """What people change of themselves, in the order of the schema."""

    real_name = Text(required=False, allow_blank=True)
    avatar = ImageUpload()
    bio = LongText()
    location = Text(required=False, allow_blank=True)
    location_lat_lng = Text(required=False, allow_blank=True)
    position_lat_lng = Text(required=False, allow_blank=True)
    date_of_birth = Date(required=False, allow_null=True)
    description = LongText()
    gender = serializers.ChoiceField(User.Gender.values, required=False)
    website = serializers.URLField(required=False, allow_blank=True, max_length=2000)
    cover = ImageUpload()
