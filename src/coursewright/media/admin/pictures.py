"""Pictures in the forms of the admin site."""

from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

from coursewright.media import images
from coursewright.media.rules import MAX_IMAGE


class Stored(NamedTuple):
    """The present picture, as the input shows it: with a link, and a box to remove it."""

    url: str

    def __str__(self) -> str:
        return "an uploaded picture"


def stored(name: str) -> Stored | None:
    """What a picture's input starts with; nothing when the picture is drawn."""
    return Stored(images.addresses("", 0, name)["image_bigger"]) if name else None


def shown(kind: str, id: int, name: str) -> SafeString:
    """The stored picture, or the drawn one."""
    picture = images.addresses(kind, id, name)["image_medium"]
    return format_html('<img src="{}" alt="" width="150" height="150">', picture)


class PictureField(forms.FileField):
    """A picture to upload; its value is the decoded picture, or False when the present one is to go."""

    widget = AdminFileWidget

    def __init__(self, **options: Any) -> None:
        help_text = "JPEG, PNG, WebP or GIF, up to 5 MB and 40 megapixels; it is cut square."
        super().__init__(**{"required": False, "help_text": help_text, **options})

    def to_python(self, data: Any) -> Image.Image | None:  # type: ignore[override]  # the library gives the file
        file: Any = super().to_python(data)
        if file is None:
            return None
        try:
            file.seek(0)  # a page that is made a second time reads it again
            return images.opened(file.read(MAX_IMAGE + 1))  # no more than tells that it is too large
        except images.BadImage as error:
            raise forms.ValidationError(str(error), code="invalid_image") from error
