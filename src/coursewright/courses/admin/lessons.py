"""Lessons in the admin site."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from coursewright.api.shapes import HTML_LENGTH
from coursewright.courses.actions.lessons import create_lesson, delete_lesson
from coursewright.courses.models import Lesson
from coursewright.foundation.admin.filters import CourseFilter, DeletedFilter, SectionFilter
from coursewright.foundation.admin.forms import ContentForm, RowForm
from coursewright.foundation.admin.pages import ActionAdmin, RowsInline, link_to, links, list_url
from coursewright.quizzes.actions.questions import update_lesson


class LessonForm(ContentForm):
    columns = {"text": "html"}
    text = forms.CharField(
        max_length=HTML_LENGTH,
        required=False,
        strip=False,
        label="Text (HTML)",
        widget=forms.Textarea(attrs={"rows": 25, "class": "vLargeTextField"}),
        help_text="It is cleaned: what could do harm is taken out.",
    )
    passing_grade = forms.IntegerField(min_value=0, max_value=100, initial=60, help_text="Of a quiz, in percent.")


@admin.register(Lesson)
class LessonAdmin(ActionAdmin):
    form = LessonForm
    list_display = ("id", "name", "type", "status", "section_page", "course_page", "deleted_at")
    list_display_links = ("id", "name")
    list_filter = ("type", "status", DeletedFilter, CourseFilter, SectionFilter)
    search_fields = ("name", "id__exact")
    ordering = ("-id",)
    autocomplete_fields = ("section",)
    readonly_fields = (
        "id",
        "course_page",
        "section_page",
        "created_by",
        "created_at",
        "revision",
        "deleted_at",
        "look_at",
    )
    content = ("name", "type", "status", "comments_enabled", "passing_grade", "text")
    course_page = link_to("course", "course")
    section_page = link_to("section", "section")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("section", *self.content)}),)
        return (
            (None, {"fields": self.content}),
            ("Record", {"fields": ("seen", *self.readonly_fields)}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A list does without the texts, which may be long."""
        return super().get_queryset(request).select_related("course", "section", "created_by").defer("html")

    def create(self, row: Lesson, values: dict[str, Any], *, at: datetime, by: int) -> int:
        values.pop("section")
        return create_lesson(row.section.course_id, row.section.pk, values, at=at, by=by).id

    def update(self, row: Lesson, values: dict[str, Any], *, at: datetime, by: int) -> None:
        update_lesson(row.course_id, row.section_id, row.pk, values, at=at, by=by)

    def remove(self, row: Lesson, *, at: datetime, by: int) -> None:
        delete_lesson(row.course_id, row.section_id, row.pk, at=at, by=by)

    def is_gone(self, row: Lesson) -> bool:
        return bool(row.deleted_at or row.section.deleted_at or row.course.deleted_at)

    def text(self, lesson: Lesson) -> str:
        """Shown where the form is not: of a deleted lesson."""
        return lesson.html

    @admin.display(description="look at")
    def look_at(self, lesson: Lesson) -> SafeString:
        """What hangs on a lesson."""
        return links(
            questions=list_url("coursewright_question", lesson_id=lesson.pk),
            attempts=list_url("coursewright_attempt", lesson_id=lesson.pk),
            comments=list_url("coursewright_comment", lesson_id=lesson.pk),
            completions=list_url("coursewright_completion", lesson_id=lesson.pk),
        )


class LessonInline(RowsInline):
    model = Lesson
    form = RowForm
    fields = ("place", "name", "type", "status", "seen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("course", "section").defer("html")
