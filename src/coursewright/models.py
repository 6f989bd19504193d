"""All tables, gathered for the one Django app."""

from coursewright.accounts.models import User
from coursewright.community.models import Category, Preference
from coursewright.courses.models import Course, CourseCategory, CourseWord, Lesson, Membership, Section
from coursewright.foundation.models import Event
from coursewright.learning.models import Completion

__all__ = [
    "Category",
    "Completion",
    "Course",
    "CourseCategory",
    "CourseWord",
    "Event",
    "Lesson",
    "Membership",
    "Preference",
    "Section",
    "User",
]
