"""Bearer tokens: OAuth 2 access tokens and JSON Web Tokens (rules.md 2.1 to 2.4). One statement each."""

import hashlib
from datetime import datetime
from typing import Any

import jwt
import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS

from coursewright.accounts.errors import AuthenticationFailed
from coursewright.foundation import sql
from coursewright.foundation.caller import Caller
from coursewright.foundation.errors import PermissionDenied

CLAIMS = ["user_id", "token_type", "exp", "iat", "jti"]
LEEWAY = 10

BY_ACCESS = """
SELECT u.id, u.role, t.expires, t.scope
FROM oauth2_provider_accesstoken t JOIN coursewright_user u ON u.id = t.user_id
WHERE t.token_checksum = %(checksum)s AND u.is_active AND u.deleted_at IS NULL
"""
BY_ID = "SELECT id, role FROM coursewright_user WHERE id = %(id)s AND is_active AND deleted_at IS NULL"


class TokenOwner(msgspec.Struct):
    id: int
    role: str
    expires: datetime
    scope: str


def by_access_token(token: str, scope: str) -> Caller:
    """The owner of an OAuth 2 access token.

    Unknown, expired, or of someone disabled: AuthenticationFailed; one that its owner gave out without ``scope``:
    PermissionDenied.
    """
    owner = sql.one(TokenOwner, BY_ACCESS, {"checksum": hashlib.sha256(token.encode()).hexdigest()})
    if owner is None or owner.expires <= timezone.now():
        raise AuthenticationFailed
    if scope not in owner.scope.split():
        raise PermissionDenied(f'The token was given out without the scope "{scope}".')
    return Caller(owner.id, owner.role)


def read_jwt(token: str) -> int:
    """The user id in a JSON Web Token.

    Bad signature, another algorithm, a missing claim, expired: AuthenticationFailed.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.JWT_SECRET,
            algorithms=["HS256"],
            leeway=LEEWAY,
            options={
                "require": CLAIMS,
                "verify_iat": False,
                "verify_aud": False,
                "verify_nbf": False,
                "verify_sub": False,
            },
        )
    except jwt.InvalidTokenError as error:
        raise AuthenticationFailed from error
    user_id: int = claims["user_id"]
    numbers = type(user_id) is int and all(type(claims[name]) in (int, float) for name in ("exp", "iat"))
    if not numbers or claims["token_type"] != "access" or not 0 < user_id <= sql.MAX_ID:  # noqa: S105 - a kind, no secret
        raise AuthenticationFailed
    return user_id


def by_jwt(token: str) -> Caller:
    """The person a JSON Web Token names."""
    found = sql.one(Caller, BY_ID, {"id": read_jwt(token)})
    if found is None:
        raise AuthenticationFailed
    return found


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. A bad token is 401 even where anonymous callers are welcome."""

    def authenticate(self, request: HttpRequest) -> tuple[Caller, str] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer":
            return None
        if not token or not token.isascii():
            raise AuthenticationFailed
        if token.count(".") == 2:
            return by_jwt(token), token
        return by_access_token(token, "read" if request.method in SAFE_METHODS else "write"), token
