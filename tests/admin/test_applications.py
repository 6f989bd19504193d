"""Applications and tokens: no secret is ever shown again, and what was given out can be taken back."""

import re

import pytest
from django.contrib.auth.hashers import check_password
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_refresh_token_model,
)

from coursewright.accounts.actions import issue_token
from coursewright.accounts.models import User
from tests.admin.browser import errors, said, send, signed_in
from tests.client import BAD_TOKEN, Api
from tests.factories import NOW, make_application, make_user

APPLICATIONS = "/admin/oauth2_provider/application/"
ACCESS, REFRESH = "/admin/oauth2_provider/accesstoken/", "/admin/oauth2_provider/refreshtoken/"
Application, AccessToken, RefreshToken = get_application_model(), get_access_token_model(), get_refresh_token_model()
SAID = re.compile(r"The client secret of “(.+)” is (\S{128}) and is shown only now\. The client ID is (\S+)")


@pytest.fixture
def boss() -> User:
    return make_user("root", role="admin")


def test_adding_an_application_says_its_secret_once(boss: User) -> None:
    client = signed_in(boss)
    values = {"name": "Reader", "client_type": "confidential", "authorization_grant_type": "password"}
    assert send(client, f"{APPLICATIONS}add/", **values).status_code == 302
    application = Application.objects.get()
    match = SAID.fullmatch(said(client.get(APPLICATIONS))[0])
    assert match is not None
    assert (match[1], match[3]) == ("Reader", application.client_id)
    assert check_password(match[2], application.client_secret)
    page = client.get(f"{APPLICATIONS}{application.pk}/change/").content.decode()
    assert (match[2] in page, application.client_secret in page, application.client_id in page) == (False, False, True)


def test_a_public_application_has_no_secret_to_say(boss: User) -> None:
    client = signed_in(boss)
    values = {"name": "Page", "client_type": "public", "authorization_grant_type": "authorization-code"}
    wrong = {"redirect_uris": ["redirect_uris cannot be empty with grant_type authorization-code"]}
    assert errors(send(client, f"{APPLICATIONS}add/", **values)) == wrong
    assert send(client, f"{APPLICATIONS}add/", **values, redirect_uris="https://app.example.org/").status_code == 302
    assert [text for text in said(client.get(APPLICATIONS)) if "secret" in text] == []


def test_a_new_secret_ends_the_old_one(boss: User) -> None:
    application = make_application(client_type="confidential", client_secret="old")
    client = signed_in(boss)
    assert send(client, f"{APPLICATIONS}{application.pk}/change/", name="Renamed").status_code == 302
    application.refresh_from_db()
    assert (application.name, check_password("old", application.client_secret)) == ("Renamed", True)
    assert send(client, f"{APPLICATIONS}{application.pk}/change/", new_secret="on").status_code == 302
    application.refresh_from_db()
    match = SAID.fullmatch(said(client.get(APPLICATIONS))[0])
    assert match is not None
    secrets = ("old", match[2])
    assert [check_password(secret, application.client_secret) for secret in secrets] == [False, True]


@pytest.mark.parametrize("grant", ["implicit", "client-credentials", "openid-hybrid"])
def test_grants_that_are_not_served(boss: User, grant: str) -> None:
    values = {"name": "Page", "client_type": "public", "authorization_grant_type": grant}
    page = send(signed_in(boss), f"{APPLICATIONS}add/", **values, redirect_uris="https://app.example.org/")
    wrong = [f"Select a valid choice. {grant} is not one of the available choices."]
    assert errors(page) == {"authorization_grant_type": wrong}


def test_an_access_token_is_revoked(boss: User) -> None:
    ann = make_user("ann")
    tokens = [issue_token(ann, days=1, application="tests") for _ in range(2)]
    first, second = AccessToken.objects.order_by("id")
    refresh = RefreshToken.objects.create(
        user=ann, application=first.application, access_token=first, token="", token_checksum="c" * 64
    )
    client = signed_in(boss)
    page = client.get(f"{ACCESS}{first.pk}/change/").content.decode()
    assert first.token_checksum not in page
    assert client.post(f"{ACCESS}{first.pk}/delete/", {"post": "yes"}).status_code == 302
    refresh.refresh_from_db()
    assert (refresh.revoked is not None, Api(token=tokens[0]).get("user/me/").body) == (True, BAD_TOKEN)
    assert Api(token=tokens[1]).get("user/me/").status == 200
    selected = {"action": "delete_selected", "post": "yes", "_selected_action": [second.pk]}
    assert client.post(ACCESS, selected).status_code == 302
    assert Api(token=tokens[1]).get("user/me/").body == BAD_TOKEN


def test_refresh_tokens_are_revoked_with_their_access_tokens(boss: User) -> None:
    ann = make_user("ann")
    token = issue_token(ann, days=1, application="tests")
    access = AccessToken.objects.get()
    refresh = RefreshToken.objects.create(
        user=ann, application=access.application, access_token=access, token="", token_checksum="c" * 64
    )
    client = signed_in(boss)
    selected = {"action": "revoke_selected", "_selected_action": [refresh.pk]}
    assert said(client.post(REFRESH, selected, follow=True)) == ["Revoked: 1."]
    refresh.refresh_from_db()
    assert (refresh.revoked is not None, Api(token=token).get("user/me/").body) == (True, BAD_TOKEN)
    assert client.get(f"{REFRESH}{refresh.pk}/delete/").status_code == 403


def test_tokens_are_neither_made_nor_changed_by_hand(boss: User) -> None:
    issue_token(boss, days=1, application="tests")
    token, client = AccessToken.objects.get(), signed_in(boss)
    answers = [client.get(f"{ACCESS}add/"), client.post(f"{ACCESS}{token.pk}/change/", {"scope": "all"})]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_tokens_of_a_person(boss: User) -> None:
    issue_token(boss, days=1, application="tests")
    issue_token(make_user("ann"), days=1, application="tests")
    page = signed_in(boss).get(f"{ACCESS}?user_id=ann")
    assert [row.user.username for row in page.context["cl"].result_list] == ["ann"]


def test_deleting_an_application_ends_its_tokens(boss: User) -> None:
    token = issue_token(boss, days=1, application="tests")
    application, client = Application.objects.get(), signed_in(boss)
    assert client.post(f"{APPLICATIONS}{application.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Api(token=token).get("user/me/").body == BAD_TOKEN


def test_an_authorization_code_is_not_shown(boss: User) -> None:
    grants = get_grant_model().objects
    grant = grants.create(user=boss, application=make_application(), code="the-code", expires=NOW, redirect_uri="")
    client = signed_in(boss)
    places = ("", f"{grant.pk}/change/")
    pages = [client.get(f"/admin/oauth2_provider/grant/{place}").content.decode() for place in places]
    assert ["the-code" in page for page in pages] == [False, False]
    assert client.post(f"/admin/oauth2_provider/grant/{grant.pk}/delete/", {"post": "yes"}).status_code == 302
    assert grants.count() == 0
