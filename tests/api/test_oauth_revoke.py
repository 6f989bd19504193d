"""POST /oauth/revoke_token/"""

import pytest

from tests.client import BAD_TOKEN, Answer, Api
from tests.factories import make_application, make_user

PATH = "/oauth/revoke_token/"


@pytest.fixture
def granted() -> dict[str, str]:
    """The tokens of a password grant."""
    make_application()
    make_user(password="correct horse")
    fields = {"client_id": "reader", "username": "ann", "password": "correct horse", "grant_type": "password"}
    body: dict[str, str] = Api().form("POST", "/oauth/token/", **fields).body
    return body


def revoke(token: str, **fields: str) -> Answer:
    return Api().form("POST", PATH, **{"client_id": "reader", "token": token, **fields})


def refresh(token: str) -> Answer:
    return Api().form("POST", "/oauth/token/", client_id="reader", refresh_token=token, grant_type="refresh_token")


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "access_token"}, {"token_type_hint": "nonsense"}])
def test_both_tokens_end(granted: dict[str, str], kind: str, hint: dict[str, str]) -> None:
    answer = revoke(granted[kind], **hint)
    assert (answer.status, answer.body) == (200, None)
    assert Api(token=granted["access_token"]).get("user/me/").body == BAD_TOKEN
    assert refresh(granted["refresh_token"]).body == {"error": "invalid_grant"}


@pytest.mark.parametrize("token", ["nothing", "ä", "x" * 10_000])
def test_unknown_token(granted: dict[str, str], token: str) -> None:
    assert (revoke(token).status, Api(token=granted["access_token"]).get("user/me/").status) == (200, 200)


def test_token_of_another_application(granted: dict[str, str]) -> None:
    make_application(client_id="other")
    assert revoke(granted["access_token"], client_id="other").status == 200
    assert Api(token=granted["access_token"]).get("user/me/").status == 200


def test_unknown_application(granted: dict[str, str]) -> None:
    answer = revoke(granted["access_token"], client_id="nobody")
    assert (answer.status, answer.body) == (401, {"error": "invalid_client"})


def test_confidential_application_proves_itself() -> None:
    make_application(client_id="server", client_type="confidential", client_secret="between us")
    answer = revoke("nothing", client_id="server")
    assert (answer.status, answer.body) == (401, {"error": "invalid_client"})
    assert revoke("nothing", client_id="server", client_secret="between us").status == 200


def test_no_token() -> None:
    answer = Api().form("POST", PATH, client_id="reader")
    assert (answer.status, answer.body) == (
        400,
        {"error": "invalid_request", "error_description": "Missing token parameter."},
    )


def test_bad_bodies() -> None:
    for body, content_type in (
        (b"{}", "application/json"),
        (b"token=%00", "application/x-www-form-urlencoded"),
        (b"--x", "multipart/form-data"),
    ):
        answer = Api().call("POST", PATH, body, content_type=content_type)
        assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_other_methods() -> None:
    answer = Api().get(PATH)
    assert (answer.status, answer.body) == (405, {"error": "invalid_request", "error_description": "Send a POST."})


@pytest.mark.parametrize(
    "path", ["introspect/", "device-authorization/", "applications/", ".well-known/jwks.json", "o/"]
)
def test_nothing_else_is_mounted(path: str) -> None:
    assert Api().get(f"/oauth/{path}").status == 404
