"""What every feature's tables share, and the record of what happened."""

from django.db import models


class Content(models.Model):
    """A row that people write: it knows how often it was changed, and is deleted by a time, never by removal."""

    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One action: who did what to which object when, and what the object's values were before and after.

    ``before`` and ``after`` are JSON objects of the values that changed: a creation has only ``after``. Replaying
    the events of an object gives its row.
    """

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=64)
    course_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=32)
    object_id = models.BigIntegerField()
    before = models.TextField(default="{}")
    after = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_object"),
            models.Index(fields=["course_id", "id"], name="event_course"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Tally(models.Model):
    """A number that is kept, as counting it anew would cost too much (``foundation.tallies``)."""

    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField(default=0)
    key = models.CharField(max_length=16, default="")
    number = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "key"], name="tally")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.key}: {self.number}"
