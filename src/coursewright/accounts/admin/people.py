"""People in the admin site."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import django.contrib.auth.admin  # noqa: F401 - registers what is taken back below
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm, SetPasswordMixin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.debug import sensitive_post_parameters

from coursewright.accounts import actions
from coursewright.accounts.models import User
from coursewright.foundation import clock
from coursewright.foundation.admin.filters import DeletedFilter
from coursewright.foundation.admin.forms import ActionForm, SeenForm
from coursewright.foundation.admin.pages import RestorableAdmin, links, list_url
from coursewright.foundation.errors import Faults
from coursewright.foundation.errors import PermissionDenied as Refused

if TYPE_CHECKING:
    PasswordMixin = SetPasswordMixin[User]
else:
    PasswordMixin = SetPasswordMixin

admin.site.unregister(Group)  # what people may do follows from their role


class NewPersonForm(PasswordMixin, ActionForm):
    password1, password2 = PasswordMixin.create_password_fields()

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        self.validate_passwords()
        return values

    def _post_clean(self) -> None:
        super()._post_clean()
        self.validate_password_for_user(self.instance)


@admin.register(User)
class PeopleAdmin(RestorableAdmin):
    form = SeenForm
    list_display = ("id", "username", "real_name", "email", "role", "is_active", "date_joined", "deleted_at")
    list_display_links = ("id", "username")
    list_filter = ("role", "is_active", DeletedFilter)
    search_fields = ("username_key__contains", "real_name_key__contains", "email", "id__exact")
    ordering = ("-id",)
    readonly_fields = ("id", "date_joined", "deleted_at", "look_at")
    fieldsets = (
        (None, {"fields": ("username", "real_name", "email", "email_is_valid", "role", "is_active", "language")}),
        (
            "Profile",
            {
                "classes": ("collapse",),
                "fields": (
                    "ext_id",
                    "bio",
                    "description",
                    "location",
                    "location_lat_lng",
                    "position_lat_lng",
                    "date_of_birth",
                    "gender",
                    "website",
                ),
            },
        ),
        ("Record", {"fields": ("seen", *readonly_fields)}),
    )
    new_fieldsets = (
        (None, {"fields": ("username", "password1", "password2", "role", "real_name", "email", "language")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.new_fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        if obj is None:
            options["form"] = NewPersonForm
        return super().get_form(request, obj, change=change, **options)

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(*args, **kwargs)

    def create(self, row: User, values: dict[str, Any], *, at: datetime, by: int) -> int:
        password = values.pop("password1")
        values.pop("password2")
        return actions.add_user(values.pop("username"), password, at=at, by=by, **values)

    def update(self, row: User, values: dict[str, Any], *, at: datetime, by: int) -> None:
        faults = Faults(("role", "is_active"))
        if row.pk == by and values.get("role", User.Role.ADMIN) != User.Role.ADMIN:
            faults.add("role", "invalid", "You cannot take this role from yourself; another administrator can.")
        if row.pk == by and not values.get("is_active", True):
            faults.add("is_active", "invalid", "You cannot disable yourself; another administrator can.")
        faults.settle()
        actions.change_user(row, values, at=at, by=by)

    def remove(self, row: User, *, at: datetime, by: int) -> None:
        if row.pk == by:
            raise Refused("You cannot delete yourself; another administrator can.")
        actions.delete_user(row, at=at, by=by)

    def restore(self, row: User, *, at: datetime, by: int) -> None:
        # The name is named so that it is checked: another may have taken it.
        actions.change_user(row, {"username": row.username, "deleted_at": None}, at=at, by=by)

    @admin.display(description="look at")
    def look_at(self, person: User) -> SafeString:
        """What hangs on a person."""
        id = person.pk
        return links(
            change_password=reverse("admin:user-password", args=[id]),
            memberships=list_url("coursewright_membership", user_id=id),
            courses_created=list_url("coursewright_course", created_by_id=id),
            completions=list_url("coursewright_completion", user_id=id),
            attempts=list_url("coursewright_attempt", user_id=id),
            comments=list_url("coursewright_comment", created_by_id=id),
            media=list_url("coursewright_media", uploader_id=id),
            notifications=list_url("coursewright_notification", user_id=id),
            notification_settings=list_url("coursewright_notificationsettings", user_id=id),
            access_tokens=list_url("oauth2_provider_accesstoken", user_id=id),
            refresh_tokens=list_url("oauth2_provider_refreshtoken", user_id=id),
            what_they_did=list_url("coursewright_event", actor_id=id),
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:user_id>/password/", view, name="user-password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Gives a person another password."""
        person = self.get_object(request, str(user_id))
        if person is None:
            raise Http404
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        form: Any = SetPasswordForm(person, request.POST if request.method == "POST" else None)
        if form.is_valid():
            actions.set_password(person, form.cleaned_data["new_password1"], at=clock.now(), by=request.user.pk)
            update_session_auth_hash(request, person)  # one's own session goes on
            self.message_user(request, f"{person} has another password.", messages.SUCCESS)
            return redirect("admin:coursewright_user_change", user_id)
        fieldset = [(None, {"fields": list(form.fields)})]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Change the password of {person}",
            "opts": self.opts,
            "original": person,
            "errors": form.errors,
            "adminform": AdminForm(form, fieldset, {}),
        }
        return TemplateResponse(request, "admin/form_page.html", context)
