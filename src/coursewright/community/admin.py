"""Categories and preferences in the admin site."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString

from coursewright.api.shapes import HTML_LENGTH
from coursewright.community import actions, queries, rules
from coursewright.community.models import Category, Preference
from coursewright.foundation import clock
from coursewright.foundation.admin.filters import DeletedFilter
from coursewright.foundation.admin.forms import ContentForm, messages_of
from coursewright.foundation.admin.pages import ActionAdmin, ListAdmin, links, list_url
from coursewright.foundation.errors import Invalid
from coursewright.media.admin.pictures import PictureField, shown, stored


class CategoryForm(ContentForm):
    columns = {"order": "position"}
    slug = forms.SlugField(max_length=255)
    order = forms.IntegerField(min_value=-(2**31), max_value=2**31 - 1, help_text="A lower one comes first.")
    html_info = forms.CharField(max_length=HTML_LENGTH, required=False, widget=forms.Textarea, label="Info (HTML)")
    emotional_image_position = forms.IntegerField(min_value=0, max_value=100, initial=50)
    image_original = PictureField(label="New picture")
    emotional_image_original = PictureField(label="New emotional picture")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["image_original"] = stored(self.instance.image)
        self.initial["emotional_image_original"] = stored(self.instance.emotional_image)


@admin.register(Category)
class CategoryAdmin(ActionAdmin):
    form = CategoryForm
    list_display = ("id", "name", "slug", "position", "active", "deleted_at")
    list_display_links = ("id", "name")
    list_filter = ("active", DeletedFilter)
    search_fields = ("name_key__contains", "slug", "id__exact")
    readonly_fields = ("id", "revision", "created_at", "changed_at", "deleted_at", "picture", "look_at")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "order", "active", "name_synonyms", "slogan", "html_info")}),
        ("Search engines", {"classes": ("collapse",), "fields": ("seo_title", "seo_description")}),
        ("Pictures", {"fields": ("image_original", "emotional_image_original", "emotional_image_position")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        record = ("Record", {"fields": ("seen", *self.readonly_fields)})
        return (*self.fieldsets, record) if obj else self.fieldsets

    def create(self, row: Category, values: dict[str, Any], *, at: datetime, by: int) -> int:
        return actions.create_category(values, at=at, by=by)

    def update(self, row: Category, values: dict[str, Any], *, at: datetime, by: int) -> None:
        actions.update_category(row.pk, values, at=at, by=by)

    def remove(self, row: Category, *, at: datetime, by: int) -> None:
        actions.delete_category(row.pk, at=at, by=by)

    def image_original(self, category: Category) -> str:
        """Shown where the form is not: of a deleted category."""
        return str(stored(category.image) or "-")

    def emotional_image_original(self, category: Category) -> str:
        """Shown where the form is not: of a deleted category."""
        return str(stored(category.emotional_image) or "-")

    def picture(self, category: Category) -> SafeString:
        """The present picture."""
        return shown("category", category.pk, category.image)

    def order(self, category: Category) -> int:
        """Shown where the form is not: of a deleted category."""
        return category.position

    @admin.display(description="look at")
    def look_at(self, category: Category) -> SafeString:
        return links(courses=list_url("coursewright_course", categories=category.pk))


class PreferencesForm(forms.Form):
    """A field for each preference the server knows, by its kind."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial=queries.preference_values())
        self.fields |= {known.key: _field(known) for known in rules.KNOWN}

    def values(self) -> dict[str, Any]:
        """What differs from what is set."""
        return {key: self.cleaned_data[key] for key in self.changed_data}


def _field(known: rules.Known) -> forms.Field:
    default = {True: "on", False: "off"}[known.default] if isinstance(known.default, bool) else known.default
    options: dict[str, Any] = {"label": known.name.replace("_", " "), "help_text": f"Default: {default}"}
    if isinstance(known.default, bool):
        return forms.BooleanField(required=False, **options)
    widget = forms.TextInput(attrs={"class": "vTextField"})
    return forms.CharField(required=False, max_length=rules.MAX_LENGTH, widget=widget, **options)


@admin.register(Preference)
class PreferenceAdmin(ListAdmin):
    """One page with all preferences in place of a list of those that were set."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        return redirect("admin:coursewright_preference_changelist")

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        return redirect(list_url("coursewright_event", kind="preference."))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        form: Any = PreferencesForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                actions.set_preferences(form.values(), at=clock.now(), by=int(request.user.pk or 0))
            except Invalid as refusal:
                for key, found in messages_of(refusal).items():
                    form.add_error(key, [message.message for message in found])
            else:
                self.message_user(request, f"Changed: {', '.join(form.changed_data) or 'nothing'}.", messages.SUCCESS)
                return redirect(request.path)
        sections = dict.fromkeys(known.section for known in rules.KNOWN)
        fieldsets = [
            (section.capitalize(), {"fields": [known.key for known in rules.KNOWN if known.section == section]})
            for section in sections
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Preferences",
            "opts": self.opts,
            "errors": form.errors,
            "history": list_url("coursewright_event", kind="preference."),
            "adminform": AdminForm(form, fieldsets, {}),
        }
        return TemplateResponse(request, "admin/form_page.html", context)
