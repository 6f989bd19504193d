"""What learners have done."""

from django.conf import settings
from django.db import models

from coursewright.courses.models import Course, Lesson


class Completion(models.Model):
    """How far someone came with a lesson: completed it, or, with a quiz, failed it so far.

    Kept when they leave, and when the lesson is unpublished or deleted; uncompleted while it is a quiz that they
    completed as a lesson.
    """

    class Status(models.TextChoices):
        COMPLETED = "completed"
        FAILED = "failed"
        UNCOMPLETED = "uncompleted"

    # The indexes below begin with the course and with the lesson; nothing asks for a person's alone.
    course = models.ForeignKey(Course, on_delete=models.CASCADE, db_index=False)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=16, choices=Status.choices)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "user"], name="completion")]
        indexes = [models.Index(fields=["course", "user", "lesson"], name="completion_course")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.lesson_id}"
