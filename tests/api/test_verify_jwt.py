"""POST /api/v2/jwt/verify_token/"""

import time
from typing import Any

import jwt
import pytest
from django.conf import settings

from coursewright.accounts.models import User
from tests.client import BAD_TOKEN, Answer, Api, codes, wrong
from tests.factories import make_user


def signed(secret: str | None = None, algorithm: str = "HS256", **changes: Any) -> str:
    now = int(time.time())
    good = {"token_type": "access", "user_id": 11, "jti": "4f1c", "iat": now * 1000, "exp": now + 3600}
    payload = {name: value for name, value in {**good, **changes}.items() if value is not None}
    return jwt.encode(payload, settings.JWT_SECRET if secret is None else secret, algorithm)


def verify(token: Any) -> Answer:
    return Api().post("jwt/verify_token/", {"token": token})


def test_whole_answer() -> None:
    answer = verify(signed())
    assert (answer.status, answer.body, answer.statements) == (200, {}, 0)


def test_form() -> None:
    assert Api().form("POST", "jwt/verify_token/", token=signed()).status == 200


def test_needs_no_credentials_and_judges_none() -> None:
    User.objects.filter(pk=make_user().pk).update(is_active=False)
    assert Api(token="nothing").post("jwt/verify_token/", {"token": signed()}).status == 200


def test_just_past_its_time() -> None:
    assert verify(signed(exp=int(time.time()) - 5)).status == 200


@pytest.mark.parametrize(
    "token",
    [
        signed(exp=1),
        signed("x" * 64),
        signed("", "none"),
        signed(algorithm="HS512"),
        *(signed(**{name: None}) for name in ("user_id", "token_type", "exp", "iat", "jti")),
        signed(token_type="refresh"),
        "nothing",
        "a.b.c",
        "ä.ä.ä",
        5,
    ],
)
def test_refused(token: Any) -> None:
    answer = verify(token)
    assert (answer.status, answer.body) == (401, BAD_TOKEN)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="coursewright"'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        (None, "required"),
        ({"token": None}, "null"),
        ({"token": ""}, "blank"),
        ({"token": ["x"]}, "invalid"),
        ({"token": {}}, "invalid"),
        ({"token": True}, "invalid"),
        ({"token": "a\0b"}, "invalid"),
        ({"token": "\ud800"}, "invalid"),
        ({"token": "x" * 8193}, "max_length"),
    ],
)
def test_wrong_body(body: Any, code: str) -> None:
    answer = Api().post("jwt/verify_token/", body)
    assert (answer.status, codes(answer)) == (400, wrong(token=code))


def test_other_methods() -> None:
    answer = Api().get("jwt/verify_token/")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")
