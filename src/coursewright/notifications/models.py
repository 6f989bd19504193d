"""What people are told, and how they want to hear it."""

from django.conf import settings
from django.db import models

from coursewright.comments.models import Comment
from coursewright.courses.models import Course


class Notification(models.Model):
    """One person is told of one change. ``claimed_until``: until then a job may be mailing it, and others leave it."""

    class Type(models.TextChoices):
        INVITED = "user_invited_to_join_course"
        REQUESTED = "user_requested_to_join_course"
        ACCEPTED = "user_accepted_to_join_course"
        ADDED = "user_added_to_course"
        MANAGER = "manager_added_to_course"
        COMMENTED = "user_commented_a_course_lesson"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=64, choices=Type.choices)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    is_new = models.BooleanField(default=True)
    is_mailed = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "id"], name="notification_user"),
            models.Index(fields=["user"], condition=models.Q(is_new=True), name="notification_new"),
            models.Index(fields=["user"], condition=models.Q(is_mailed=False), name="notification_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.user_id}"


class NotificationSettings(models.Model):
    """How a person wants to be told; no row: the defaults.

    ``qa_frequency``: mails about what happens, -1 at once, 1 daily, 0 never.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    qa_frequency = models.SmallIntegerField(default=-1)
    email_notification_not_qa = models.SmallIntegerField(default=1)
    mobile_notifications_scmty = models.SmallIntegerField(default=1)
    show_toast_notifications = models.SmallIntegerField(default=1)
    toast_notifications_emit_sound = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "notification settings"

    def __str__(self) -> str:
        return str(self.user_id)
