"""Rows as JSON. What the viewer sees of a course (``CourseDetail``) is worked out once, and comes by the context."""

from typing import Any

from rest_framework import serializers

from coursewright.accounts.models import User
from coursewright.community.models import Category
from coursewright.courses.models import Course, Lesson, Section
from coursewright.learning.rules import OpenSection, completion_rate
from coursewright.media import images


class UserSerializer(serializers.ModelSerializer[User]):
    avatar = serializers.SerializerMethodField()
    community_badge = serializers.SerializerMethodField()
    deleted = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "username", "real_name", "avatar", "community_badge", "deleted"]

    def get_avatar(self, user: User) -> str | None:
        return self.context["request"].build_absolute_uri(f"/media/{user.avatar}") if user.avatar else None

    def get_community_badge(self, user: User) -> bool:
        return False

    def get_deleted(self, user: User) -> bool:
        return user.deleted_at is not None


class ImagesMixin(serializers.Serializer[Any]):
    """The addresses of a row's picture in four sizes."""

    image_bigger = serializers.SerializerMethodField()
    image_big = serializers.SerializerMethodField()
    image_medium = serializers.SerializerMethodField()
    image_small = serializers.SerializerMethodField()

    def _address(self, row: Any, size: str) -> str:
        address = images.addresses(row._meta.model_name, row.pk, row.image)[f"image_{size}"]
        return str(self.context["request"].build_absolute_uri(address))

    def get_image_bigger(self, row: Any) -> str:
        return self._address(row, "bigger")

    def get_image_big(self, row: Any) -> str:
        return self._address(row, "big")

    def get_image_medium(self, row: Any) -> str:
        return self._address(row, "medium")

    def get_image_small(self, row: Any) -> str:
        return self._address(row, "small")


class CategorySerializer(ImagesMixin, serializers.ModelSerializer[Category]):
    order = serializers.IntegerField(source="position")
    image_original = serializers.SerializerMethodField()
    emotional_image_original = serializers.SerializerMethodField()
    lastmod_datetime = serializers.DateTimeField(source="changed_at")
    tags = serializers.ReadOnlyField(default=[])
    followed = serializers.ReadOnlyField(default=False)
    auto_follow = serializers.ReadOnlyField(default="none")
    content_only_staff = serializers.ReadOnlyField(default=False)
    stream_order_by = serializers.ReadOnlyField(default="recent")
    followers_counter = serializers.ReadOnlyField(default=0)
    parents = serializers.ReadOnlyField(default=[])

    class Meta:
        model = Category
        fields = [
            "id", "order", "name", "name_synonyms", "slug", "slogan", "html_info", "seo_title", "seo_description",
            "active", "image_original", "image_bigger", "image_big", "image_medium", "image_small",
            "emotional_image_original", "emotional_image_position", "lastmod_datetime", "tags", "followed",
            "auto_follow", "content_only_staff", "stream_order_by", "followers_counter", "parents",
        ]  # fmt: skip

    def get_image_original(self, category: Category) -> str | None:
        return self._address(category, "bigger") if category.image else None

    def get_emotional_image_original(self, category: Category) -> str | None:
        if not category.emotional_image:
            return None
        address = images.addresses("category", category.pk, category.emotional_image)["image_bigger"]
        return str(self.context["request"].build_absolute_uri(address))


class LessonSerializer(serializers.ModelSerializer[Lesson]):
    completion_status = serializers.SerializerMethodField()
    locked = serializers.SerializerMethodField()

    class Meta:
        model = Lesson
        fields = ["id", "name", "type", "status", "comments_enabled", "completion_status", "locked"]

    def get_completion_status(self, lesson: Lesson) -> str:
        return str(self.context["completions"].get(lesson.pk, "uncompleted"))

    def get_locked(self, lesson: Lesson) -> bool:
        locked: bool = self.context["locked"][lesson.pk]
        return locked


class SectionOutlineSerializer(serializers.ModelSerializer[Section]):
    lessons_order = serializers.SerializerMethodField()
    available_date = serializers.SerializerMethodField()
    locked = serializers.SerializerMethodField()
    num_lessons = serializers.SerializerMethodField()
    num_lessons_completed = serializers.SerializerMethodField()
    lessons = LessonSerializer(many=True)

    class Meta:
        model = Section
        fields = [
            "id", "name", "dripped_at", "drip_delay", "lessons_order", "available_date", "locked", "num_lessons",
            "num_lessons_completed", "lessons",
        ]  # fmt: skip

    def _opened(self, section: Section) -> OpenSection:
        found: OpenSection = self.context["outline"][section.pk]
        return found

    def get_lessons_order(self, section: Section) -> list[int]:
        return [lesson.pk for lesson in section.lessons.all()]

    def get_available_date(self, section: Section) -> str | None:
        opens_at = self._opened(section).available_date
        return serializers.DateTimeField().to_representation(opens_at) if opens_at else None

    def get_locked(self, section: Section) -> bool:
        return self._opened(section).lock is not None

    def get_num_lessons(self, section: Section) -> int:
        return len(section.lessons.all())

    def get_num_lessons_completed(self, section: Section) -> int:
        completions = self.context["completions"]
        return sum(completions.get(lesson.pk) == "completed" for lesson in section.lessons.all())


class CourseSerializer(ImagesMixin, serializers.ModelSerializer[Course]):
    deleted = serializers.SerializerMethodField()
    join_status = serializers.SerializerMethodField()
    user_completion_rate = serializers.SerializerMethodField()
    created_by = UserSerializer()
    categories = CategorySerializer(many=True)
    sections_order = serializers.SerializerMethodField()
    sections = SectionOutlineSerializer(many=True)
    num_lessons = serializers.SerializerMethodField()
    num_sections = serializers.SerializerMethodField()
    num_lessons_completed = serializers.SerializerMethodField()

    class Meta:
        model = Course
        fields = [
            "id", "name", "slug", "type", "privacy", "hide_member_count", "meta_title", "meta_description", "og_title",
            "og_description", "og_image", "image_bigger", "image_big", "image_medium", "image_small", "deleted",
            "join_status", "user_completion_rate", "created_at", "created_by", "categories", "description",
            "enforce_lessons_order", "new_comment_notification_enabled", "sections_order", "sections", "num_lessons",
            "num_sections", "num_lessons_completed",
        ]  # fmt: skip

    def get_deleted(self, course: Course) -> bool:
        return course.deleted_at is not None

    def get_join_status(self, course: Course) -> str | None:
        membership = self.context["membership"]
        return membership.status if membership else None

    def get_user_completion_rate(self, course: Course) -> int:
        return completion_rate(self.get_num_lessons_completed(course), self.get_num_lessons(course))

    def get_sections_order(self, course: Course) -> list[int]:
        return [section.pk for section in course.sections.all()]

    def get_num_lessons(self, course: Course) -> int:
        return sum(len(section.lessons.all()) for section in course.sections.all())

    def get_num_sections(self, course: Course) -> int:
        return len(course.sections.all())

    def get_num_lessons_completed(self, course: Course) -> int:
        return sum(status == "completed" for status in self.context["completions"].values())


class SectionSerializer(serializers.ModelSerializer[Section]):
    lessons_order = serializers.SerializerMethodField()

    class Meta:
        model = Section
        fields = ["id", "name", "dripped_at", "drip_delay", "lessons_order"]

    def get_lessons_order(self, section: Section) -> list[int]:
        lessons = section.lessons.filter(deleted_at=None).order_by("position", "id")
        return list(lessons.values_list("id", flat=True))
