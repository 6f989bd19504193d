"""Courses, who stands to them, sections and lessons."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coursewright.community.models import Category
from coursewright.foundation.fields import KeyField
from coursewright.foundation.models import Content


class Course(Content):
    class Type(models.TextChoices):
        SELF_PACED = "self-paced"
        STRUCTURED = "structured"
        SCHEDULED = "scheduled"

    class Privacy(models.TextChoices):
        DRAFT = "", "draft"
        OPEN = "open"
        PRIVATE = "private"
        SECRET = "secret"  # noqa: S105 - a privacy

    name = models.CharField(max_length=255)
    name_key = KeyField(editable=False)
    slug = models.CharField(max_length=255)
    description = models.CharField(max_length=2000, blank=True, default="")
    type = models.CharField(max_length=16, choices=Type.choices)
    privacy = models.CharField(max_length=16, choices=Privacy.choices, blank=True, default=Privacy.DRAFT)
    enforce_lessons_order = models.BooleanField(default=False)
    new_comment_notification_enabled = models.BooleanField(default=True)
    hide_member_count = models.BooleanField(default=False)
    meta_title = models.CharField(max_length=2000, blank=True, default="")
    meta_description = models.CharField(max_length=2000, blank=True, default="")
    og_title = models.CharField(max_length=2000, blank=True, default="")
    og_description = models.CharField(max_length=2000, blank=True, default="")
    og_image = models.CharField(max_length=2000, blank=True, default="")
    image = models.CharField(max_length=255, blank=True, default="", editable=False)
    member_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Managers and joined; kept by every change of a standing."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    categories = models.ManyToManyField(Category, through="CourseCategory", blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], condition=Q(deleted_at=None), name="course_name"),
            models.UniqueConstraint(fields=["slug"], condition=Q(deleted_at=None), name="course_slug"),
        ]
        indexes = [
            models.Index(fields=["member_count", "id"], condition=Q(deleted_at=None), name="course_members"),
            models.Index(fields=["created_at", "id"], condition=Q(deleted_at=None), name="course_created"),
            models.Index(fields=["created_by", "privacy"], condition=Q(deleted_at=None), name="course_author"),
        ]

    def __str__(self) -> str:
        return self.name


class CourseCategory(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    category = models.ForeignKey(Category, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "category"], name="course_category")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.category_id}"


class CourseWord(models.Model):
    """A word of a course's name or description, as search compares it."""

    # The index of a course's words begins with it.
    course = models.ForeignKey(Course, on_delete=models.CASCADE, db_index=False)
    word = KeyField()
    in_name = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "course"], name="course_word")]
        indexes = [models.Index(fields=["course", "word"], name="course_words")]

    def __str__(self) -> str:
        return self.word


class Membership(models.Model):
    """How a person stands to a course. Status null: not any more; what they did is kept."""

    class Status(models.TextChoices):
        CREATOR = "creator"
        MANAGER = "manager"
        JOINED = "joined"
        INVITED = "invited"
        REQUESTED = "requested"

    # The indexes below begin with these keys, so they need none of their own.
    course = models.ForeignKey(Course, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=16, choices=Status.choices, null=True)
    joined_at = models.DateTimeField(null=True, editable=False)
    last_active_at = models.DateTimeField(null=True, editable=False)
    num_completed = models.PositiveIntegerField(
        db_default=0,
        editable=False,
        help_text="Published lessons completed; kept by what completes and publishes them.",
    )
    num_attempts = models.PositiveIntegerField(
        db_default=0,
        editable=False,
        help_text="Attempts at quizzes that are there; kept by what makes and deletes them.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "user"], name="membership"),
            models.UniqueConstraint(fields=["course"], condition=Q(status="creator"), name="membership_creator"),
        ]
        indexes = [
            models.Index(fields=["course", "status", "joined_at", "user"], name="membership_status"),
            models.Index(fields=["course", "status", "last_active_at", "user"], name="membership_active"),
            models.Index(fields=["course", "status", "id"], name="membership_entry"),
            models.Index(fields=["user", "status", "course"], name="membership_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.status} {self.course_id}"


class Section(Content):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=255)
    dripped_at = models.DateTimeField(null=True, blank=True)
    drip_delay = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["course", "position"], condition=Q(deleted_at=None), name="section_order")]

    def __str__(self) -> str:
        return self.name


class Lesson(Content):
    class Type(models.TextChoices):
        LESSON = "lesson"
        QUIZ = "quiz"

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="lessons")
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=16, choices=Type.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.DRAFT)
    comments_enabled = models.BooleanField(default=True)
    html = models.TextField(blank=True, default="")
    passing_grade = models.PositiveSmallIntegerField(default=60)
    position = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["section", "position"], condition=Q(deleted_at=None), name="lesson_order"),
            models.Index(fields=["course", "status"], condition=Q(deleted_at=None), name="lesson_course"),
            models.Index(fields=["course"], condition=Q(deleted_at=None, type="quiz"), name="lesson_quiz"),
        ]

    def __str__(self) -> str:
        return self.name
