"""Shapes that come in about categories. Fields in the order of the schema."""

from rest_framework import serializers

from coursewright.api.shapes import Html, LongText, Number, Shape, Text
from coursewright.media.serializers import ImageUpload


class CategoryShape(Shape):
    """What is written of a category. Fields of other parts of a community, like ``tags``, are ignored."""

    order = Number(required=False, min_value=-(2**31), max_value=2**31 - 1)
    name = Text()
    name_synonyms = LongText(allow_null=True)
    slug = serializers.SlugField(max_length=255)
    slogan = LongText(allow_null=True)
    html_info = Html(allow_null=True)
    seo_title = LongText(allow_null=True)
    seo_description = LongText(allow_null=True)
    active = serializers.BooleanField(required=False)
    image_original = ImageUpload()
    emotional_image_original = ImageUpload()
    emotional_image_position = Number(required=False, min_value=0, max_value=100)
