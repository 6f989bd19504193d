"""All pages of the admin site, gathered for the one Django app."""

from coursewright.accounts.admin import applications, people
from coursewright.comments import admin as comments
from coursewright.community import admin as community
from coursewright.courses.admin import courses, lessons, sections
from coursewright.foundation.admin import events
from coursewright.learning import admin as learning
from coursewright.media.admin import media
from coursewright.notifications import admin as notifications
from coursewright.quizzes import admin as quizzes

__all__ = [
    "applications",
    "comments",
    "community",
    "courses",
    "events",
    "learning",
    "lessons",
    "media",
    "notifications",
    "people",
    "quizzes",
    "sections",
]
