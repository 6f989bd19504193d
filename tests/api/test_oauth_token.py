"""POST /oauth/token/: the password grant, refreshing, and what is refused."""

import hashlib
from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model, get_refresh_token_model
from pytest_django.fixtures import Settings

from coursewright.accounts import sign_in
from coursewright.accounts.actions import delete_user, set_password
from coursewright.accounts.models import User
from coursewright.accounts.sign_in import Validator
from coursewright.api import throttling
from coursewright.api.throttling import in_memory
from coursewright.environment import Rate
from tests.client import BAD_TOKEN, Answer, Api
from tests.factories import NOW, make_application, make_user

PATH = "/oauth/token/"
FORM = "application/x-www-form-urlencoded"
WRONG = {"error": "invalid_grant", "error_description": "Invalid credentials given."}
SPENT = {"error": "invalid_grant"}


def password_grant(**fields: str) -> Answer:
    given = {"client_id": "reader", "username": "ann", "password": "correct horse", "grant_type": "password"}
    return Api().form("POST", PATH, **{**given, **fields})


def refresh(token: str, **fields: str) -> Answer:
    return Api().form("POST", PATH, client_id="reader", refresh_token=token, grant_type="refresh_token", **fields)


@pytest.fixture
def ann() -> User:
    make_application()
    return make_user(password="correct horse")


def test_whole_answer(ann: User) -> None:
    answer = password_grant()
    access, refreshing = answer.body.pop("access_token"), answer.body.pop("refresh_token")
    assert (answer.status, answer.body) == (
        200,
        {"expires_in": 36000, "token_type": "Bearer", "scope": "read write"},
    )
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert (len(access) >= 30, len(refreshing) >= 30, access != refreshing) == (True, True, True)
    assert Api(token=access).get("user/me/").body["username"] == "ann"


def test_tokens_are_stored_as_checksums_only(ann: User) -> None:
    body = password_grant().body
    for model, token in (
        (get_access_token_model(), body["access_token"]),
        (get_refresh_token_model(), body["refresh_token"]),
    ):
        assert model.objects.values_list("token", "token_checksum").get() == (
            "",
            hashlib.sha256(token.encode()).hexdigest(),
        )


@pytest.mark.parametrize("username", ["ANN", "ａｎｎ"])  # noqa: RUF001 - wide letters
def test_username_without_case_and_width(ann: User, username: str) -> None:
    assert password_grant(username=username).status == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("ann", "wrong"), ("bob", "correct horse"), ("ann", "x" * 10_000), ("x" * 10_000, "y"), ("ann", "a\x01\ud7ff�")],
)
def test_wrong_credentials(ann: User, username: str, password: str) -> None:
    answer = password_grant(username=username, password=password)
    assert (answer.status, answer.body) == (400, WRONG)


def test_people_without_a_password(ann: User) -> None:
    make_user("bob")
    assert password_grant(username="bob", password="").status == 400
    assert password_grant(username="bob", password="!").body == WRONG


def test_disabled_person(ann: User) -> None:
    User.objects.update(is_active=False)
    assert password_grant().body == WRONG


def test_deleted_person(ann: User) -> None:
    delete_user(ann, at=NOW, by=None)
    assert password_grant().body == WRONG


def test_deleted_and_registered_again(ann: User) -> None:
    delete_user(ann, at=NOW, by=None)
    again = make_user(password="battery staple")
    assert password_grant().body == WRONG
    token = password_grant(password="battery staple").body["access_token"]
    assert Api(token=token).get("user/me/").body["id"] == again.pk


def test_unknown_application(ann: User) -> None:
    answer = password_grant(client_id="other")
    assert (answer.status, answer.body) == (401, {"error": "invalid_client"})
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_client"'


def test_confidential_application_proves_itself(ann: User) -> None:
    make_application(client_id="server", client_type="confidential", client_secret="between us")
    assert password_grant(client_id="server").body == {"error": "invalid_client"}
    assert password_grant(client_id="server", client_secret="guess").body == {"error": "invalid_client"}
    assert password_grant(client_id="server", client_secret="between us").status == 200


def test_application_registered_for_another_grant(ann: User) -> None:
    make_application(client_id="web", authorization_grant_type="authorization-code")
    assert password_grant(client_id="web").body == {"error": "unauthorized_client"}


@pytest.mark.parametrize(
    "grant", ["client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "implicit", "magic", ""]
)
def test_other_grants(ann: User, grant: str) -> None:
    make_application(
        client_id="server",
        client_type="confidential",
        client_secret="between us",
        authorization_grant_type="client-credentials",
    )
    answer = Api().form("POST", PATH, client_id="server", client_secret="between us", grant_type=grant)
    assert (answer.status, answer.body) == (
        400,
        {
            "error": "unsupported_grant_type",
            "error_description": "grant_type is one of authorization_code, password, refresh_token.",
        },
    )


@pytest.mark.parametrize("missing", ["username", "password"])
def test_missing_field(ann: User, missing: str) -> None:
    fields = {"client_id": "reader", "username": "ann", "password": "correct horse", "grant_type": "password"}
    del fields[missing]
    answer = Api().form("POST", PATH, **fields)
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "Request is missing %s parameter." % missing},  # noqa: UP031
    )


def test_scope_that_does_not_exist(ann: User) -> None:
    assert password_grant(scope="read everything").body == {"error": "invalid_scope"}


def test_read_only_token(ann: User) -> None:
    answer = password_grant(scope="read")
    assert answer.body["scope"] == "read"
    reader = Api(token=answer.body["access_token"])
    assert reader.get("user/me/").status == 200
    assert reader.post("course/", {"name": "Maths", "type": "self-paced"}).status == 403


# Bodies that are not what they should be.


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"grant_type": "password"}', "application/json"),
        (b"", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "text/plain"),
    ],
)
def test_not_a_form(body: bytes, content_type: str) -> None:
    answer = Api().call("POST", PATH, body, content_type=content_type)
    assert (answer.status, answer.body) == (
        400,
        {
            "error": "invalid_request",
            "error_description": "Send parameters as a form: application/x-www-form-urlencoded.",
        },
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"x=1", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_broken_body(body: bytes, content_type: str) -> None:
    answer = Api().call("POST", PATH, body, content_type=content_type)
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("credentials", ["a%00:x", "\0:x", "reader:%00", "reader%00:x"])
def test_null_characters_in_basic_credentials(credentials: str) -> None:
    header = f"Basic {b64encode(credentials.encode()).decode()}"
    for path in (PATH, "/oauth/revoke_token/"):
        body = b"grant_type=password&username=ann&password=x&token=y"
        answer = Api().call("POST", path, body, content_type=FORM, Authorization=header)
        assert (answer.status, answer.body["error"]) == (401, "invalid_client")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("path", [PATH, "/oauth/revoke_token/"])
@pytest.mark.parametrize("client", [b"", b"&client_id=reader"])
@pytest.mark.parametrize("credentials", ["é", "cmVhZGVyOg==é", "!"])
def test_basic_credentials_that_are_no_base64(path: str, client: bytes, credentials: str) -> None:
    body = b"grant_type=password&username=ann&password=correct+horse&token=y" + client
    answer = Api().call("POST", path, body, content_type=FORM, Authorization=f"Basic {credentials}")
    assert (answer.status, answer.body) == (401, {"error": "invalid_client"})


def test_too_large_body() -> None:
    answer = Api().form("POST", PATH, password="x" * 3_000_000)
    assert (answer.status, answer.body) == (
        413,
        {"error": "invalid_request", "error_description": "The request body is too large."},
    )


def test_too_many_fields() -> None:
    answer = Api().form("POST", PATH, **{f"field{place}": "x" for place in range(1001)})
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "The request has more than 1000 fields."},
    )


@pytest.mark.parametrize("field", ["username", "password", "client_id", "scope", "code", "other"])
def test_null_characters(ann: User, field: str) -> None:
    answer = password_grant(**{field: "a\0b"})
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "Null characters are not allowed."},
    )


def test_a_resource_that_is_no_address(ann: User) -> None:
    answer = password_grant(resource="http://[::1")
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_target", "error_description": "The resource is not an address."},
    )


@pytest.mark.parametrize(
    "name", ["refresh_token_instance", "encoding", "scopes", "user", "client", "id_token", "extra_credentials", "ä"]
)
def test_parameters_that_there_are_not(ann: User, name: str) -> None:
    """Also where the library's own request has something of that name."""
    credentials = f"Basic {b64encode(b'reader:guess').decode()}"
    first = password_grant(**{name: "x"})
    second = refresh(first.body["refresh_token"], **{name: "x"})
    assert [(answer.status, answer.body["scope"]) for answer in (first, second)] == [(200, "read write")] * 2
    body = urlencode({"token": second.body["access_token"], name: "x"}).encode()
    answer = Api().call("POST", "/oauth/revoke_token/", body, content_type=FORM, Authorization=credentials)
    assert (answer.status, answer.body) == (401, {"error": "invalid_client"})


def test_bytes_that_are_no_text(ann: User) -> None:
    body = b"client_id=reader&grant_type=password&username=ann&password=%ED%A0%80%FF&client_secret="
    assert Api().call("POST", PATH, body, content_type="application/x-www-form-urlencoded").body == WRONG


def test_parameters_in_the_address(ann: User) -> None:
    answer = Api().form("POST", f"{PATH}?password=%zz", client_id="reader", grant_type="password")
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "Send parameters in the body, not in the URL."},
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods(method: str) -> None:
    answer = Api().call(method, PATH)
    assert (answer.status, answer.body) == (405, {"error": "invalid_request", "error_description": "Send a POST."})
    assert answer.headers["Allow"] == "POST, OPTIONS"


# Refreshing.


def test_refresh(ann: User) -> None:
    first = password_grant().body
    answer = refresh(first["refresh_token"])
    assert (answer.status, sorted(answer.body)) == (
        200,
        ["access_token", "expires_in", "refresh_token", "scope", "token_type"],
    )
    assert {answer.body["access_token"], answer.body["refresh_token"]}.isdisjoint(first.values())
    assert (answer.body["expires_in"], answer.body["scope"]) == (36000, "read write")
    assert Api(token=answer.body["access_token"]).get("user/me/").status == 200


def test_refreshed_token_ends(ann: User) -> None:
    first = password_grant().body
    refresh(first["refresh_token"])
    assert Api(token=first["access_token"]).get("user/me/").body == BAD_TOKEN


def test_refresh_keeps_the_scope(ann: User) -> None:
    token = password_grant(scope="read").body["refresh_token"]
    assert refresh(token, scope="read write").body == {"error": "invalid_scope"}
    assert refresh(token).body["scope"] == "read"


def test_refresh_token_works_once_and_its_second_use_ends_the_family(ann: User) -> None:
    stolen = password_grant().body["refresh_token"]
    second = refresh(stolen).body
    answer = refresh(stolen)
    assert (answer.status, answer.body) == (400, SPENT)
    assert refresh(second["refresh_token"]).body == SPENT
    assert Api(token=second["access_token"]).get("user/me/").body == BAD_TOKEN


def test_two_refreshes_at_the_same_time(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = password_grant().body["refresh_token"]
    check = Validator.validate_refresh_token
    faster: list[Answer] = []

    def overtaken(self: Validator, *args: Any, **kwargs: Any) -> bool:
        found = check(self, *args, **kwargs)
        monkeypatch.setattr(Validator, "validate_refresh_token", check)
        faster.append(refresh(token))
        return found

    monkeypatch.setattr(Validator, "validate_refresh_token", overtaken)
    answer = refresh(token)
    assert (answer.status, answer.body) == (400, SPENT)
    assert Api(token=faster[0].body["access_token"]).get("user/me/").status == 200


@pytest.mark.parametrize("grant", ["password", "refresh"])
def test_a_new_password_at_the_same_time(ann: User, grant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes after a request for a token was found good, and before the token is written."""
    token = password_grant().body["refresh_token"]
    save = Validator.save_bearer_token

    def overtaken(self: Validator, *args: Any, **kwargs: Any) -> Any:
        set_password(ann, "battery staple", at=NOW, by=None)
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Validator, "save_bearer_token", overtaken)
    answer = refresh(token) if grant == "refresh" else password_grant()
    assert (answer.status, answer.body) == (400, SPENT)
    assert not get_access_token_model().objects.exists()


@pytest.mark.parametrize("grant", ["password", "refresh"])
def test_a_new_password_before_the_answer(ann: User, grant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes after the token is written, and before it is answered."""
    token = password_grant().body["refresh_token"]
    save = Validator.save_bearer_token

    def ended(self: Validator, *args: Any, **kwargs: Any) -> Any:
        found = save(self, *args, **kwargs)
        set_password(ann, "battery staple", at=NOW, by=None)
        return found

    monkeypatch.setattr(Validator, "save_bearer_token", ended)
    answer = refresh(token) if grant == "refresh" else password_grant()
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_grant", "error_description": "The code or the token has ended meanwhile."},
    )
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/json", "no-store")


def test_refresh_of_a_disabled_person(ann: User) -> None:
    token = password_grant().body["refresh_token"]
    User.objects.update(is_active=False)
    answer = refresh(token)
    assert (answer.status, answer.body) == (400, SPENT)


def test_refresh_of_a_deleted_person(ann: User) -> None:
    token = password_grant().body["refresh_token"]
    delete_user(ann, at=NOW, by=None)
    assert refresh(token).body == SPENT


def test_refresh_by_another_application(ann: User) -> None:
    make_application(client_id="other")
    token = password_grant().body["refresh_token"]
    answer = Api().form("POST", PATH, client_id="other", refresh_token=token, grant_type="refresh_token")
    assert (answer.status, answer.body) == (400, SPENT)


@pytest.mark.parametrize("token", ["nothing", "ä", "x" * 10_000])
def test_unknown_refresh_token(ann: User, token: str) -> None:
    assert refresh(token).body == SPENT


def test_refresh_token_expires(ann: User) -> None:
    token = password_grant().body["refresh_token"]
    get_access_token_model().objects.update(expires=timezone.now() - timedelta(days=60))
    assert refresh(token).body == SPENT


# Pages of other origins.


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://app.example.org", "https://app.example.org"), ("https://evil.example", None)]
)
def test_cross_origin(ann: User, origin: str, allowed: str | None) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    body = b"client_id=reader&grant_type=password&username=ann&password=correct+horse"
    preflight = Api().call("OPTIONS", PATH, **asked)
    answer = Api().call("POST", PATH, body, content_type="application/x-www-form-urlencoded", Origin=origin)
    assert (preflight.status, answer.status) == (200, 200)
    assert preflight.headers.get("access-control-allow-origin") == allowed
    assert answer.headers.get("access-control-allow-origin") == allowed


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://reader.example.org", "https://reader.example.org"),
        ("https://evil.example", None),
        ("https://[", None),
        ("https://a]", None),
    ],
)
def test_origins_of_an_application(origin: str, allowed: str | None) -> None:
    get_application_model().objects.update(allowed_origins="https://reader.example.org")
    body = b"client_id=reader&grant_type=password&username=ann&password=correct+horse"
    first = Api().call("POST", PATH, body, content_type=FORM, Origin=origin)
    body = f"client_id=reader&grant_type=refresh_token&refresh_token={first.body['refresh_token']}".encode()
    second = Api().call("POST", PATH, body, content_type=FORM, Origin=origin)
    assert (first.status, second.status) == (200, 200)
    assert second.headers.get("Access-Control-Allow-Origin") == allowed


# Rate limits.


@pytest.fixture
def three_a_day(settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": Rate(3, 86400)}


def attempt(username: str, address: str) -> int:
    fields = {"client_id": "reader", "username": username, "password": "wrong", "grant_type": "password"}
    return Api().client.post(PATH, fields, REMOTE_ADDR=address).status_code


@pytest.mark.usefixtures("three_a_day")
def test_limit_of_a_username(ann: User) -> None:
    assert [attempt(name, f"10.0.0.{place}") for place, name in enumerate(["ann", "ANN", "ann"])] == [400] * 3
    answer = password_grant()
    assert (answer.status, answer.body) == (
        429,
        {"error": "temporarily_unavailable", "error_description": "Too many attempts; wait and try again."},
    )
    assert 0 < int(answer.headers["Retry-After"]) <= 86400
    assert attempt("bob", "10.0.0.9") == 400


@pytest.mark.usefixtures("three_a_day")
def test_limit_of_an_address(ann: User) -> None:
    statuses = [attempt(f"user{place}", "10.0.0.1") for place in range(4)]
    assert (statuses, attempt("user9", "10.0.0.2")) == ([400, 400, 400, 429], 400)


@pytest.mark.usefixtures("three_a_day")
def test_who_signs_in_well_leaves_the_limit_of_an_address_as_it_was(ann: User) -> None:
    """A class behind one address signs in at once."""
    for name in ("bob", "cleo", "dora", "emil"):
        make_user(name, password="secret")
        assert password_grant(username=name, password="secret").status == 200
    statuses = [attempt(f"user{place}", "127.0.0.1") for place in range(4)]
    assert (statuses, password_grant().status) == ([400, 400, 400, 429], 429)


@pytest.mark.usefixtures("three_a_day")
def test_who_signs_in_as_a_window_ends_gives_nothing_to_the_next(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else many who do so at once would buy whoever guesses as many attempts."""
    seconds = 864_000_000.0
    for module in (sign_in, throttling):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: seconds))
    check = sign_in.check_password

    def checked(*args: Any) -> bool:
        nonlocal seconds
        seconds += 86_400
        assert attempt("bob", "127.0.0.1") == 400
        return check(*args)

    monkeypatch.setattr(sign_in, "check_password", checked)
    assert password_grant().status == 200
    monkeypatch.setattr(sign_in, "check_password", check)
    assert [attempt(f"user{place}", "127.0.0.1") for place in range(3)] == [400, 400, 429]


def test_limit_of_everything_else(ann: User, settings: Settings) -> None:
    settings.RATE_LIMITS = {"anonymous": Rate(1, 86400)}
    in_memory.clear()
    assert [refresh("nothing").status for _ in range(2)] == [400, 429]


def test_unknown_names_take_as_long_as_known_ones(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(sign_in, "make_password", lambda password: hashed.append(password))
    monkeypatch.setattr(sign_in, "check_password", lambda password, stored: hashed.append(password))
    backend, request = sign_in.PasswordBackend(), RequestFactory().post("/sign-in/")
    for name in ("ann", "nobody"):
        backend.authenticate(request, name, "secret")
    assert hashed == ["secret", "secret"]
