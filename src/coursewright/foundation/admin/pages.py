"""Lists and pages of the admin site. What they write, they write through actions, as the API does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from coursewright.api.numbers import id_of
from coursewright.foundation import clock
from coursewright.foundation.admin.forms import ActionForm, Refused
from coursewright.foundation.errors import Refusal
from coursewright.foundation.text import name_key

if TYPE_CHECKING:
    from django.forms import BaseInlineFormSet

    ModelAdmin = admin.ModelAdmin[Any]
    Tabular = admin.TabularInline[Any, Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
    Numbered = Paginator[Any]
else:
    from django.forms import BaseInlineFormSet as InlineFormSet

    ModelAdmin = admin.ModelAdmin
    Tabular = admin.TabularInline
    Numbered = Paginator

Rows = models.QuerySet[Any]

REFUSED = "coursewright.refused"
MANY = 80
"""Rows that are edited inside the page of their parent; more have their own pages only. A form has 1,000 fields."""


def page_link(model: str, id: int | None, text: object) -> SafeString | str:
    """A link to the page of a row."""
    if id is None:
        return "-"
    return format_html('<a href="{}">{}</a>', reverse(f"admin:coursewright_{model}_change", args=[id]), text)


def link_to(relation: str, model: str, name: str = "") -> Callable[[Any, Any], str]:
    """A column of links: to the page of the row that the relation names, which the list selects along.

    ``name``: of the column, if it is not the relation's.
    """

    @admin.display(description=name or relation.replace("_", " "), ordering=f"{relation}_id")
    def column(page: Any, row: Any) -> str:
        return page_link(model, getattr(row, f"{relation}_id"), getattr(row, relation))

    return column


def list_url(model: str, **query: object) -> str:
    """The address of a list, narrowed by its filters."""
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(query)}"


def links(**pages: str) -> SafeString:
    """Links to lists, side by side, named by their keywords."""
    found = [format_html('<a href="{}">{}</a>', url, name.replace("_", " ")) for name, url in pages.items()]
    return SafeString(" · ".join(found))


class BoundedPaginator(Numbered):
    """Counts no further than an operator would leaf."""

    most = 100_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: self.most].count())


class ListAdmin(ModelAdmin):
    """Lists that stay quick however long they are; a search folds names as they are stored."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except Refusal as refusal:
            self.message_user(request, refusal.text, messages.ERROR)
            return redirect(request.get_full_path())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address of a new row brings; other rows it can name by ids alone."""
        found = super().get_changeform_initial_data(request)
        for field in (*self.opts.fields, *self.opts.many_to_many):
            named = found.get(field.name, [])
            if field.remote_field and not all(map(id_of, named if isinstance(named, list) else [named])):
                del found[field.name]
        return found

    def get_search_results(self, request: HttpRequest, queryset: Rows, search_term: str) -> tuple[Rows, bool]:
        match = request.resolver_match
        if match and match.url_name == "autocomplete" and hasattr(self.model, "deleted_at"):
            queryset = queryset.filter(deleted_at=None)
        return super().get_search_results(request, queryset, name_key(search_term))

    def get_deleted_objects(
        self, objs: Rows | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Only the rows themselves: what hangs on them is marked, or too much to list."""
        names: list[Any] = [str(row) for row in objs]
        return names, {str(self.opts.verbose_name_plural): len(names)}, set(), []


class ReadOnlyAdmin(ListAdmin):
    """Rows to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ActionAdmin(ListAdmin):
    """Rows written by actions. A whole page is one transaction; a refusal comes out beside its field."""

    form = ActionForm
    place_field: ClassVar[str] = ""

    def create(self, row: Any, values: dict[str, Any], *, at: datetime, by: int) -> int:
        """Makes the row and answers its id."""
        raise NotImplementedError

    def update(self, row: Any, values: dict[str, Any], *, at: datetime, by: int) -> None:
        """Changes those values of the row."""
        raise NotImplementedError

    def remove(self, row: Any, *, at: datetime, by: int) -> None:
        """Deletes the row."""
        raise NotImplementedError

    def is_gone(self, row: Any) -> bool:
        """Whether the row was deleted: then it can only be looked at."""
        return getattr(row, "deleted_at", None) is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and self.is_gone(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.is_gone(obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change=change, **options)
        form.refused = request.META.get(REFUSED)  # type: ignore[attr-defined]  # a class made for this request
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:  # nothing was written; the page is made again, and says why
            request.META.setdefault(REFUSED, Refused(None, refusal))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with refused_at(request, form):
            if change:
                self.update(obj, form.values(), at=clock.now(), by=_id(request))
            else:
                obj.pk = self.create(obj, form.values(), at=clock.now(), by=_id(request))
                obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            self.save_rows(request, form, formset)

    def save_rows(self, request: HttpRequest, form: Any, formset: Any) -> None:
        """Writes the rows inside a page, and then their order."""
        rows: Any = self.admin_site.get_model_admin(formset.model)
        at, by = clock.now(), _id(request)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        kept = []
        for row in formset.forms:
            if row in formset.deleted_forms:
                if row.instance.pk is not None:
                    with refused_at(request, form):
                        rows.remove(row.instance, at=at, by=by)
                    formset.deleted_objects.append(row.instance)
                continue
            if not row.has_changed():
                kept += [row] if row.instance.pk is not None else []
                continue
            with refused_at(request, row):
                if row.instance.pk is None:
                    setattr(row.instance, formset.fk.name, formset.instance)
                    row.instance.pk = rows.create(row.instance, row.values(), at=at, by=by)
                    formset.new_objects.append(row.instance)
                else:
                    rows.update(row.instance, row.values(), at=at, by=by)
                    formset.changed_objects.append((row.instance, row.changed_data))
            kept.append(row)
        if any("place" in row.changed_data for row in kept):
            order = [row.instance.pk for row in sorted(kept, key=lambda row: row.sort_key())]
            with refused_at(request, form):
                self.update(formset.instance, {self.place_field: order}, at=at, by=by)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj, at=clock.now(), by=_id(request))

    def delete_queryset(self, request: HttpRequest, queryset: Rows) -> None:
        with transaction.atomic():
            for row in queryset:
                if not self.is_gone(row):
                    self.delete_model(request, row)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            self.message_user(request, refusal.text, messages.ERROR)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to a row is in the events, whoever did it and wherever."""
        return redirect(list_url("coursewright_event", kind=f"{self.opts.model_name}.", object_id=object_id))


class RemovableAdmin(ActionAdmin):
    """Rows to look at, and to delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Back to the list, which the library shows only to who may change rows."""
        super().response_delete(request, obj_display, obj_id)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class RestorableAdmin(ActionAdmin):
    """Rows that can be brought back after they were deleted."""

    actions = ("restore_selected",)

    def restore(self, row: Any, *, at: datetime, by: int) -> None:
        """Brings the row back."""
        raise NotImplementedError

    @admin.action(description="Restore selected %(verbose_name_plural)s", permissions=["change"])
    def restore_selected(self, request: HttpRequest, queryset: Rows) -> None:
        """Each by itself: what cannot come back is named, with the reason."""
        restored = 0
        for row in queryset.exclude(deleted_at=None):
            try:
                self.restore(row, at=clock.now(), by=_id(request))
            except Refusal as refusal:
                self.message_user(request, f"“{row}” cannot be restored: {refusal.text}", messages.ERROR)
            else:
                restored += 1
        if restored:
            self.message_user(request, f"Restored: {restored}.", messages.SUCCESS)


class RowSet(InlineFormSet):
    """The rows inside a page. A row that is not of this parent is a page that does not exist."""

    def _existing_object(self, pk: Any) -> Any:
        found = super()._existing_object(pk)  # type: ignore[misc]  # not in the stubs
        if found is None:
            raise Http404
        return found


class RowsInline(Tabular):
    """Rows inside the page of their parent, written by the actions of their own page."""

    formset = RowSet
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Rows:
        """What was deleted meanwhile is found when the page comes back, so that the action can say so."""
        rows = super().get_queryset(request)
        return rows if request.method == "POST" else rows.filter(deleted_at=None)

    def place(self, row: Any) -> int:
        """Shown where the form is not: of a deleted parent."""
        return int(row.position) + 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        formset = super().get_formset(request, obj, **options)
        # Deletion marks rows; the library would look for all that a removal would take along.
        also = {"refused": request.META.get(REFUSED), "hand_clean_DELETE": lambda form: None}
        formset.form = type("Row", (formset.form,), also)
        return formset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent_is_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent_is_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._parent_is_open(request, obj)

    def _parent_is_open(self, request: HttpRequest, parent: Any) -> bool:
        return self.admin_site.get_model_admin(self.parent_model).has_change_permission(request, parent)


@contextmanager
def refused_at(request: HttpRequest, form: Any) -> Iterator[None]:
    """Remembers which form's values an action refused."""
    try:
        yield
    except Refusal as refusal:
        request.META[REFUSED] = Refused(form.prefix, refusal)
        raise


def _id(request: HttpRequest) -> int:
    return int(request.user.pk or 0)
