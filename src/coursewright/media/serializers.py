"""Shapes that come in about pictures."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from PIL.Image import Image
from rest_framework import serializers

from coursewright.api.shapes import Shape, Text
from coursewright.media import images

SCHEMA = {
    "type": "string",
    "format": "binary",
    "description": (
        "A JPEG, PNG, WebP or GIF file in a multipart form, or a data URL (`data:image/png;base64,...`); up to 5 MB "
        "and 40 megapixels. Null or empty: none."
    ),
}


@extend_schema_field(SCHEMA)
class ImageUpload(serializers.Field[Image | None, Any, str, Any]):
    """A picture: a file in a form or a data URL; null or an empty text for none. Anything else: ``invalid_image``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)

    def to_internal_value(self, data: Any) -> Image:
        try:
            if isinstance(data, UploadedFile):
                return images.opened(data.read())
            if isinstance(data, str):
                return images.opened(images.from_data_url(data))
            raise images.BadImage("Send an image file or a data URL.")
        except images.BadImage as error:
            raise serializers.ValidationError(str(error), code="invalid_image") from error

    def to_representation(self, value: Any) -> str:
        return str(value)


class LinkShape(Shape):
    type = serializers.ChoiceField(["url"], help_text="A link; files come in through `upload/chunk/`.")
    url = serializers.URLField(max_length=2000, help_text="Of a page on the public Internet.")


class CompletionShape(Shape):
    """``type`` is what the client takes the file for; its content decides."""

    upload_id = Text(help_text="From the answer to the first piece.")
    type = serializers.ChoiceField(
        ["image", "file", "doc", "eimage"], help_text="What you take the file for; its content decides."
    )
    md5 = Text(
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Of the whole file, in hex; checked when it is given.",
    )
