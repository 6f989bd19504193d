"""Who was told of what, and how people want to be told: only looked at."""

import pytest

from coursewright.accounts.models import User
from coursewright.comments.models import Comment
from coursewright.notifications.actions import change_settings
from coursewright.notifications.models import Notification, NotificationSettings
from tests.admin.browser import signed_in
from tests.api.threads import make_comment, make_learner, make_place
from tests.factories import make_user

NOTIFICATIONS = "/admin/coursewright/notification/"
SETTINGS = "/admin/coursewright/notificationsettings/"


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


@pytest.fixture
def comment(boss: User) -> Comment:
    """Of leo, who was added to the course of ann; both were told."""
    lesson = make_place()
    return make_comment(lesson, make_learner(lesson.course))


def test_a_notification(boss: User, comment: Comment) -> None:
    ann, leo, row = comment.course.created_by, comment.created_by, Notification.objects.get(comment=comment)
    page = signed_in(boss).get(f"{NOTIFICATIONS}{row.pk}/change/").content.decode()
    parts = (
        f'<a href="/admin/coursewright/user/{ann.pk}/change/">ann</a>',
        f'<a href="/admin/coursewright/user/{leo.pk}/change/">leo</a>',
        f'<a href="/admin/coursewright/comment/{comment.pk}/change/">comment {comment.pk}</a>',
        f'<a href="/admin/coursewright/course/{comment.course_id}/change/">Maths</a>',
    )
    assert [part for part in parts if part not in page] == []


def test_finding_notifications(boss: User, comment: Comment) -> None:
    client = signed_in(boss)

    def found(query: str) -> list[tuple[str, str]]:
        page = client.get(f"{NOTIFICATIONS}?{query}")
        return [(row.user.username, row.type) for row in page.context["cl"].result_list]

    told = [("ann", "user_commented_a_course_lesson"), ("leo", "user_added_to_course")]
    assert found("") == found(f"course_id={comment.course_id}") == found("is_new__exact=1") == told
    assert found("user_id=LEO") == found("type__exact=user_added_to_course") == told[1:]
    assert found("user_id=root") == found("is_new__exact=0") == []


def test_settings_of_a_person(boss: User, comment: Comment) -> None:
    leo, client = comment.created_by, signed_in(boss)
    assert list(client.get(f"{SETTINGS}?user_id=leo").context["cl"].result_list) == []
    change_settings(leo.pk, {"qa_frequency": 0})
    row = NotificationSettings.objects.get()
    for query, rows in (("user_id=leo", [row]), ("qa_frequency__exact=0", [row]), ("user_id=ann", [])):
        assert list(client.get(f"{SETTINGS}?{query}").context["cl"].result_list) == rows
    page = client.get(f"{SETTINGS}{leo.pk}/change/").content.decode()
    assert page.count(f'<a href="/admin/coursewright/user/{leo.pk}/change/">leo</a>') == 1


def test_they_are_only_looked_at(boss: User, comment: Comment) -> None:
    change_settings(boss.pk, {"qa_frequency": 0})
    row, client = Notification.objects.get(comment=comment), signed_in(boss)
    for place, id in ((NOTIFICATIONS, row.pk), (SETTINGS, boss.pk)):
        for page in ("add/", f"{id}/change/", f"{id}/delete/"):
            answer = client.post(place + page, {"qa_frequency": "1", "is_new": "", "post": "yes"})
            assert (page, answer.status_code) == (page, 403)
    assert Notification.objects.get(pk=row.pk).is_new is True
    assert NotificationSettings.objects.get().qa_frequency == 0


def test_not_for_others(comment: Comment) -> None:
    row, client = Notification.objects.get(comment=comment), signed_in(comment.course.created_by)
    for path in (NOTIFICATIONS, f"{NOTIFICATIONS}{row.pk}/change/", SETTINGS):
        assert client.get(path)["Location"] == f"/admin/login/?next={path}"
