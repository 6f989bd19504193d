"""All pages of the admin site, gathered for the one Django app."""

from coursewright.accounts.admin import applications, people
from coursewright.community import admin as community
from coursewright.courses.admin import courses, lessons, sections
from coursewright.foundation.admin import events
from coursewright.learning import admin as learning

__all__ = ["applications", "community", "courses", "events", "learning", "lessons", "people", "sections"]
