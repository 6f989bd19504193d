"""Comments on lessons: two levels."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coursewright.courses.models import Course, Lesson
from coursewright.foundation.models import Content


class Comment(Content):
    # Comments are found by the indexes below, never by one of these keys alone.
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+", db_index=False)
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="comments", db_index=False)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies", db_index=False)
    in_reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    html = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    num_replies = models.PositiveIntegerField(
        default=0, editable=False, help_text="Kept by what writes and deletes replies."
    )
    latest_reply = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["lesson", "created_at", "id"], condition=Q(deleted_at=None, parent=None), name="comment_first"
            ),
            models.Index(fields=["parent", "created_at", "id"], condition=Q(deleted_at=None), name="comment_reply"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"
