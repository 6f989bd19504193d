"""``coursewright user add``, ``password`` and ``link``."""

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from pytest_django.fixtures import Settings

from coursewright.accounts.actions import issue_token
from coursewright.accounts.models import User
from coursewright.foundation.models import Event
from tests.cli.commands import refused, run
from tests.client import Api
from tests.factories import NOW, make_user

PASSWORD = "correct horse battery"
OLD = "a staple of horses"


def test_the_id_is_printed_bare() -> None:
    done = run("user", "add", "ann")
    ann = User.objects.get()
    assert done == (0, f"{ann.pk}\n", "")
    assert (ann.username, ann.email, ann.real_name, ann.role, ann.date_joined) == ("ann", "", "", "", NOW)


def test_without_a_password_none_opens_the_account() -> None:
    run("user", "add", "ann")
    assert not User.objects.get().has_usable_password()


def test_everything_that_can_be_said() -> None:
    words = ["--email", "ann@example.org", "--password", PASSWORD, "--real-name", "Ann Ö. Öne", "--role", "editor"]
    assert run("user", "add", "ann", *words).status == 0
    ann = User.objects.get()
    assert (ann.email, ann.real_name, ann.role) == ("ann@example.org", "Ann Ö. Öne", "editor")
    assert check_password(PASSWORD, ann.password)


def test_a_name_that_is_taken_whatever_its_case() -> None:
    make_user("ann")
    assert run("user", "add", "ANN") == refused("A user with this username already exists.")


def test_a_name_that_is_not_good() -> None:
    sentence = "A username is a printable line of up to 255 characters without slashes."
    assert run("user", "add", "a/b") == refused(sentence)


def test_a_name_with_a_blank_in_it() -> None:
    """The admin site takes it too, and those at the ends are cut off there."""
    assert run("user", "add", "x y").status == 0
    assert run("user", "add", " x").status == 1


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("12", "This password is too short. It must contain at least 8 characters. This password is too common."),
        ("", "This password is too short. It must contain at least 8 characters."),
        ("password", "This password is too common."),
        ("annmiller", "The password is too similar to the username."),
        ("miller@example", "The password is too similar to the email."),
        ("Ludmilla Vogel", "The password is too similar to the real name."),
    ],
)
def test_a_password_that_is_not_good(password: str, sentence: str) -> None:
    words = ["--email", "miller@example.org", "--real-name", "Ludmilla Vogel", "--password", password]
    assert run("user", "add", "annmiller", *words) == refused(sentence)
    assert not User.objects.exists()


def test_an_email_that_is_none() -> None:
    assert run("user", "add", "ann", "--email", "nowhere") == refused("'nowhere' is not an email address.")


@pytest.mark.parametrize("words", [["x" * 256], ["ann", "--real-name", "x" * 256], ["ann", "--real-name", "a\nb"]])
def test_texts_that_are_no_names(words: list[str]) -> None:
    assert run("user", "add", *words).status == 2
    assert not User.objects.exists()


def test_an_unknown_role() -> None:
    assert run("user", "add", "ann", "--role", "king").status == 2


def test_another_password() -> None:
    ann = make_user("ann", password=OLD)
    token = issue_token(ann, days=1, application="tests")
    assert Api(token=token).get("user/me/").status == 200
    assert run("user", "password", "ANN", "--password", PASSWORD) == (0, "", "")
    ann.refresh_from_db()
    assert check_password(PASSWORD, ann.password)
    assert Api(token=token).get("user/me/").status == 401
    event = Event.objects.get(kind="user.password_changed")
    assert (event.object_id, event.actor_id) == (ann.pk, None)


def test_another_password_is_asked_for_twice_and_not_shown() -> None:
    ann = make_user("ann", password=OLD)
    done = run("user", "password", "ann", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (done.status, PASSWORD in done.output + done.errors) == (0, False)
    ann.refresh_from_db()
    assert check_password(PASSWORD, ann.password)


def test_another_password_for_whom_there_is_not() -> None:
    assert run("user", "password", "bob", "--password", PASSWORD) == refused("There is no user 'bob'.")


def test_another_password_that_is_not_good() -> None:
    ann = make_user("ann", password=OLD)
    sentence = "This password is too short. It must contain at least 8 characters."
    assert run("user", "password", "ann", "--password", "Xy7/") == refused(sentence)
    ann.refresh_from_db()
    assert check_password(OLD, ann.password)


def test_a_link_to_choose_a_password(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://learn.example.org"
    ann = make_user("ann")
    done = run("user", "link", "ANN")
    assert (done.status, done.errors) == (0, "")
    address = done.output.removesuffix("\n").removeprefix("https://learn.example.org")
    browser = Client()
    form = browser.get(address)["Location"]
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert browser.post(form, chosen)["Location"] == "/password/changed/"
    ann.refresh_from_db()
    assert check_password(PASSWORD, ann.password)


def test_a_link_for_whom_there_is_not() -> None:
    assert run("user", "link", "bob") == refused("There is no user 'bob'.")
