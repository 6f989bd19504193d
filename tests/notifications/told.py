"""What the tests of notifications share."""

from coursewright.accounts.models import User
from coursewright.comments.models import Comment
from coursewright.courses.models import Course
from coursewright.notifications.models import Notification
from tests.api.authors import person
from tests.api.learners import minimal_shape
from tests.client import Api


def told() -> list[tuple[str, str]]:
    """Everyone who was told of something, and of what, in the order of their names."""
    return sorted(Notification.objects.values_list("user__username", "type"))


def forget() -> None:
    """What was told so far is no matter of the test."""
    Notification.objects.all().delete()


def heard(user: User) -> list[str]:
    """What someone reads in their list, newest first."""
    return [item["aggregated"][0]["type"] for item in Api(user).get("notification/").body["results"]]


def sid(notification: Notification) -> str:
    return f"n{notification.pk}"


def notification_shape(
    notification: Notification, course: Course, join_status: str | None, comment: Comment | None = None
) -> dict[str, object]:
    """One that is new, told at NOW, as its receiver gets it."""
    beginning = {"sid": sid(notification), "is_new": True}
    lesson = comment.lesson if comment else None
    about = (
        {
            "id": comment.pk,
            "course_id": course.pk,
            "section_id": lesson.section_id,
            "lesson_id": lesson.pk,
            "lesson_name": lesson.name,
            "html": comment.html,
        }
        if comment and lesson
        else None
    )
    one = {
        "type": notification.type,
        **beginning,
        "active_at": "2026-11-23T10:00:00Z",
        "user": person(notification.actor),
        "course": minimal_shape(course, join_status=join_status, privacy=course.privacy),
    }
    return {**beginning, "aggregated": [{**one, "comment": about} if about else one]}
