"""Filters beside the lists."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from coursewright.api.numbers import id_of
from coursewright.foundation.text import name_key


class DeletedFilter(admin.SimpleListFilter):
    """Lists show what is not deleted, unless asked."""

    title = parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Deleted"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": "Not deleted"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.exclude(deleted_at=None)
            case "all":
                return queryset
        return queryset.filter(deleted_at=None)


class EnteredFilter(admin.SimpleListFilter):
    """A filter whose value is typed: there are too many to choose from."""

    template = "admin/entered_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]  # a filter without choices is not shown

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        others = changelist.get_query_string(remove=[str(self.parameter_name), "p"])
        yield {"name": self.parameter_name, "value": self.value() or "", "others": parse_qsl(others.lstrip("?"))}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = (self.value() or "").strip()
        return queryset.filter(self.matching(value)) if value else queryset

    def matching(self, value: str) -> Q:
        """The condition for what was typed."""
        raise NotImplementedError


class KindFilter(EnteredFilter):
    """Events by the beginning of their kind: ``section`` finds ``section.changed``."""

    title = parameter_name = "kind"

    def matching(self, value: str) -> Q:
        return Q(kind__startswith=value)


class IdFilter(EnteredFilter):
    """Rows by an id in the column that is the parameter."""

    def matching(self, value: str) -> Q:
        return Q(**{str(self.parameter_name): id_of(value) or 0})


class ObjectFilter(IdFilter):
    title, parameter_name = "object id", "object_id"


class CourseFilter(IdFilter):
    title, parameter_name = "course id", "course_id"


class SectionFilter(IdFilter):
    title, parameter_name = "section id", "section_id"


class LessonFilter(IdFilter):
    title, parameter_name = "lesson id", "lesson_id"


class ParentFilter(IdFilter):
    title, parameter_name = "parent id", "parent_id"


class PersonFilter(EnteredFilter):
    """Rows of a person, by their id or username, in the column that is the parameter."""

    title, parameter_name = "person (id or username)", "user_id"

    def matching(self, value: str) -> Q:
        people = get_user_model()._default_manager.filter(Q(username_key=name_key(value)) | Q(pk=id_of(value) or 0))
        return Q(**{f"{self.parameter_name}__in": people.values("pk")})


class ActorFilter(PersonFilter):
    title, parameter_name = "actor (id or username)", "actor_id"


class CreatorFilter(PersonFilter):
    title, parameter_name = "creator (id or username)", "created_by_id"


class UploaderFilter(PersonFilter):
    title, parameter_name = "uploader (id or username)", "uploader_id"
