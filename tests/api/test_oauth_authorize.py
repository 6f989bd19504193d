"""GET and POST /oauth/authorize/: signing in, consenting, and from the code to a token."""

import base64
import hashlib
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_grant_model

from coursewright.accounts.models import User
from coursewright.accounts.sign_in import Validator
from tests.client import BAD_TOKEN, Answer, Api
from tests.factories import make_application, make_user

PATH = "/oauth/authorize/"
BACK = "https://app.example.org/back"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-4711"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "web",
    "response_type": "code",
    "redirect_uri": BACK,
    "state": "xyz & <b>",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
SPENT = {"error": "invalid_grant"}
MEANWHILE = "The code or the token has ended meanwhile."


@pytest.fixture
def ann() -> User:
    make_application(
        name="Study <app>", client_id="web", authorization_grant_type="authorization-code", redirect_uris=BACK
    )
    return make_user(password="correct horse")


@pytest.fixture
def browser(ann: User) -> Client:
    """A browser in which ann is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(ann)
    return client


def address(**changes: str | None) -> str:
    return f"{PATH}?{urlencode({name: text for name, text in {**ASKED, **changes}.items() if text is not None})}"


def inputs(page: str) -> dict[str, str]:
    """The values of the page's form, without the buttons."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found


@pytest.fixture
def in_house(ann: User) -> None:
    """An application with a secret, of the house: nobody is asked to consent."""
    make_application(
        client_id="house",
        client_type="confidential",
        client_secret="between us",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
        skip_authorization=True,
    )


def consent(client: Client, **changes: str | None) -> dict[str, str]:
    """Opens the page, agrees, and answers what the application gets to know."""
    url = address(**changes)
    fields = inputs(client.get(url).content.decode())
    return led_back(client.post(url, {**fields, "allow": "true"}))


def led_back(response: Any) -> dict[str, str]:
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == BACK
    return dict(parse_qsl(target.query))


def make_code(user: User) -> str:
    """A code that the person has consented to give to an application ``web``, made for it."""
    application = make_application(client_id="web", authorization_grant_type="authorization-code", redirect_uris=BACK)
    get_grant_model().objects.create(
        user=user,
        application=application,
        code="code",
        expires=timezone.now() + timedelta(minutes=1),
        redirect_uri=BACK,
        scope="read write",
        code_challenge=CHALLENGE,
        code_challenge_method="S256",
    )
    return "code"


def refreshed(token: str) -> Answer:
    return Api().form("POST", "/oauth/token/", client_id="web", refresh_token=token, grant_type="refresh_token")


def exchange(code: str, **changes: str) -> Answer:
    fields = {
        "client_id": "web",
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "code": code,
    }
    return Api().form("POST", "/oauth/token/", **{**fields, **changes})


def test_from_sign_in_to_token(ann: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    to_sign_in = browser.get(address())
    assert (to_sign_in.status_code, to_sign_in["Location"]) == (
        302,
        f"/sign-in/?{urlencode({'next': address()}, safe='/')}",
    )
    fields = inputs(browser.get(to_sign_in["Location"]).content.decode())
    assert sorted(fields) == ["csrfmiddlewaretoken", "next", "password", "username"]
    signed_in = browser.post("/sign-in/", {**fields, "username": "Ann", "password": "correct horse"})
    assert (signed_in.status_code, signed_in["Location"]) == (302, address())
    page = browser.get(address()).content.decode()
    assert '<button type="submit" name="allow" value="true">Authorize</button>' in page
    answer = led_back(browser.post(address(), {**inputs(page), "allow": "true"}))
    code = answer.pop("code")
    assert answer == {"state": "xyz & <b>", "iss": "http://testserver"}
    token = exchange(code)
    access, refreshing = token.body.pop("access_token"), token.body.pop("refresh_token")
    assert (token.status, token.body) == (200, {"expires_in": 36000, "token_type": "Bearer", "scope": "read write"})
    assert (Api(token=access).get("user/me/").body["id"], bool(refreshing)) == (ann.pk, True)


def test_the_page_says_who_and_what(browser: Client) -> None:
    response = browser.get(address())
    page = response.content.decode()
    for text in (
        "<q>Study &lt;app&gt;</q> asks for access",
        "<li>See your courses and progress</li><li>Act in your name</li>",
        "You are signed in as <strong>ann</strong>.",
        f'<a href="/sign-in/?next={urlencode({"": address()})[1:]}">Not you?</a>',
        '<button type="submit" class="quiet">Cancel</button>',
        f"<code>{BACK}</code>",
    ):
        assert text in page
    assert (response.status_code, "<script" in page, "style=" in page) == (200, False, False)


def test_scope_that_is_asked_for(browser: Client) -> None:
    page = browser.get(address(scope="read")).content.decode()
    assert "<li>See your courses and progress</li>\n" in page
    assert exchange(consent(browser, scope="read")["code"]).body["scope"] == "read"


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        (BACK, "https://app.example.org"),
        ("https://app.example.org:8443/back", "https://app.example.org:8443"),
        ("http://127.0.0.1:9999/back", "http://127.0.0.1:9999"),
        ("http://[::1]:9999/back", "http:"),
    ],
)
def test_content_policy_lets_the_form_go_back_to_the_application(browser: Client, uri: str, source: str) -> None:
    make_application(
        client_id="other",
        authorization_grant_type="authorization-code",
        redirect_uris=f"{BACK} https://app.example.org:8443/back http://127.0.0.1/back http://[::1]/back",
    )
    policy = browser.get(address(client_id="other", redirect_uri=uri))["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "default-src 'self'",
        f"form-action 'self' {source}",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


@pytest.mark.parametrize("uri", ["http://127.0.0.1:99999/cb", "http://127.0.0.1:abc/cb", "http://127.0.0.1:-1/cb", ""])
def test_a_redirect_uri_that_is_none(browser: Client, uri: str) -> None:
    """Where the application has several, an empty one names none; a port may be any that there is."""
    make_application(
        client_id="other",
        authorization_grant_type="authorization-code",
        redirect_uris="http://127.0.0.1/cb http://127.0.0.1/other",
    )
    asked = address(client_id="other", redirect_uri=uri)
    assert browser.get(asked).status_code == 400
    assert Client().get("/sign-in/", {"next": asked}).status_code == 200


@pytest.mark.parametrize("prompt", ["auto", "force", "auto_force", ""])
def test_consent_is_asked_each_time(browser: Client, prompt: str) -> None:
    """The library would let ``auto`` skip it for whoever has a token of the application."""
    token = exchange(consent(browser)["code"]).body["access_token"]
    assert Api(token=token).get("user/me/").status == 200
    response = browser.get(address(approval_prompt=prompt))
    assert (response.status_code, ">Authorize</button>" in response.content.decode()) == (200, True)
    assert get_grant_model().objects.count() == 0


@pytest.mark.usefixtures("in_house")
def test_consent_is_not_asked_for_an_application_of_the_house(browser: Client) -> None:
    answer = led_back(browser.get(address(client_id="house", approval_prompt="force")))
    assert (sorted(answer), answer["state"]) == (["code", "iss", "state"], "xyz & <b>")


def test_parameters_that_there_are_not(browser: Client) -> None:
    """Also where the library's own request has something of that name."""
    url = address(**dict.fromkeys(["scopes", "user", "client", "extra_credentials", "ä"], "x"))
    fields = inputs(browser.get(url).content.decode())
    assert sorted(led_back(browser.post(url, {**fields, "allow": "true"}))) == ["code", "iss", "state"]


def test_cancel(browser: Client) -> None:
    fields = inputs(browser.get(address()).content.decode())
    assert led_back(browser.post(address(), fields)) == {"error": "access_denied", "state": "xyz & <b>"}


def test_switching_person(browser: Client) -> None:
    bob = make_user("bob", password="battery staple")
    browser.post("/sign-in/", {"username": "bob", "password": "battery staple", "next": address()})
    token = exchange(consent(browser)["code"]).body["access_token"]
    assert Api(token=token).get("user/me/").body["id"] == bob.pk


def test_disabled_while_signed_in(browser: Client) -> None:
    User.objects.update(is_active=False)
    assert urlsplit(browser.get(address())["Location"]).path == "/sign-in/"


def test_form_from_another_site(ann: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ann)
    response = browser.post(address(), {**ASKED, "scope": "read write", "allow": "true"})
    assert (response.status_code, "This page is too old" in response.content.decode()) == (403, True)


# Requests that are refused: by a page when nobody can be trusted, else by leading back to the application.


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://app.example.org/back?more=1"},
        {"redirect_uri": "https://app.example.org@evil.example/back"},
        {"redirect_uri": "http://["},
        {"redirect_uri": "https://app.example.org:99999999/back"},
        {"redirect_uri": "javascript:alert(1)"},
        {"state": "a\0b"},
        {"client_id": "we\0b"},
        {"code_challenge": "\0" * 43},
        {"resource": "http://[::1"},
        {"resource": "https://api.example.org http://[::1"},
    ],
)
def test_refused_by_a_page(browser: Client, changes: dict[str, str | None]) -> None:
    response = browser.get(address(**changes))
    page = response.content.decode()
    assert (response.status_code, "This request cannot be granted" in page, "<form" in page) == (400, True, False)
    assert "form-action 'self';" in response["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("query", ["client_id=%zz", "client_id=web&client_id=web", "", "%", "a=1&" * 900])
def test_queries_that_cannot_be_read(browser: Client, query: str) -> None:
    assert browser.get(f"{PATH}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unauthorized_client"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "x" * 129}, "invalid_request"),
        ({"code_challenge": "ä" * 43}, "invalid_request"),
    ],
)
def test_refused_to_the_application(browser: Client, changes: dict[str, str | None], error: str) -> None:
    answer = led_back(browser.get(address(**changes)))
    assert (answer["error"], answer["state"], sorted(set(answer) - {"error_description"})) == (
        error,
        "xyz & <b>",
        ["error", "state"],
    )


LONG_NONCE = "A nonce has at most 255 characters."
BAD_CHALLENGE = 'Send a code_challenge made with "S256".'


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize("client", ["web", "house"])
@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"nonce": "x" * 256}, LONG_NONCE),
        ({"code_challenge": None, "code_challenge_method": "x" * 11}, BAD_CHALLENGE),
        ({"code_challenge": None, "code_challenge_method": "S256"}, BAD_CHALLENGE),
        ({"code_challenge": "x" * 129}, BAD_CHALLENGE),
    ],
)
def test_what_is_too_long_to_be_kept(
    browser: Client, client: str, changes: dict[str, str | None], description: str
) -> None:
    """Whether the person is asked or not, and whether the address says it or, against the form, it alone."""
    expected = {"error": "invalid_request", "error_description": description, "state": "xyz & <b>"}
    assert led_back(browser.get(address(client_id=client, **changes))) == expected
    fields = inputs(browser.get(address()).content.decode())
    form = {**fields, "client_id": client, "code_challenge": "", "code_challenge_method": "", "allow": "true"}
    answer = led_back(browser.post(address(client_id=client, **changes), form))
    assert answer == {**expected, "iss": "http://testserver"}
    assert get_grant_model().objects.count() == 0


@pytest.mark.usefixtures("in_house")
@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "x" * 255},
        {"state": "x" * 5000},
        {"scope": "read " * 1000},
        {"claims": "x" * 5000},
        {"resource": f"https://api.example.org/{'x' * 5000}"},
        {"display": "x" * 5000, "code": "x" * 5000, "id_token_hint": "x" * 5000},
    ],
)
def test_what_may_be_long(browser: Client, changes: dict[str, str | None]) -> None:
    answer = led_back(browser.get(address(client_id="house", **changes)))
    assert (sorted(answer), answer["state"]) == (["code", "iss", "state"], changes.get("state", "xyz & <b>"))


def test_implicit_grant_of_an_application_that_is_registered_for_it(browser: Client) -> None:
    make_application(client_id="old", authorization_grant_type="implicit", redirect_uris=BACK)
    assert led_back(browser.get(address(client_id="old", response_type="token")))["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "tampered",
    [
        {"client_id": "unknown"},
        {"client_id": "we\0b"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "http://["},
        {"nonce": "x" * 256},
        {"resource": "http://[::1"},
        {"response_type": ""},
    ],
)
@pytest.mark.parametrize("choice", [{"allow": "true"}, {}])
def test_tampered_form(browser: Client, tampered: dict[str, str], choice: dict[str, str]) -> None:
    fields = inputs(browser.get(address()).content.decode())
    response = browser.post(address(), {**fields, **tampered, **choice})
    assert (response.status_code, "This request cannot be granted" in response.content.decode()) == (400, True)


@pytest.mark.parametrize("tampered", [{"code_challenge": "x" * 500}, {"code_challenge_method": "plain"}])
def test_tampered_challenge(browser: Client, tampered: dict[str, str]) -> None:
    fields = inputs(browser.get(address()).content.decode())
    answer = led_back(browser.post(address(), {**fields, **tampered, "allow": "true"}))
    assert answer["error"] == "invalid_request"
    assert get_grant_model().objects.count() == 0


@pytest.mark.parametrize("resource", ["https://api.example.org", "", "nonsense"])
def test_a_resource_that_only_the_address_names(browser: Client, resource: str) -> None:
    fields = inputs(browser.get(address()).content.decode())
    answer = led_back(browser.post(address(resource=resource), {**fields, "allow": "true"}))
    assert answer == {
        "error": "invalid_target",
        "error_description": "The form names no resource, and the address does.",
        "state": "xyz & <b>",
    }
    assert get_grant_model().objects.count() == 0


# From the code to the token.


@pytest.mark.parametrize("verifier", ["another-verifier-that-is-long-enough-to-be-one", "short", "", CHALLENGE])
def test_wrong_verifier(browser: Client, verifier: str) -> None:
    answer = exchange(consent(browser)["code"], code_verifier=verifier)
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant")


def test_no_verifier(browser: Client) -> None:
    fields = {"client_id": "web", "grant_type": "authorization_code", "redirect_uri": BACK}
    answer = Api().form("POST", "/oauth/token/", code=consent(browser)["code"], **fields)
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "Code verifier required."},
    )


def test_code_works_once(browser: Client) -> None:
    code = consent(browser)["code"]
    assert (exchange(code).status, exchange(code).body) == (200, {"error": "invalid_grant"})


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_code_that_comes_again_ends_its_tokens(browser: Client, times: int) -> None:
    """Also those that were refreshed since; not those of another code."""
    code = consent(browser)["code"]
    other = exchange(consent(browser)["code"]).body
    given = exchange(code).body
    for _ in range(times):
        given = refreshed(given["refresh_token"]).body
    assert Api(token=given["access_token"]).get("user/me/").status == 200
    answer = exchange(code, code_verifier="short")
    assert (answer.status, answer.body) == (400, SPENT)
    assert Api(token=given["access_token"]).get("user/me/").body == BAD_TOKEN
    assert refreshed(given["refresh_token"]).body == SPENT
    assert Api(token=other["access_token"]).get("user/me/").status == 200
    assert refreshed(other["refresh_token"]).status == 200


def test_a_code_that_is_refused_is_not_used_up(browser: Client) -> None:
    code = consent(browser)["code"]
    assert exchange(code, code_verifier=f"another-{VERIFIER}").body == SPENT
    token = exchange(code).body["access_token"]
    assert Api(token=token).get("user/me/").status == 200


def test_who_cannot_prove_to_be_the_application_ends_nothing(browser: Client) -> None:
    code = consent(browser)["code"]
    token = exchange(code).body["access_token"]
    assert exchange(code, client_secret="guess").status == 401
    assert Api(token=token).get("user/me/").status == 200


def test_another_application_ends_nothing(browser: Client) -> None:
    make_application(client_id="other", authorization_grant_type="authorization-code", redirect_uris=BACK)
    code = consent(browser)["code"]
    token = exchange(code).body["access_token"]
    assert exchange(code, client_id="other").body == SPENT
    assert Api(token=token).get("user/me/").status == 200


@pytest.mark.parametrize(
    "step", ["validate_code", "get_code_challenge", "get_code_challenge_method", "confirm_redirect_uri"]
)
def test_a_code_twice_at_the_same_time(browser: Client, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes after a step of the first, which finds the code gone."""
    code = consent(browser)["code"]
    original = getattr(Validator, step)
    faster: list[Answer] = []

    def overtaken(self: Validator, *args: Any, **kwargs: Any) -> Any:
        found = original(self, *args, **kwargs)
        monkeypatch.setattr(Validator, step, original)
        faster.append(exchange(code))
        return found

    monkeypatch.setattr(Validator, step, overtaken)
    answer = exchange(code)
    assert (answer.status, answer.body) == (400, SPENT | {"error_description": MEANWHILE})
    assert [each.status for each in faster] == [200]
    assert Api(token=faster[0].body["access_token"]).get("user/me/").body == BAD_TOKEN
    assert refreshed(faster[0].body["refresh_token"]).body == SPENT


def test_a_code_ends_with_the_writing_of_its_tokens(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both or none: whoever has the tokens written has the code gone."""
    save = Validator.save_bearer_token
    left: list[int] = []

    def saved(self: Validator, *args: Any, **kwargs: Any) -> Any:
        found = save(self, *args, **kwargs)
        left.append(get_grant_model().objects.count())
        return found

    monkeypatch.setattr(Validator, "save_bearer_token", saved)
    assert exchange(consent(browser)["code"]).status == 200
    assert left == [0]


@pytest.mark.parametrize("code", ["nothing", "ä", "x" * 10_000])
def test_unknown_code(ann: User, code: str) -> None:
    assert exchange(code).body == {"error": "invalid_grant"}


def test_code_for_another_redirect_uri(browser: Client) -> None:
    answer = exchange(consent(browser)["code"], redirect_uri="https://app.example.org/other")
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_code_of_another_application(browser: Client) -> None:
    make_application(client_id="other", authorization_grant_type="authorization-code", redirect_uris=BACK)
    assert exchange(consent(browser)["code"], client_id="other").body == {"error": "invalid_grant"}


def test_code_of_someone_who_was_disabled_since(browser: Client) -> None:
    code = consent(browser)["code"]
    User.objects.update(is_active=False)
    assert exchange(code).body == {"error": "invalid_grant"}


def test_confidential_application_without_pkce(browser: Client) -> None:
    make_application(
        client_id="server",
        client_type="confidential",
        client_secret="between us",
        authorization_grant_type="authorization-code",
        redirect_uris=BACK,
    )
    code = consent(browser, client_id="server", code_challenge=None, code_challenge_method=None)["code"]
    fields = {"client_id": "server", "code": code, "redirect_uri": BACK, "grant_type": "authorization_code"}
    assert Api().form("POST", "/oauth/token/", **fields).body == {"error": "invalid_client"}
    assert Api().form("POST", "/oauth/token/", **fields, client_secret="guess").body == {"error": "invalid_client"}
    answer = Api().form("POST", "/oauth/token/", **fields, client_secret="between us")
    assert (answer.status, sorted(answer.body)) == (
        200,
        ["access_token", "expires_in", "refresh_token", "scope", "token_type"],
    )
