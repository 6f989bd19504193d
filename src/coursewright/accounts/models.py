"""People."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from coursewright.foundation.fields import KeyField


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def active(self) -> "models.QuerySet[User]":
        """Those who may sign in."""
        return self.filter(is_active=True, deleted_at=None)


class User(AbstractBaseUser):
    """A person with an account. Disabled: ``is_active`` is false; deleted: ``deleted_at`` is set."""

    class Role(models.TextChoices):
        NONE = "", "none"
        ADMIN = "admin", "administrator"
        MODERATOR = "moderator", "moderator"
        EDITOR = "editor", "editor"

    class Gender(models.TextChoices):
        MALE = "Male"
        FEMALE = "Female"
        UNSPECIFIED = "Unspecified"

    username = models.CharField(max_length=255)
    username_key = KeyField(editable=False)
    real_name = models.CharField(max_length=255, blank=True, default="")
    real_name_key = KeyField(editable=False, default="")
    email = models.EmailField(blank=True, default="")
    email_is_valid = models.BooleanField(default=False)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True, default=Role.NONE)
    language = models.CharField(max_length=16, default="en")
    ext_id = models.CharField(max_length=255, blank=True, default="")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    avatar = models.CharField(max_length=255, blank=True, default="", editable=False)
    cover = models.CharField(max_length=255, blank=True, default="", editable=False)
    bio = models.CharField(max_length=2000, blank=True, default="")
    location = models.CharField(max_length=255, blank=True, default="")
    location_lat_lng = models.CharField(max_length=255, blank=True, default="")
    position_lat_lng = models.CharField(max_length=255, blank=True, default="")
    date_of_birth = models.DateField(null=True, blank=True)
    description = models.CharField(max_length=2000, blank=True, default="")
    gender = models.CharField(max_length=16, choices=Gender.choices, default=Gender.UNSPECIFIED)
    website = models.CharField(max_length=2000, blank=True, default="")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["username_key"], condition=Q(deleted_at=None), name="user_username"),
        ]
        indexes = [
            models.Index(fields=["real_name_key"], name="user_real_name"),
            models.Index(Lower("email"), name="user_email"),
            # People who are in no list: to be left out, they must be found.
            models.Index(fields=["id"], condition=Q(deleted_at__isnull=False) | Q(is_active=False), name="user_gone"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        """May sign in to the admin site. This is Django's word, not the community's "staff"."""
        return self.role == self.Role.ADMIN and self.deleted_at is None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class NameEnding(models.Model):
    """One of the endings of a person's names, by which what their names contain is found along an index."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ending = KeyField()

    class Meta:
        indexes = [models.Index(fields=["ending", "user"], name="name_ending")]

    def __str__(self) -> str:
        return self.ending
