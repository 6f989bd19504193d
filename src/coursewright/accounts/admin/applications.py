"""OAuth 2 applications and their tokens in the admin site. Tokens are stored as checksums: none can be shown."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from oauth2_provider import admin as library
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_refresh_token_model,
    revoke_access_token,
)

from coursewright.foundation.admin.filters import IdFilter, PersonFilter
from coursewright.foundation.admin.pages import ListAdmin, links, list_url

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

Application = get_application_model()
AccessToken, RefreshToken, Grant = get_access_token_model(), get_refresh_token_model(), get_grant_model()

# The library's own pages show checksums and secrets to edit; ID tokens are not issued here.
admin.site.unregister([Application, AccessToken, RefreshToken, Grant, library.id_token_model])


class ApplicationFilter(IdFilter):
    title, parameter_name = "application id", "application_id"


class ApplicationForm(ModelForm):
    """Grants that are not served here are offered only to an application that has one already."""

    new_secret = forms.BooleanField(
        required=False,
        label="Make a new client secret",
        help_text="The old one ends at once. The new one is shown once, after saving.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "authorization_grant_type" not in self.fields:
            return
        served = ("", "authorization-code", "password", self.instance.authorization_grant_type)
        field: Any = self.fields["authorization_grant_type"]
        field.choices = [choice for choice in field.choices if choice[0] in served]


@admin.register(Application)
class ApplicationAdmin(ListAdmin):
    form = ApplicationForm
    list_display = ("id", "name", "client_id", "client_type", "authorization_grant_type", "created")
    list_display_links = ("id", "name")
    list_filter = ("client_type", "authorization_grant_type")
    search_fields = ("name", "client_id")
    ordering = ("-id",)
    readonly_fields = ("client_id", "created", "look_at")
    fields = ("name", "client_type", "authorization_grant_type", "redirect_uris", "skip_authorization")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "new_secret", *self.readonly_fields) if obj else self.fields

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only a hash of a secret is stored; the secret is said once."""
        renewed = not change or form.cleaned_data["new_secret"]
        if renewed:
            obj.client_secret = secret = generate_client_secret()
        super().save_model(request, obj, form, change)
        if renewed and obj.client_type == Application.CLIENT_CONFIDENTIAL:
            text = f"The client secret of “{obj}” is {secret} and is shown only now. The client ID is {obj.client_id}"
            self.message_user(request, text, messages.WARNING)

    @admin.display(description="look at")
    def look_at(self, application: Any) -> SafeString:
        """The tokens of an application."""
        return links(
            access_tokens=list_url("oauth2_provider_accesstoken", application_id=application.pk),
            refresh_tokens=list_url("oauth2_provider_refreshtoken", application_id=application.pk),
        )


class IssuedAdmin(ListAdmin):
    """What the OAuth 2 endpoints gave out: to look at, and to end."""

    list_filter = (PersonFilter, ApplicationFilter)
    list_select_related = ("user", "application")
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessToken)
class AccessTokenAdmin(IssuedAdmin):
    """Deleting one revokes it, with the refresh token that would bring it back."""

    list_display = ("id", "user", "application", "scope", "created", "expires")
    fields = list_display

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        revoke_access_token(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for token in queryset:
                revoke_access_token(token)


@admin.register(RefreshToken)
class RefreshTokenAdmin(IssuedAdmin):
    """A revoked one is kept: when it comes back, somebody stole it, and all that came from it is revoked."""

    list_display = ("id", "user", "application", "created", "revoked")
    fields = list_display
    actions = ("revoke_selected",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Revoke selected refresh tokens, and their access tokens")
    def revoke_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for token in queryset:
                token.revoke()
        self.message_user(request, f"Revoked: {len(queryset)}.", messages.SUCCESS)


@admin.register(Grant)
class GrantAdmin(IssuedAdmin):
    """Authorization codes, which live for a minute."""

    list_display = ("id", "user", "application", "scope", "created", "expires")
    fields = (*list_display, "redirect_uri")
