"""Who stands to which course, and what learners completed, in the admin site."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coursewright.courses import rules as course_rules
from coursewright.courses.models import Membership
from coursewright.foundation.admin.filters import CourseFilter, LessonFilter, PersonFilter
from coursewright.foundation.admin.forms import SeenForm
from coursewright.foundation.admin.pages import ActionAdmin, ReadOnlyAdmin, link_to, list_url
from coursewright.foundation.errors import Faults, invalid
from coursewright.learning import rules
from coursewright.learning.actions import standings
from coursewright.learning.errors import CreatorStays
from coursewright.learning.models import Completion

CALLS = {
    course_rules.MANAGER: rules.Call.MAKE_MANAGER,
    course_rules.JOINED: rules.Call.MAKE_JOINED,
    course_rules.INVITED: rules.Call.INVITE,
    "": rules.Call.UNJOIN,
}
ROLES = {course_rules.MANAGER: "managers", course_rules.JOINED: "joined", "": "unjoined"}


class MembershipForm(SeenForm):
    """How the person shall stand to the course. To ask is theirs alone, and the creator stays."""

    columns: ClassVar[dict[str, str]] = {"standing": "status"}
    standing = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["standing"] = self.instance.status or ""
        offered = dict.fromkeys([self.initial["standing"], *CALLS])
        field: Any = self.fields["standing"]
        field.choices = [(value, value or "none any more") for value in offered]
        if self.instance.pk is None:
            self.initial["standing"] = course_rules.JOINED


@admin.register(Membership)
class MembershipAdmin(ActionAdmin):
    form = MembershipForm
    list_display = ("id", "person", "course_page", "status", "joined_at", "last_active_at")
    list_filter = ("status", CourseFilter, PersonFilter)
    ordering = ("-id",)
    autocomplete_fields = ("course", "user")
    readonly_fields = ("person", "course_page", "joined_at", "last_active_at")
    person = link_to("user", "user", "person")
    course_page = link_to("course", "course")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            ("person", "course_page", "standing", "joined_at", "last_active_at", "seen")
            if obj
            else ("course", "user", "standing")
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user", "course")

    def create(self, row: Membership, values: dict[str, Any], *, at: datetime, by: int) -> int:
        faults = Faults(("course", "user", "standing"))
        if row.course.deleted_at:
            faults.add("course", "does_not_exist", "This course was deleted.")
        if row.user.deleted_at:
            faults.add("user", "does_not_exist", "This person was deleted.")
        found = Membership.objects.filter(course_id=row.course_id, user_id=row.user_id).first()
        if found is None and not values["standing"]:
            faults.add("standing", "invalid", "There is nothing to end.")
        faults.settle()
        self._move(row, found.status if found else None, values["standing"], at=at, by=by)
        return Membership.objects.get(course_id=row.course_id, user_id=row.user_id).pk

    def update(self, row: Membership, values: dict[str, Any], *, at: datetime, by: int) -> None:
        if "standing" in values:
            self._move(row, row.status, values["standing"], at=at, by=by)

    def _move(self, row: Membership, before: str | None, wanted: str, *, at: datetime, by: int) -> None:
        """Calls what moves the person there; what the table of standings does not have is refused."""
        if before == course_rules.CREATOR:
            raise CreatorStays
        if rules.moved(CALLS[wanted], before) != (wanted or None):
            raise invalid("standing", f"Who is {before or 'nothing'} cannot become {wanted or 'nothing'}.")
        if wanted == course_rules.INVITED:
            standings.invite(row.course_id, [row.user_id], at=at, by=by)
        else:
            standings.change_roles(row.course_id, {ROLES[wanted]: [row.user_id]}, at=at, by=by)

    def is_gone(self, row: Membership) -> bool:
        return bool(row.course.deleted_at or row.user.deleted_at)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is ended, not deleted: what the person did is kept."""
        return False

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.get_object(request, object_id)
        events = {"object_id": row.user_id, "course_id": row.course_id} if row else {}
        return redirect(list_url("coursewright_event", kind="membership.", **events))


@admin.register(Completion)
class CompletionAdmin(ReadOnlyAdmin):
    list_display = ("id", "person", "lesson_page", "course_page", "status", "completed_at")
    list_filter = (CourseFilter, LessonFilter, PersonFilter)
    ordering = ("-id",)
    fields = ("person", "lesson_page", "course_page", "status", "completed_at")
    person = link_to("user", "user", "person")
    lesson_page = link_to("lesson", "lesson")
    course_page = link_to("course", "course")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user", "lesson", "course").defer("lesson__html")
