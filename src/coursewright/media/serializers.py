"""Shapes that come in about pictures."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from PIL.Image import Image
from rest_framework import serializers

from coursewright.media import images


class ImageUpload(serializers.Field[Image | None, Any, str, Any]):
    """A picture: a file in a form or a data URL; null or an empty text for none. Anything else: ``invalid_image``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)

    def to_internal_value(self, data: Any) -> Image:
        try:
            if isinstance(data, UploadedFile):
                if (data.size or 0) > images.MAX_BYTES:
                    raise images.BadImage("The image is larger than 5 MB.")
                return images.opened(data.read())
            if isinstance(data, str):
                return images.opened(images.from_data_url(data))
            raise images.BadImage("Send an image file or a data URL.")
        except images.BadImage as error:
            raise serializers.ValidationError(str(error), code="invalid_image") from error

    def to_representation(self, value: Any) -> str:
        return str(value)
