"""``coursewright jwt-secret``."""

import time

import jwt

from tests.cli.commands import run
from tests.client import Api
from tests.factories import make_user


def test_tokens_signed_with_it_are_believed() -> None:
    ann = make_user("ann")
    done = run("jwt-secret")
    claims = {"user_id": ann.pk, "token_type": "access", "exp": time.time() + 60, "iat": time.time(), "jti": "1"}
    token = jwt.encode(claims, done.output.strip(), algorithm="HS256")
    assert (done.status, done.output.count("\n")) == (0, 1)
    assert Api(token=token).get("user/me/").body["id"] == ann.pk
