"""``coursewright oauth-app add``."""

import json

import pytest
from django.contrib.auth.hashers import check_password
from oauth2_provider.models import get_application_model

from tests.cli.commands import refused, run
from tests.client import Api
from tests.factories import make_user

REDIRECT = "https://app.example.org/back"


def test_one_for_passwords_works_with_what_is_printed() -> None:
    make_user("ann", password="secret")
    done = run("oauth-app", "add", "Phone", "--grant", "password")
    printed = json.loads(done.output)
    assert (done.status, sorted(printed), done.errors) == (0, ["client_id", "client_secret"], "")
    form = {"grant_type": "password", "username": "ann", "password": "secret", **printed}
    answer = Api().form("POST", "/oauth/token/", **form)
    assert (answer.status, answer.body["expires_in"]) == (200, 36000)


def test_the_secret_is_stored_hashed() -> None:
    printed = json.loads(run("oauth-app", "add", "Phone", "--grant", "password").output)
    stored = get_application_model().objects.get(client_id=printed["client_id"]).client_secret
    assert printed["client_secret"] != stored
    assert check_password(printed["client_secret"], stored)


def test_a_public_one_has_no_secret() -> None:
    words = ["--grant", "authorization-code", "--public", "--redirect-uri", REDIRECT, "--redirect-uri", "http://[::1]/"]
    printed = json.loads(run("oauth-app", "add", "Page", *words).output)
    stored = get_application_model().objects.get()
    assert printed == {"client_id": stored.client_id, "client_secret": None}
    assert (stored.name, stored.client_type, stored.authorization_grant_type, stored.redirect_uris) == (
        "Page",
        "public",
        "authorization-code",
        f"{REDIRECT} http://[::1]/",
    )


@pytest.mark.parametrize("words", [[], ["--redirect-uri", ""], ["--public", "--redirect-uri", " "]])
def test_a_code_needs_somewhere_to_go(words: list[str]) -> None:
    done = run("oauth-app", "add", "Page", "--grant", "authorization-code", *words)
    assert done == refused("The grant authorization-code needs a --redirect-uri.")


@pytest.mark.parametrize(
    "uri", ["foo", "javascript:alert(1)", "https:/app.example.org", "https://", f"{REDIRECT}#top", "https://[x"]
)
@pytest.mark.parametrize("grant", ["authorization-code", "password"])
def test_an_address_that_is_none(uri: str, grant: str) -> None:
    done = run("oauth-app", "add", "Page", "--grant", grant, "--redirect-uri", REDIRECT, "--redirect-uri", uri)
    reason = "is not an http or https address without a fragment, like https://app.example.org/back."
    assert done == refused(f"--redirect-uri {uri!r} {reason}")
    assert not get_application_model().objects.exists()


def test_an_unknown_grant() -> None:
    assert run("oauth-app", "add", "Page", "--grant", "implicit").status == 2
