"""Who was told of what, and how people want to be told, in the admin site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from coursewright.foundation.admin.filters import CourseFilter, PersonFilter
from coursewright.foundation.admin.pages import ReadOnlyAdmin, link_to
from coursewright.notifications.models import Notification, NotificationSettings


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "type", "person", "actor_page", "course_page", "comment_page", "at", "is_new", "is_mailed")
    list_display_links = ("id", "type")
    list_filter = ("type", "is_new", "is_mailed", CourseFilter, PersonFilter)
    ordering = ("-id",)
    fields = ("type", "person", "actor_page", "course_page", "comment_page", "at", "is_new", "is_mailed")
    person = link_to("user", "user")
    actor_page = link_to("actor", "user")
    course_page = link_to("course", "course")
    comment_page = link_to("comment", "comment")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("user", "actor", "course", "comment")
        return rows.defer("comment__html")


@admin.register(NotificationSettings)
class NotificationSettingsAdmin(ReadOnlyAdmin):
    values = (
        "qa_frequency",
        "email_notification_not_qa",
        "mobile_notifications_scmty",
        "show_toast_notifications",
        "toast_notifications_emit_sound",
    )
    list_display = ("pk", "person", *values)
    list_filter = ("qa_frequency", PersonFilter)
    list_select_related = ("user",)
    ordering = ("-user_id",)
    fields = ("person", *values)
    person = link_to("user", "user")
