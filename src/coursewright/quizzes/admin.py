"""Questions and attempts in the admin site."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coursewright.foundation.admin.filters import CourseFilter, DeletedFilter, LessonFilter, PersonFilter
from coursewright.foundation.admin.pages import ReadOnlyAdmin, RemovableAdmin, link_to
from coursewright.media.admin.pictures import stored
from coursewright.quizzes.actions.questions import delete_question
from coursewright.quizzes.models import Attempt, Question
from coursewright.quizzes.shapes import Snapshot


def _options(options: Iterable[tuple[str, str]]) -> SafeString:
    """A list of answers, each with what there is to say of it."""
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{} <strong>{}</strong></li>", options))


@admin.register(Question)
class QuestionAdmin(RemovableAdmin):
    list_display = ("id", "text", "type", "lesson_page", "course_page", "deleted_at")
    list_display_links = ("id", "text")
    list_filter = ("type", DeletedFilter, CourseFilter, LessonFilter)
    ordering = ("-id",)
    fields = (
        "id",
        "text",
        "type",
        "picture",
        "options",
        "lesson_page",
        "course_page",
        "created_at",
        "revision",
        "deleted_at",
    )
    lesson_page = link_to("lesson", "lesson")
    course_page = link_to("course", "course")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("lesson", "course").defer("lesson__html")

    def remove(self, row: Question, *, at: datetime, by: int) -> None:
        delete_question(row.lesson_id, row.pk, at=at, by=by)

    def picture(self, question: Question) -> SafeString | str:
        found = stored(question.image)
        return format_html('<img src="{}" alt="" width="150" height="150">', found.url) if found else "-"

    @admin.display(description="answers")
    def options(self, question: Question) -> SafeString:
        return _options((answer.text, "correct" if answer.correct else "") for answer in question.answers.all())


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("id", "person", "lesson_page", "course_page", "num_attempts", "grade", "result", "created_at")
    list_filter = ("result", CourseFilter, LessonFilter, PersonFilter)
    ordering = ("-id",)
    fields = (
        "person",
        "lesson_page",
        "course_page",
        "num_attempts",
        "created_at",
        "grade",
        "passing_grade",
        "result",
        "correct_responses",
        "asked",
    )
    person = link_to("user", "user")
    lesson_page = link_to("lesson", "lesson")
    course_page = link_to("course", "course")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("user", "lesson", "course")
        return rows.defer("lesson__html", "questions")

    @admin.display(description="questions")
    def asked(self, attempt: Attempt) -> SafeString:
        """The questions as they were, what was selected, and what would have been right."""
        questions = msgspec.json.decode(attempt.questions, type=list[Snapshot])
        return format_html_join("", "<p>{} <strong>{}</strong></p>{}", (_asked(question) for question in questions))


def _asked(question: Snapshot) -> tuple[str, str, SafeString]:
    said = {
        (True, True): "selected, correct",
        (True, False): "selected",
        (False, True): "correct",
        (False, False): "",
    }
    options = _options((answer.text, said[answer.selected, answer.correct]) for answer in question.answers)
    return question.text, "right" if question.correct else "wrong", options
