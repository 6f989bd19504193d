"""Pages where people choose a password: signed in, or by a link from a mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from coursewright.accounts import mails, pages
from coursewright.accounts.actions import delete_user, issue_token
from coursewright.accounts.models import User
from coursewright.environment import Rate, mails_are_sent
from coursewright.foundation.errors import PermissionDenied
from coursewright.foundation.models import Event
from tests.client import Api
from tests.factories import NOW, make_user
from tests.notifications.outbox import make_due, run_jobs

OLD, NEW = "correct horse", "a battery of staples"
SENT = "If there is such an account, a mail with a link is on its way to it. Look into your mailbox."
NOT_VALID = "This link is not valid. It works once, for a day; ask for another."


@pytest.fixture
def ann() -> User:
    return make_user("ann", password=OLD, email="ann@example.org", real_name="Ann\nMiller")


@pytest.fixture(autouse=True)
def _mails_are_sent(settings: Settings) -> None:
    settings.MAILS_ARE_SENT = True


def text(response: Any) -> str:
    """The words of a page, without its head."""
    body = re.sub(r"(?s)^.*<main[^>]*>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def has_password(person: User, password: str) -> bool:
    person.refresh_from_db()
    return check_password(password, person.password)


def chosen(password: str = NEW, again: str | None = None, **more: str) -> dict[str, str]:
    return {"new_password1": password, "new_password2": password if again is None else again, **more}


# Signed in.


def test_another_password(ann: User) -> None:
    browser, other = Client(), Client()
    browser.force_login(ann)
    other.force_login(ann)
    token = issue_token(ann, days=1, application="tests")
    page = browser.get("/password/")
    assert re.findall(r'type="password" name="(\w+)"', page.content.decode()) == [
        "old_password",
        "new_password1",
        "new_password2",
    ]
    answer = browser.post("/password/", chosen(old_password=OLD))
    assert (answer.status_code, answer["Location"], has_password(ann, NEW)) == (302, "/password/changed/", True)
    assert text(browser.get("/password/changed/")) == "You have a new password Use it from now on."
    assert '<a href="/sign-in/">' in other.get("/password/changed/").content.decode()
    assert "ann" in browser.get("/").content.decode()  # still signed in; everywhere else not any more
    assert "ann" not in other.get("/").content.decode()
    assert Api(token=token).get("user/me/").status == 401
    event = Event.objects.get(kind="user.password_changed")
    assert (event.object_id, event.actor_id) == (ann.pk, ann.pk)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (chosen(old_password="wrong"), "Your old password was entered incorrectly."),
        (chosen(old_password=OLD, again="another"), "The two password fields didn’t match."),  # noqa: RUF001 - the library's
        (chosen("password", old_password=OLD), "This password is too common."),
        (chosen("Ann Miller 1", old_password=OLD), "The password is too similar to the real name."),
        (chosen(), "This field is required."),
    ],
)
def test_no_other_password(ann: User, form: dict[str, str], problem: str) -> None:
    browser = Client()
    browser.force_login(ann)
    answer = browser.post("/password/", form)
    assert (answer.status_code, problem in text(answer), has_password(ann, OLD)) == (200, True, True)
    assert not Event.objects.filter(kind="user.password_changed").exists()


def test_who_is_not_signed_in_does_so_first() -> None:
    assert Client().get("/password/")["Location"] == "/sign-in/?next=/password/"
    assert Client().get("/.well-known/change-password")["Location"] == "/password/"


def test_the_old_one_cannot_be_guessed(ann: User, settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": Rate(2, 86400)}
    browser = Client()
    browser.force_login(ann)
    assert [browser.post("/password/", chosen(old_password="x")).status_code for _ in range(2)] == [200, 200]
    answer = browser.post("/password/", chosen(old_password=OLD))
    assert (answer.status_code, has_password(ann, OLD)) == (429, True)
    assert f"Too many attempts. Wait {answer['Retry-After']} seconds and try again." in text(answer)


def test_two_who_choose_at_once(ann: User) -> None:
    """What the second knew, the old password or the link, is over by then."""
    forms = [pages.ChooseForm(User.objects.get(pk=ann.pk), chosen(word)) for word in (NEW, "yet another one")]
    assert [form.is_valid() for form in forms] == [True, True]
    forms[0].save()
    with pytest.raises(PermissionDenied, match="changed meanwhile"):
        forms[1].save()
    assert has_password(ann, NEW)


# By a link.


def ask(who: str) -> Any:
    answer = Client().post("/password/forgot/", {"who": who})
    run_jobs()
    return answer


def link(place: int = -1) -> str:
    """The path of the link in a mail that was sent."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(mail.outbox[place].body))
    assert found
    return found[1]


@pytest.mark.parametrize("who", ["ann", "ANN", "ann@example.org", "Ann@Example.ORG", " ann "])
def test_a_link_is_mailed(ann: User, who: str) -> None:
    assert (text(ask(who)).endswith(SENT), len(mail.outbox)) == (True, 1)
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["ann@example.org"], "Choose a new password")
    assert str(message.body) == (
        "Hello Ann Miller,\n\n"
        "With this link you choose a new password for your account “ann”. It works once, for a day:\n"
        f"http://127.0.0.1:8000{link()}\n\n"
        "Somebody asked for it on our page. If that was not you, you need not do anything.\n"
    )


def test_the_link_lets_choose_a_password_once(ann: User) -> None:
    ask("ann")
    browser = Client()
    form = browser.get(link())["Location"]
    assert re.fullmatch(r"/password/\w+/", form)  # what is in an address may be passed on
    assert re.findall(r'type="password" name="(\w+)"', browser.get(form).content.decode()) == [
        "new_password1",
        "new_password2",
    ]
    assert "This password is too common." in text(browser.post(form, chosen("password")))
    answer = browser.post(form, chosen())
    assert (answer.status_code, answer["Location"], has_password(ann, NEW)) == (302, "/password/changed/", True)
    event = Event.objects.get(kind="user.password_changed")
    assert (event.object_id, event.actor_id) == (ann.pk, ann.pk)
    for path in (link(), form):
        again = browser.get(path)
        assert (again.status_code, text(again)) == (404, f"Choose a new password {NOT_VALID}")
    assert browser.post(form, chosen("yet another one")).status_code == 404
    assert has_password(ann, NEW)


def test_the_link_is_good_for_a_day(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mails.password_link(ann).removeprefix("http://127.0.0.1:8000")
    later = timezone.now().replace(tzinfo=None) + timedelta(days=1, seconds=90)
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "1/?token=x",
        "MQ/?token=x-y",
        "MQ/?token=",
        "MQ/?token=set-password",
        "MQ/",
        "~/",
        f"{'9' * 400}/",
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/",
    ],
)
def test_links_that_are_none(ann: User, path: str) -> None:
    answer = Client().get(f"/password/{path}")
    assert (answer.status_code, text(answer)) == (404, f"Choose a new password {NOT_VALID}")


def test_who_may_not_sign_in_has_no_link(ann: User) -> None:
    bob = make_user("bob", password=OLD, email="bob@example.org")
    links = [mails.password_link(person).removeprefix("http://127.0.0.1:8000") for person in (ann, bob)]
    delete_user(ann, at=NOW, by=None)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert [Client().get(path).status_code for path in links] == [404, 404]
    for who in ("ann", "bob", "bob@example.org"):
        assert text(ask(who)).endswith(SENT)
    assert mail.outbox == []


def test_nobody_is_told_who_there_is(ann: User) -> None:
    make_user("cleo", password=OLD)  # without an address
    make_user("dora", email="dora@example.org")  # who never had a password: she signs in elsewhere
    pages = {text(ask(who)) for who in ("ann", "nobody", "nobody@example.org", "cleo", "dora")}
    assert (len(pages), [message.to for message in mail.outbox]) == (1, [["ann@example.org"]])
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
    assert DBTaskResult.objects.count() == 6


def test_all_accounts_of_one_address(ann: User) -> None:
    make_user("ben", password=OLD, email="ann@example.org", language="de-AT")
    ask("ann@example.org")
    assert [message.subject for message in mail.outbox] == ["Choose a new password", "Neues Passwort wählen"]


def test_a_mail_that_is_refused_is_tried_again(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """That one alone: the others have theirs, once."""
    ben = make_user("ben", password=OLD, email="ann@example.org", language="de")
    make_user("cleo", password=OLD, email="ann@example.org", language="fr")
    refused = [ben.language, ben.language]
    send = EmailBackend.send_messages

    def refuse(backend: EmailBackend, messages: list[EmailMessage]) -> int:
        if refused and messages[0].subject == mails.WORDS[refused[0]]["subject"]:
            refused.pop()
            raise ConnectionRefusedError
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    ask("ann@example.org")
    for _ in range(3):
        make_due()
        run_jobs()
    assert [message.subject for message in mail.outbox] == [
        "Choose a new password",
        "Choisir un nouveau mot de passe",
        "Neues Passwort wählen",
    ]


def test_one_mail_in_five_minutes(ann: User) -> None:
    for who in ("ann", "ann@example.org", "ann"):
        assert text(ask(who)).endswith(SENT)
    assert len(mail.outbox) == 1


def test_too_many_that_are_asked_for(ann: User, settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": Rate(2, 86400)}
    assert [ask(f"user{place}").status_code for place in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("who", ["", " ", "x" * 256, "a\0b"])
def test_texts_that_are_nobody(who: str) -> None:
    answer = ask(who)
    assert (answer.status_code, SENT in text(answer), DBTaskResult.objects.count()) == (200, False, 0)


def test_every_language_says_everything() -> None:
    assert [set(words) for words in mails.WORDS.values()] == [{"subject", "hello", "what", "why"}] * 5
    assert all("{username}" in words["what"] for words in mails.WORDS.values())


def test_the_sign_in_page_leads_there(settings: Settings) -> None:
    assert '<a href="/password/forgot/">' in Client().get("/sign-in/").content.decode()
    settings.MAILS_ARE_SENT = False
    assert "/password/forgot/" not in Client().get("/sign-in/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_server_that_only_logs_mails_does_not_log_a_link(ann: User, settings: Settings, method: str) -> None:
    settings.MAILS_ARE_SENT = False
    answer = getattr(Client(), method)("/password/forgot/", {"who": "ann"})
    assert (answer.status_code, DBTaskResult.objects.count()) == (404, 0)
    assert "This server sends no mails." in text(answer)


@pytest.mark.parametrize(
    ("url", "sent"),
    [("", False), ("consolemail://", False), ("filemail://", False), ("smtp://host", True), ("smtp+tls://host", True)],
)
def test_mails_that_reach_a_person(monkeypatch: pytest.MonkeyPatch, url: str, sent: bool) -> None:
    monkeypatch.setenv("COURSEWRIGHT_EMAIL_URL", url)
    assert mails_are_sent() == sent
