"""Categories, preferences and features of the community."""

from django.db import models
from django.db.models import Q

from coursewright.foundation.fields import KeyField
from coursewright.foundation.models import Content


class Category(Content):
    """A subject that courses are filed under."""

    name = models.CharField(max_length=255)
    name_key = KeyField(editable=False)
    name_synonyms = models.CharField(max_length=2000, blank=True, default="")
    slug = models.CharField(max_length=255)
    slogan = models.CharField(max_length=2000, blank=True, default="")
    html_info = models.TextField(blank=True, default="")
    seo_title = models.CharField(max_length=2000, blank=True, default="")
    seo_description = models.CharField(max_length=2000, blank=True, default="")
    active = models.BooleanField(default=True)
    position = models.IntegerField(default=0)
    image = models.CharField(max_length=255, blank=True, default="", editable=False)
    emotional_image = models.CharField(max_length=255, blank=True, default="", editable=False)
    emotional_image_position = models.IntegerField(default=50)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "name_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], condition=Q(deleted_at=None), name="category_name"),
            models.UniqueConstraint(fields=["slug"], condition=Q(deleted_at=None), name="category_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class Preference(models.Model):
    """A value that an administrator set, in place of the default in ``community.rules``; JSON text."""

    section = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "name"], name="preference_name")]

    def __str__(self) -> str:
        return f"{self.section}.{self.name}"
