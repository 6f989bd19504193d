"""Media and unfinished uploads in the admin site."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coursewright.comments import queries as comments
from coursewright.foundation.admin.filters import UploaderFilter
from coursewright.foundation.admin.pages import ReadOnlyAdmin, RemovableAdmin, link_to, page_link
from coursewright.media.actions import delete_media
from coursewright.media.models import Media, Upload


@admin.register(Media)
class MediaAdmin(RemovableAdmin):
    list_display = ("id", "type", "title", "uploader_page", "added_at")
    list_display_links = ("id", "title")
    list_filter = ("type", UploaderFilter)
    ordering = ("-id",)
    fields = (
        "id",
        "type",
        "title",
        "description",
        "address",
        "picture",
        "image_width",
        "image_height",
        "uploader_page",
        "added_at",
        "attached_to",
    )
    uploader_page = link_to("uploader", "user")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("uploader")

    def remove(self, row: Media, *, at: datetime, by: int) -> None:
        delete_media(row.pk, in_use=comments.is_shown, at=at, by=by)

    def address(self, media: Media) -> SafeString:
        """The file, or the page that a link leads to."""
        url = default_storage.url(media.file) if media.file else media.url
        return format_html('<a href="{}" rel="noreferrer">{}</a>', url, url)

    def picture(self, media: Media) -> SafeString | str:
        """The thumbnail of an image."""
        if not media.thumbnail:
            return "-"
        return format_html('<img src="{}" alt="">', default_storage.url(media.thumbnail))

    def attached_to(self, media: Media) -> SafeString | str:
        """The lessons and comments it was attached to, deleted ones too."""
        uses = media.uses.order_by("object_type", "object_id").values_list("object_type", "object_id")
        pages = [page_link(kind, id, f"{kind} {id}") for kind, id in uses]
        return SafeString(" · ".join(pages)) or "-"


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ("id", "name", "uploader_page", "received", "total", "expires_at")
    list_filter = (UploaderFilter,)
    list_select_related = ("uploader",)
    ordering = ("-expires_at", "id")
    fields = ("id", "name", "uploader_page", "received", "total", "expires_at")
    uploader_page = link_to("uploader", "user")
