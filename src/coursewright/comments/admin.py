"""Comments in the admin site."""

from datetime import datetime
from html import unescape
from typing import Any

from django.contrib import admin
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from coursewright.comments.actions import delete_comment
from coursewright.comments.models import Comment
from coursewright.foundation.admin.filters import CourseFilter, CreatorFilter, DeletedFilter, LessonFilter, ParentFilter
from coursewright.foundation.admin.pages import RemovableAdmin, link_to, links, list_url


@admin.register(Comment)
class CommentAdmin(RemovableAdmin):
    list_display = ("id", "beginning", "author", "lesson_page", "course_page", "created_at", "deleted_at")
    list_display_links = ("id", "beginning")
    list_filter = (DeletedFilter, CourseFilter, LessonFilter, CreatorFilter, ParentFilter)
    ordering = ("-id",)
    fields = (
        "id",
        "html",
        "author",
        "lesson_page",
        "course_page",
        "parent_page",
        "in_reply_to_page",
        "created_at",
        "revision",
        "deleted_at",
        "look_at",
    )
    author = link_to("created_by", "user")
    lesson_page = link_to("lesson", "lesson")
    course_page = link_to("course", "course")
    parent_page = link_to("parent", "comment")
    in_reply_to_page = link_to("in_reply_to", "comment")

    def get_queryset(self, request: HttpRequest) -> Any:
        """A list does without the whole texts, which may be long."""
        rows = super().get_queryset(request).select_related("created_by", "lesson", "course")
        return rows.annotate(start=Left("html", 200)).defer("html", "lesson__html")

    def remove(self, row: Comment, *, at: datetime, by: int) -> None:
        delete_comment(row.lesson_id, row.pk, at=at, by=by)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Replies first: a comment takes them along, and then they are not there any more."""
        super().delete_queryset(request, queryset.order_by("-id"))

    def beginning(self, comment: Any) -> str:
        """The first words, as plain text."""
        return unescape(strip_tags(comment.start))[:80]

    @admin.display(description="look at")
    def look_at(self, comment: Comment) -> SafeString:
        return links(replies=list_url("coursewright_comment", parent_id=comment.pk))
