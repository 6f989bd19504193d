"""Uploaded files, previews of links, and where they are used."""

from django.conf import settings
from django.db import models


class Media(models.Model):
    class Type(models.TextChoices):
        IMAGE = "image"
        DOC = "doc"
        URL = "url"

    type = models.CharField(max_length=16, choices=Type.choices)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    title = models.CharField(max_length=255, blank=True, default="")
    description = models.CharField(max_length=2000, blank=True, default="")
    url = models.CharField(max_length=2000, blank=True, default="")
    file = models.CharField(max_length=255, blank=True, default="")
    thumbnail = models.CharField(max_length=255, blank=True, default="")
    image_width = models.PositiveIntegerField(null=True)
    image_height = models.PositiveIntegerField(null=True)
    metadata = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return self.title or self.url


class MediaUse(models.Model):
    """A place a media is shown in: a lesson or a comment, by name and id, because they stand above this room."""

    media = models.ForeignKey(Media, on_delete=models.CASCADE, related_name="uses")
    object_type = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id", "media"], name="media_use"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} {self.media_id}"


class Upload(models.Model):
    """A file that is coming in piece by piece. Its pieces lie in the storage."""

    id = models.CharField(max_length=32, primary_key=True)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    total = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="upload_expiry")]

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.total}"
