"""Sections in the admin site, with their lessons inside."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.http import HttpRequest
from django.utils.safestring import SafeString

from coursewright.courses import queries
from coursewright.courses.actions.sections import create_section, delete_section, update_section
from coursewright.courses.admin.lessons import LessonInline
from coursewright.courses.models import Section
from coursewright.courses.serializers import MAX_DELAY
from coursewright.foundation.admin.filters import CourseFilter, DeletedFilter
from coursewright.foundation.admin.forms import ContentForm, RowForm
from coursewright.foundation.admin.pages import MANY, ActionAdmin, RowsInline, link_to, links, list_url

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def not_before_1900(time: datetime) -> None:
    """Validates a time (rules.md 1.5)."""
    if time < EARLIEST:
        raise forms.ValidationError("Enter a time from the year 1900 on.", code="min_value")


class DripForm(ContentForm):
    """When a section opens."""

    dripped_at = forms.SplitDateTimeField(
        required=False,
        widget=AdminSplitDateTime,
        validators=[not_before_1900],
        help_text="Opens a section of a scheduled course.",
    )
    drip_delay = forms.IntegerField(
        min_value=0,
        max_value=MAX_DELAY,
        initial=0,
        help_text="Days after joining that open a section of a structured course.",
    )


class SectionRowForm(DripForm, RowForm):
    pass


@admin.register(Section)
class SectionAdmin(ActionAdmin):
    form = DripForm
    place_field = "lessons_order"
    list_display = ("id", "name", "course_page", "dripped_at", "drip_delay", "deleted_at")
    list_display_links = ("id", "name")
    list_filter = (DeletedFilter, CourseFilter)
    search_fields = ("name", "id__exact")
    ordering = ("-id",)
    autocomplete_fields = ("course",)
    readonly_fields = ("id", "course_page", "created_at", "revision", "deleted_at", "look_at")
    content = ("name", "dripped_at", "drip_delay")
    course_page = link_to("course", "course")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("course", *self.content)}),)
        return (
            (None, {"fields": self.content}),
            ("Record", {"fields": ("seen", *self.readonly_fields)}),
        )

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return [LessonInline] if obj and len(queries.lesson_ids(obj.pk)) <= MANY else []

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("course")

    def create(self, row: Section, values: dict[str, Any], *, at: datetime, by: int) -> int:
        values.pop("course")
        return create_section(row.course.pk, values, at=at, by=by).id

    def update(self, row: Section, values: dict[str, Any], *, at: datetime, by: int) -> None:
        update_section(row.course_id, row.pk, values, at=at, by=by)

    def remove(self, row: Section, *, at: datetime, by: int) -> None:
        delete_section(row.course_id, row.pk, at=at, by=by)

    def is_gone(self, row: Section) -> bool:
        return bool(row.deleted_at or row.course.deleted_at)

    @admin.display(description="look at")
    def look_at(self, section: Section) -> SafeString:
        return links(all_lessons=list_url("coursewright_lesson", section_id=section.pk, o="1"))


class SectionInline(RowsInline):
    model = Section
    form = SectionRowForm
    fields = ("place", "name", "dripped_at", "drip_delay", "seen")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("course")
