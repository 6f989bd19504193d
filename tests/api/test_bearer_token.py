"""``Authorization: Bearer <token>`` on the API: OAuth 2 access tokens and JSON Web Tokens (rules.md 2.1 to 2.4)."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from coursewright.accounts.actions import delete_user, issue_token
from coursewright.accounts.models import User
from coursewright.community.actions import set_preference
from coursewright.foundation.sql import MAX_ID
from tests import client
from tests.client import BAD_TOKEN, NOT_AUTHENTICATED, Answer, Api
from tests.factories import NOW, make_user

HOUR = 3600


def call(token: str, path: str = "user/me/") -> Answer:
    return Api(token=token).get(path)


def refused(answer: Answer) -> bool:
    """Whether the answer is that of a bad token, with the challenge that browsers and libraries look for."""
    assert (answer.status, answer.body) == (401, BAD_TOKEN)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="coursewright"'
    return True


def claims(user: User, **changes: Any) -> dict[str, Any]:
    """Good claims, as the published clients make them; a change to None leaves one out."""
    now = int(time.time())
    good = {"token_type": "access", "user_id": user.pk, "jti": "4f1c", "iat": now * 1000, "exp": now + HOUR}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(payload: dict[str, Any], secret: str | None = None, algorithm: str = "HS256") -> str:
    return jwt.encode(payload, settings.JWT_SECRET if secret is None else secret, algorithm)


def raw(header: bytes, payload: bytes) -> str:
    """A token signed with the right secret, whatever is in it."""
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload)]
    digest = hmac.new(settings.JWT_SECRET.encode(), b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(digest).rstrip(b"=")]).decode()


@pytest.fixture
def ann() -> User:
    return make_user()


# No credentials.


def test_without_a_token() -> None:
    answer = Api().get("user/me/")
    assert (answer.status, answer.body) == (401, NOT_AUTHENTICATED)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="coursewright"'


@pytest.mark.parametrize("header", ["Basic YW5uOnNlY3JldA==", "Token 123", "", "nonsense"])
def test_other_schemes_count_as_nobody(ann: User, header: str) -> None:
    assert Api().call("GET", "user/me/", Authorization=header).body == NOT_AUTHENTICATED
    assert Api().call("GET", f"user/{ann.pk}/", Authorization=header).status == 200


def test_a_session_counts_as_nobody(ann: User) -> None:
    api = Api()
    api.client.force_login(ann)
    assert api.get("user/me/").body == NOT_AUTHENTICATED


# OAuth 2 access tokens.


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_access_token(ann: User, scheme: str) -> None:
    token = issue_token(ann, days=1, application="tests")
    assert Api().call("GET", "user/me/", Authorization=f"{scheme} {token}").body["id"] == ann.pk


@pytest.mark.parametrize(
    "token", ["", " ", "nothing", "a b", "ä", "x" * 5000, "\x01", "%00", "a.b", "a.b.c", "..", "...."]
)
def test_bad_token(ann: User, token: str) -> None:
    assert refused(Api().call("GET", "user/me/", Authorization=f"Bearer {token}"))
    assert refused(Api().call("GET", f"user/{ann.pk}/", Authorization=f"Bearer {token}"))


def test_bad_token_is_judged_before_everything_but_the_method() -> None:
    api = Api(token="nothing")
    assert refused(api.get("user/undefined/"))
    assert refused(api.get("feature/"))
    assert api.delete("user/me/").status == 405


def test_checksum_is_no_token(ann: User) -> None:
    issue_token(ann, days=1, application="tests")
    assert refused(call(get_access_token_model().objects.values_list("token_checksum", flat=True).get()))


def test_token_that_expired(ann: User) -> None:
    api = Api(ann)
    get_access_token_model().objects.update(expires=timezone.now() + timedelta(minutes=1))
    assert api.get("user/me/").status == 200
    get_access_token_model().objects.update(expires=timezone.now())
    assert refused(api.get("user/me/"))


def test_token_of_someone_disabled(ann: User) -> None:
    api = Api(ann)
    User.objects.update(is_active=False)
    assert refused(api.get("user/me/"))
    assert refused(api.get("feature/"))
    User.objects.update(is_active=True)
    assert api.get("user/me/").status == 200


def test_token_of_someone_deleted(ann: User) -> None:
    api = Api(ann)
    User.objects.update(deleted_at=NOW)
    assert refused(api.get("feature/"))
    delete_user(make_user("bob"), at=NOW, by=None)
    assert refused(api.get("user/me/"))


def test_token_of_no_one() -> None:
    get_access_token_model().objects.create(
        token="", token_checksum=hashlib.sha256(b"machine").hexdigest(), expires=timezone.now() + timedelta(days=1)
    )
    assert refused(call("machine"))


@pytest.mark.parametrize(("scope", "reading", "writing"), [("read", 200, 403), ("write", 403, 400), ("", 403, 403)])
def test_scope(ann: User, scope: str, reading: int, writing: int) -> None:
    api = Api(ann)
    get_access_token_model().objects.update(scope=scope)
    answers = [api.get("user/me/"), api.post("course/", {})]
    assert [answer.status for answer in answers] == [reading, writing]
    lacking = [
        client.refused("permission_denied", f'The token was given out without the scope "{name}".')
        for name, status in (("read", reading), ("write", writing))
        if status == 403
    ]
    assert [answer.body for answer in answers if answer.status == 403] == lacking


def test_one_statement_for_credentials(ann: User) -> None:
    set_preference("configurations.content_availability", True, at=NOW, by=None)
    with_access, with_jwt = Api(ann), Api(token=signed(claims(ann)))
    anonymous = Api().get("category/").statements + 1  # that of the preference, which only anonymous callers need
    assert [api.get("category/").statements for api in (with_access, with_jwt)] == [anonymous - 1, anonymous - 1]
    assert [api.get("feature/").statements for api in (with_access, with_jwt, Api())] == [1, 1, 0]


# JSON Web Tokens.


def test_jwt(ann: User) -> None:
    assert call(signed(claims(ann))).body["id"] == ann.pk


@pytest.mark.parametrize("iat", [0, 1, -5, 1.5, 4_102_444_800, 4_102_444_800_000, 10**30])
def test_issue_time_is_compared_with_nothing(ann: User, iat: float) -> None:
    assert call(signed(claims(ann, iat=iat))).status == 200


@pytest.mark.parametrize("extra", [{"nbf": 9_999_999_999}, {"aud": "x"}, {"iss": "x"}, {"sub": 5}, {"more": [1]}])
def test_other_claims_are_ignored(ann: User, extra: dict[str, Any]) -> None:
    assert call(signed(claims(ann, **extra))).status == 200


@pytest.mark.parametrize("name", ["user_id", "token_type", "exp", "iat", "jti"])
def test_missing_claim(ann: User, name: str) -> None:
    assert refused(call(signed(claims(ann, **{name: None}))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"token_type": "refresh"},
        {"token_type": ["access"]},
        {"token_type": True},
        {"user_id": True},
        {"user_id": 1.0},
        {"user_id": 0},
        {"user_id": -1},
        {"user_id": MAX_ID},
        {"user_id": MAX_ID + 1},
        {"user_id": 10**30},
        {"user_id": [1]},
        {"user_id": {"id": 1}},
        {"iat": "now"},
        {"iat": "1700000000"},
        {"iat": True},
        {"iat": []},
        {"exp": "9999999999"},
        {"exp": "soon"},
        {"exp": True},
        {"exp": []},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": -1},
        {"jti": 5},
        {"jti": ["4f1c"]},
    ],
)
def test_claim_of_another_kind(ann: User, wrong: dict[str, Any]) -> None:
    payload = json.dumps({**claims(ann), **wrong}).encode()
    assert refused(call(raw(b'{"alg":"HS256","typ":"JWT"}', payload)))


def test_user_id_as_text(ann: User) -> None:
    assert refused(call(signed(claims(ann, user_id=str(ann.pk)))))


@pytest.mark.parametrize(("late", "status"), [(-60, 200), (5, 200), (12, 401), (HOUR, 401)])
def test_expiry_with_ten_seconds_of_leeway(ann: User, late: int, status: int) -> None:
    assert call(signed(claims(ann, exp=int(time.time()) - late))).status == status


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_other_algorithms(ann: User, algorithm: str) -> None:
    secret = "" if algorithm == "none" else settings.JWT_SECRET
    assert refused(call(signed(claims(ann), secret, algorithm)))


def test_wrong_secret(ann: User) -> None:
    assert refused(call(signed(claims(ann), "x" * 64)))


def test_signature_that_is_missing_or_changed(ann: User) -> None:
    head, _, signature = signed(claims(ann)).rpartition(".")
    assert refused(call(f"{head}."))
    assert refused(call(f"{head}.{signature[::-1]}"))
    other = signed(claims(ann, user_id=ann.pk + 1)).rpartition(".")[0]
    assert refused(call(f"{other}.{signature}"))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"[" * 2000,
        b"\xff",
        b'{"alg":"none"}',
        b'{"alg":["HS256"]}',
        b'{"alg":null}',
        b'{"typ":"JWT"}',
        b'{"alg":"HS256","kid":5}',
        b'{"alg":"HS256","b64":false,"crit":["b64"]}',
        b'{"alg":"HS256","x":' + b"1" * 5000 + b"}",
    ],
)
def test_headers_that_make_no_sense(ann: User, header: bytes) -> None:
    assert refused(call(raw(header, json.dumps(claims(ann)).encode())))


@pytest.mark.parametrize("payload", [b"", b"[]", b"5", b"null", b"\xff", b"[" * 2000, b"{" * 2000])
def test_payloads_that_make_no_sense(payload: bytes) -> None:
    assert refused(call(raw(b'{"alg":"HS256","typ":"JWT"}', payload)))


def test_jwt_of_someone_disabled(ann: User) -> None:
    token = signed(claims(ann))
    User.objects.update(is_active=False)
    assert refused(call(token))
    assert refused(call(token, "feature/"))


def test_jwt_of_someone_deleted_or_unknown(ann: User) -> None:
    token = signed(claims(ann))
    delete_user(ann, at=NOW, by=None)
    assert refused(call(token))
    assert refused(call(signed(claims(ann, user_id=ann.pk + 1000)), "feature/"))
