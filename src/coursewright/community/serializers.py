"""Shapes that come in about categories. Fields in the order of the schema."""

from rest_framework import serializers

from coursewright.api.shapes import Html, LongText, Number, Shape, Text
from coursewright.community.shapes import HEAD_DOC
from coursewright.media.serializers import ImageUpload


class CategoryShape(Shape):
    """What is written of a category. Fields of other parts of a community, like ``tags``, are ignored."""

    order = Number(
        required=False,
        min_value=-(2**31),
        max_value=2**31 - 1,
        help_text="Its place among the categories: lower ones come first, equal ones by name. 0 if never given.",
    )
    name = Text(help_text="No two categories have the same, whatever its case.")
    name_synonyms = LongText(allow_null=True, help_text="Other words for it; kept as they are.")
    slug = serializers.SlugField(max_length=255, help_text="For addresses; no two categories have the same.")
    slogan = LongText(allow_null=True, help_text="Plain text.")
    html_info = Html(allow_null=True, help_text="HTML, of which what is harmless is kept.")
    seo_title = LongText(allow_null=True, help_text=HEAD_DOC)
    seo_description = LongText(allow_null=True, help_text=HEAD_DOC)
    active = serializers.BooleanField(
        required=False, help_text="Whether `GET` with `active=true` lists it; true if never given."
    )
    image_original = ImageUpload()
    emotional_image_original = ImageUpload()
    emotional_image_position = Number(
        required=False,
        min_value=0,
        max_value=100,
        help_text="For applications that show a part of the picture; kept as it is, 50 if never given.",
    )
