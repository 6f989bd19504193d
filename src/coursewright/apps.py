"""The one Django app, and the admin site it brings."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CoursewrightConfig(AppConfig):
    name = "coursewright"
    verbose_name = "Coursewright"


class CoursewrightAdminConfig(AdminConfig):
    default_site = "coursewright.foundation.admin.site.Site"
