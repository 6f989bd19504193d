"""The admin site. There is one sign-in form for all pages, and only administrators enter here."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from coursewright.api.numbers import id_of
from coursewright.foundation.sql import MAX_ID

SELECTED = "_selected_action"
TEXTS = ("q", "term")
"""Parameters in which numbers are what someone looks for."""
LONG = re.compile(r"[0-9]{19,}")


def _fit(text: str) -> str:
    """Without what databases fail at: an id that no row can have is read as 0, as the API reads it, and NUL is none."""
    return LONG.sub(lambda found: found[0] if len(found[0]) == 19 and int(found[0]) <= MAX_ID else "0", _text(text))


def _text(text: str) -> str:
    return text.replace("\0", "")


def _query(given: QueryDict) -> Any:
    found: Any = given.copy()
    for name, texts in given.lists():
        found.setlist(name, map(_text if name in TEXTS else _fit, texts))
    return found


def _with_ids(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view of a page, of what is asked without ids that are none."""

    @wraps(view)
    def called(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.GET = _query(request.GET)
        if SELECTED in request.POST:
            form: Any = request.POST.copy()
            form.setlist(SELECTED, [text for text in form.getlist(SELECTED) if id_of(text)])
            request.POST = form
        if "object_id" in kwargs:
            kwargs["object_id"] = _fit(kwargs["object_id"])
        return view(request, *args, **kwargs)

    return called


class Site(AdminSite):
    site_title = site_header = "Coursewright"
    index_title = "Administration"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's, for administrators only; the library's pages fail at ids that are none."""
        return super().admin_view(_with_ids(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leads on to the sign-in form; who is signed in and no administrator is told so."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            return render(request, "admin/administrators_only.html", status=403)
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One's own password is changed where everyone's is."""
        return redirect("admin:user-password", request.user.pk)
