"""Courses in the admin site, with their sections inside."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest
from django.utils.safestring import SafeString

from coursewright.community.models import Category
from coursewright.courses import queries
from coursewright.courses.actions.courses import create_course, delete_course, restore_course, update_course
from coursewright.courses.admin.sections import SectionInline
from coursewright.courses.models import Course
from coursewright.foundation.admin.filters import CreatorFilter, DeletedFilter
from coursewright.foundation.admin.forms import ContentForm
from coursewright.foundation.admin.pages import MANY, RestorableAdmin, link_to, links, list_url
from coursewright.media.admin.pictures import PictureField, shown, stored


class CourseForm(ContentForm):
    slug = forms.SlugField(max_length=255, required=False, help_text="Part of the address; empty: made from the name.")
    description = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)
    categories = forms.ModelMultipleChoiceField(
        Category.objects.filter(deleted_at=None),
        required=False,
        widget=AutocompleteSelectMultiple(Course._meta.get_field("categories"), admin.site),
    )
    image_original = PictureField(label="New picture")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["image_original"] = stored(self.instance.image)
        if self.instance.pk is not None:
            self.initial["categories"] = list(self.instance.categories.filter(deleted_at=None))

    def values(self) -> dict[str, Any]:
        values = super().values()
        if "categories" in values:
            values["categories"] = [category.pk for category in values["categories"]]
        return values


@admin.register(Course)
class CourseAdmin(RestorableAdmin):
    form = CourseForm
    place_field = "sections_order"
    list_display = ("id", "name", "type", "privacy", "creator", "created_at", "deleted_at")
    list_display_links = ("id", "name")
    list_filter = ("type", "privacy", DeletedFilter, CreatorFilter)
    list_select_related = ("created_by",)
    search_fields = ("name_key__contains", "slug", "id__exact")
    ordering = ("-id",)
    readonly_fields = ("id", "creator", "created_at", "revision", "deleted_at", "picture", "look_at")
    content = (
        (None, {"fields": ("name", "slug", "type", "privacy", "description", "categories", "image_original")}),
        (
            "Settings",
            {"fields": ("enforce_lessons_order", "new_comment_notification_enabled", "hide_member_count")},
        ),
        (
            "Search engines and previews",
            {
                "classes": ("collapse",),
                "fields": ("meta_title", "meta_description", "og_title", "og_description", "og_image"),
            },
        ),
    )
    creator = link_to("created_by", "user", "creator")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        record = ("Record", {"fields": ("seen", *self.readonly_fields)})
        return (*self.content, record) if obj else self.content

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return [SectionInline] if obj is None or len(queries.section_ids(obj.pk)) <= MANY else []

    def create(self, row: Course, values: dict[str, Any], *, at: datetime, by: int) -> int:
        return create_course(values, at=at, by=by).course.id

    def update(self, row: Course, values: dict[str, Any], *, at: datetime, by: int) -> None:
        update_course(row.pk, values, at=at, by=by)

    def remove(self, row: Course, *, at: datetime, by: int) -> None:
        delete_course(row.pk, at=at, by=by)

    def restore(self, row: Course, *, at: datetime, by: int) -> None:
        restore_course(row.pk, at=at, by=by)

    def image_original(self, course: Course) -> str:
        """Shown where the form is not: of a deleted course."""
        return str(stored(course.image) or "-")

    def picture(self, course: Course) -> SafeString:
        """The present picture."""
        return shown("course", course.pk, course.image)

    @admin.display(description="look at")
    def look_at(self, course: Course) -> SafeString:
        """What hangs on a course."""
        id = course.pk
        return links(
            members=list_url("coursewright_membership", course_id=id),
            all_sections=list_url("coursewright_section", course_id=id),
            all_lessons=list_url("coursewright_lesson", course_id=id),
            completions=list_url("coursewright_completion", course_id=id),
            attempts=list_url("coursewright_attempt", course_id=id),
            comments=list_url("coursewright_comment", course_id=id),
            everything_that_happened=list_url("coursewright_event", course_id=id),
        )
