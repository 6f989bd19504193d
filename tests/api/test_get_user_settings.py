"""GET /api/v2/user/{id}/settings/"""

from tests.client import BAD_TOKEN, FORBIDDEN, NOT_AUTHENTICATED, NOT_FOUND, Api
from tests.factories import make_user

DEFAULTS = {
    "qa_frequency": -1,
    "email_notification_not_qa": 1,
    "mobile_notifications_scmty": 1,
    "show_toast_notifications": 1,
    "toast_notifications_emit_sound": 0,
}


def test_of_someone_who_changed_nothing() -> None:
    ann = make_user()
    answer = Api(ann).get(f"user/{ann.pk}/settings/")
    assert (answer.status, answer.body, answer.statements) == (200, DEFAULTS, 2)


def test_who_may_not() -> None:
    ann, root = make_user(), make_user("root", role="admin")
    path = f"user/{ann.pk}/settings/"
    assert Api(root).get(path)[:2] == (403, FORBIDDEN)
    assert Api().get(path)[:2] == (401, NOT_AUTHENTICATED)
    assert Api(token="nonsense").get(path)[:2] == (401, BAD_TOKEN)
    for id in (999_999, "undefined", "9" * 30):
        assert Api(ann).get(f"user/{id}/settings/")[:2] == (404, NOT_FOUND)
