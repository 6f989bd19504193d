"""What happened, to look at."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coursewright.foundation.admin.filters import ActorFilter, CourseFilter, KindFilter, ObjectFilter
from coursewright.foundation.admin.pages import ReadOnlyAdmin, page_link
from coursewright.foundation.models import Event

PAGES = {"user", "category", "course", "section", "lesson", "question", "attempt", "comment", "media"}
"""Objects that have a page of their own. A membership's id is its person's, a completion's its lesson's."""
STANDS_FOR = {"membership": "user", "completion": "lesson"}


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "object", "course", "actor")
    list_filter = (KindFilter, ObjectFilter, CourseFilter, ActorFilter)
    list_display_links = ("kind",)
    ordering = ("-id",)
    sortable_by = ()
    fields = ("at", "kind", "object", "course", "actor", "values")

    def get_queryset(self, request: HttpRequest) -> Any:
        people = get_user_model()._default_manager.filter(pk=OuterRef("actor_id"))
        return super().get_queryset(request).annotate(username=Subquery(people.values("username")))

    def object(self, event: Event) -> str:
        """The object's kind and id, linked when it has a page."""
        text = f"{event.object_type} {event.object_id}"
        model = STANDS_FOR.get(event.object_type, event.object_type)
        return page_link(model, event.object_id, text) if model in PAGES else text

    def course(self, event: Event) -> str:
        return page_link("course", event.course_id, event.course_id)

    def actor(self, event: Any) -> str:
        """Who did it; nobody when the server or its command line did."""
        return page_link("user", event.actor_id, event.username or event.actor_id)

    @admin.display(description="what changed")
    def values(self, event: Event) -> SafeString:
        """A table: each value, before and after."""
        before, after = json.loads(event.before), json.loads(event.after)
        rows = format_html_join(
            "",
            "<tr><th scope='row'>{}</th><td><pre>{}</pre></td><td><pre>{}</pre></td></tr>",
            ((name, _pretty(before, name), _pretty(after, name)) for name in before | after),
        )
        return format_html("<table><thead><tr><th>Value<th>Before<th>After</thead><tbody>{}</tbody></table>", rows)


def _pretty(values: dict[str, Any], name: str) -> str:
    if name not in values:
        return ""
    value = values[name]
    return value if isinstance(value, str) and value else json.dumps(value, indent=2, ensure_ascii=False)
