"""The one Django app."""

from django.apps import AppConfig


class CoursewrightConfig(AppConfig):
    name = "coursewright"
    verbose_name = "Coursewright"
