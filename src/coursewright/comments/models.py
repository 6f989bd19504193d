"""Comments on lessons: two levels."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coursewright.courses.models import Course, Lesson
from coursewright.foundation.models import Content


class Comment(Content):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    in_reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    html = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["lesson", "parent", "created_at", "id"], condition=Q(deleted_at=None), name="comment_thread"
            ),
            models.Index(fields=["parent", "id"], condition=Q(deleted_at=None), name="comment_replies"),
            models.Index(fields=["course", "lesson", "id"], condition=Q(deleted_at=None), name="comment_course"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"
