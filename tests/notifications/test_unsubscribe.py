"""The link that ends mails: /unsubscribe/{token}/"""

import pytest
from django.core import signing
from django.test import Client

from coursewright.accounts.actions import delete_user
from coursewright.notifications import mails
from coursewright.notifications.models import NotificationSettings
from tests.api.authors import nothing_changes
from tests.factories import NOW, make_user


def frequencies() -> dict[str, int]:
    return dict(NotificationSettings.objects.values_list("user__username", "qa_frequency"))


def test_it_asks_and_then_ends_them_without_signing_in() -> None:
    path = f"/unsubscribe/{mails.unsubscribe_token(make_user('leo').pk)}/"
    visitor = Client(enforce_csrf_checks=True)
    with nothing_changes():
        page = visitor.get(path)
        assert visitor.head(path).status_code == 200
    assert page.status_code == 200
    assert '<form method="post">' in page.content.decode()
    done = visitor.post(path)
    assert (done.status_code, "No more mails" in done.content.decode()) == (200, True)
    assert frequencies() == {"leo": 0}


def test_one_click_of_a_mail_program() -> None:
    path = f"/unsubscribe/{mails.unsubscribe_token(make_user('leo').pk)}/"
    answer = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, frequencies()) == (200, {"leo": 0})


@pytest.mark.parametrize("token", ["x", "1:2:3", "ä", "%00", "x" * 3000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_token(method: str, token: str) -> None:
    make_user()
    answer = Client().generic(method, f"/unsubscribe/{token}/")
    assert (answer.status_code, "This link is not valid" in answer.content.decode()) == (404, True)
    assert frequencies() == {}


def test_tokens_of_nobody() -> None:
    """Signed for something else, for a text, for nobody, for someone who is deleted."""
    leo = make_user("leo")
    gone = make_user("gone")
    delete_user(gone, at=NOW, by=None)
    tokens = [
        signing.dumps(leo.pk, salt="other"),
        signing.dumps("leo", salt=mails.SALT),
        mails.unsubscribe_token(999_999),
        mails.unsubscribe_token(2**70),
        mails.unsubscribe_token(gone.pk),
        mails.unsubscribe_token(leo.pk)[:-1],
    ]
    for token in tokens:
        assert Client().post(f"/unsubscribe/{token}/").status_code == 404
    assert frequencies() == {}


def test_other_methods() -> None:
    assert Client().put(f"/unsubscribe/{mails.unsubscribe_token(make_user().pk)}/").status_code == 405
