"""The course page (``view=user`` of an open course) and the update of a section."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from rest_framework.generics import RetrieveAPIView, UpdateAPIView
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.encoders import JSONEncoder

from benchmarks.baseline_drf.permissions import IsManager
from benchmarks.baseline_drf.serializers import CourseSerializer, SectionSerializer
from coursewright.community.models import Category
from coursewright.courses.models import Course, Lesson, Membership, Section
from coursewright.foundation.models import Event
from coursewright.learning import rules
from coursewright.learning.models import Completion


class LessonState(NamedTuple):
    """A lesson as the rule about what is open takes it."""

    id: int
    name: str
    completed: bool


class SectionState(NamedTuple):
    """A section as that rule takes it."""

    id: int
    dripped_at: datetime | None
    drip_delay: int
    published: Sequence[LessonState]


class CourseDetail(RetrieveAPIView[Course]):
    serializer_class = CourseSerializer

    def get_queryset(self) -> QuerySet[Course]:
        lessons = Lesson.objects.filter(deleted_at=None, status=Lesson.Status.PUBLISHED).defer("html")
        sections = Section.objects.filter(
            deleted_at=None, lessons__deleted_at=None, lessons__status=Lesson.Status.PUBLISHED
        ).distinct()
        return (
            Course.objects.filter(deleted_at=None, privacy=Course.Privacy.OPEN)
            .select_related("created_by")
            .prefetch_related(
                Prefetch("categories", Category.objects.filter(deleted_at=None)),
                Prefetch("sections", sections),
                Prefetch("sections__lessons", lessons),
            )
        )

    def get_object(self) -> Course:
        self.course = super().get_object()
        return self.course

    def get_serializer_context(self) -> dict[str, Any]:
        """What the viewer may open, and what they completed."""
        user = self.request.user
        assert user.is_authenticated  # by the permission
        membership = Membership.objects.filter(course=self.course, user=user).first()
        completions = dict(
            Completion.objects.filter(
                user=user,
                course=self.course,
                lesson__deleted_at=None,
                lesson__status=Lesson.Status.PUBLISHED,
            ).values_list("lesson_id", "status")
        )
        states = [self._state(section, completions) for section in self.course.sections.all()]
        outline = rules.outline(
            type=self.course.type,
            enforce_lessons_order=self.course.enforce_lessons_order,
            sections=states,
            standing=membership.status if membership else None,
            joined_at=membership.joined_at if membership else None,
            now=timezone.now(),
        )
        return {
            **super().get_serializer_context(),
            "membership": membership,
            "completions": completions,
            "outline": {section.id: section for section in outline},
            "locked": {
                lesson.id: lock is not None
                for state, section in zip(states, outline, strict=True)
                for lesson, lock in zip(state.published, section.lessons, strict=True)
            },
        }

    def _state(self, section: Section, completions: dict[int, str]) -> SectionState:
        lessons = [
            LessonState(lesson.pk, lesson.name, completions.get(lesson.pk) == "completed")
            for lesson in section.lessons.all()
        ]
        return SectionState(section.pk, section.dripped_at, section.drip_delay, lessons)


class SectionDetail(UpdateAPIView[Section]):
    serializer_class = SectionSerializer
    permission_classes = [*UpdateAPIView.permission_classes, IsManager]

    def get_queryset(self) -> QuerySet[Section]:
        return Section.objects.filter(course_id=self.kwargs["course_id"], deleted_at=None).select_for_update()

    @transaction.atomic
    def update(self, *args: Any, **kwargs: Any) -> Any:
        return super().update(*args, **kwargs)

    def perform_update(self, serializer: BaseSerializer[Section]) -> None:
        section = self.get_section(serializer)
        new = {name: value for name, value in serializer.validated_data.items() if getattr(section, name) != value}
        if not new:
            return
        before = {name: getattr(section, name) for name in new}
        serializer.save(revision=section.revision + 1)
        Event.objects.create(
            at=timezone.now(),
            actor_id=self.request.user.pk,
            kind="section.changed",
            course_id=section.course_id,
            object_type="section",
            object_id=section.pk,
            before=JSONEncoder().encode(before),
            after=JSONEncoder().encode(new),
        )

    @staticmethod
    def get_section(serializer: BaseSerializer[Section]) -> Section:
        section = serializer.instance
        assert section is not None
        return section
