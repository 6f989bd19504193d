"""All tables, gathered for the one Django app."""

from coursewright.accounts.models import NameEnding, User
from coursewright.api.models import RateCount
from coursewright.comments.models import Comment
from coursewright.community.models import Category, Preference
from coursewright.courses.models import Course, CourseCategory, CourseWord, Lesson, Membership, Section
from coursewright.foundation.models import Event, Tally
from coursewright.learning.models import Completion
from coursewright.media.models import Media, MediaUse, Upload
from coursewright.notifications.models import Notification, NotificationSettings
from coursewright.quizzes.models import Answer, Attempt, Question

__all__ = [
    "Answer",
    "Attempt",
    "Category",
    "Comment",
    "Completion",
    "Course",
    "CourseCategory",
    "CourseWord",
    "Event",
    "Lesson",
    "Media",
    "MediaUse",
    "Membership",
    "NameEnding",
    "Notification",
    "NotificationSettings",
    "Preference",
    "Question",
    "RateCount",
    "Section",
    "Tally",
    "Upload",
    "User",
]
