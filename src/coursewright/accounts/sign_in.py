"""Signing in with a password: on the pages, and through the OAuth 2 password grant."""

import hashlib
import re
import time
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from oauth2_provider.models import get_application_model, get_grant_model, get_refresh_token_model
from oauth2_provider.oauth2_validators import GRANT_TYPE_MAPPING, OAuth2Validator
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error, InvalidGrantError, InvalidRequestError

from coursewright.accounts import actions, rules
from coursewright.accounts.models import User
from coursewright.api import throttling
from coursewright.api.shapes import NAME_LENGTH
from coursewright.foundation.text import name_key

CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
NONCE_LENGTH = 255


class TooManyAttempts(Exception):
    """Too many sign-ins from an address, or with a username; ``seconds`` until the next is welcome."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def count_attempt(request: HttpRequest | None, username: str) -> None:
    """Counts a sign-in for the address it comes from and for the username. TooManyAttempts.

    It is counted before it is known to be good, so that many at once are counted too.
    """
    who = [hashlib.sha256(name_key(username).encode(errors="replace")).hexdigest()]
    if request is not None:
        who.append(_address(request))
    seconds = max(throttling.wait("sign_in", each) for each in who)
    if seconds:
        raise TooManyAttempts(seconds)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


class PasswordBackend:
    """Usernames are compared without case."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The active person with this username and password, or None, as slowly for an unknown name as for a known one.

        TooManyAttempts: by the limit ``sign_in`` of the setting RATE_LIMITS.
        """
        if username is None or password is None or "\0" in username:
            return None
        username = username[: NAME_LENGTH + 1]  # a longer one is nobody's, and stays too long
        begun = time.time()
        count_attempt(request, username)
        user = User.objects.filter(username_key=name_key(username), deleted_at=None).first()
        if user is None:
            make_password(password)
            return None
        if not (check_password(password, user.password) and user.is_active):
            return None
        if request is not None:  # a class behind one address may sign in at once
            throttling.give_back("sign_in", _address(request), begun)
        return user

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while they may sign in."""
        return User.objects.active().filter(pk=user_id).first()


def redirect_allowed(application: Any, uri: str) -> bool:
    """Whether the application has registered the redirect URI."""
    try:
        urlsplit(uri).port  # noqa: B018 - a port that is none is found when it is read
        return bool(application.redirect_uri_allowed(uri))
    except ValueError:  # no URI at all: the library parses it and lets this through
        return False


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """The library's validator, stricter about people and, for confidential applications, as the contract has it."""

    def _authenticate_basic_auth(self, request: Any) -> bool:
        """False for credentials that are not ASCII, which no base64 is, and which the library fails at."""
        given = self._extract_basic_auth(request) or ""
        return given.isascii() and bool(super()._authenticate_basic_auth(request))

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        """None for what no database takes, which HTTP Basic authentication may bring."""
        return None if client_id and "\0" in client_id else super()._load_application(client_id, request)

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        return redirect_allowed(request.client, redirect_uri)

    def is_origin_allowed(self, client_id: str, origin: str, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the pages of an origin may read the answer. The library fails at an origin that is no address."""
        try:
            return bool(super().is_origin_allowed(client_id, origin, request, *args, **kwargs))
        except ValueError:
            return False

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Public applications must prove their code request; confidential ones have a secret, and may.

        What would not be kept with the code is refused here, before anybody is asked to consent: a challenge that is
        not S256, its method without it, a nonce that is too long. All else has no limit, or is compared with what is.
        """
        challenge, method = request.code_challenge, request.code_challenge_method
        if (challenge, method) != (None, None) and (method != "S256" or not CHALLENGE.fullmatch(challenge or "")):
            raise InvalidRequestError(description='Send a code_challenge made with "S256".', request=request)
        if len(request.nonce or "") > NONCE_LENGTH:
            raise InvalidRequestError(description=f"A nonce has at most {NONCE_LENGTH} characters.", request=request)
        application = get_application_model().objects.filter(client_id=client_id).first()
        return application is None or application.client_type == application.CLIENT_PUBLIC

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Resources come as a list, from the form or from what needs none: a text is of the address alone."""
        if isinstance(request.resource, str):
            description = "The form names no resource, and the address does."
            raise CustomOAuth2Error(error="invalid_target", description=description, request=request)
        super().save_authorization_code(client_id, code, request, *args, **kwargs)

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Which applications may use which grants. The library's own warns of the password grant at every use."""
        return bool(request.client.allows_grant_type(*GRANT_TYPE_MAPPING[grant_type]))

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        found: bool = super().validate_code(client_id, code, client, request, *args, **kwargs)
        if not found:
            actions.end_tokens_of_code(code, client)
        return found and may_sign_in(request.user)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        found: bool = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return found and may_sign_in(request.user)

    def _save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> None:
        """What the library calls inside a transaction.

        What the request was found good by may be gone since. A new password waits for this transaction, or this for it:
        it ends all tokens of the person. Of two requests that refresh with one token at the same time the library
        would answer the second with the tokens of the first, which it does not have: only their checksums are stored.
        Of two with one code the second finds it gone.
        """
        person = User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        used = getattr(request, "refresh_token_instance", None)
        left = get_refresh_token_model().objects.select_for_update().filter(pk=used and used.pk, revoked=None)
        if person.password != request.user.password or (used and not left):
            raise InvalidGrantError(request=request)
        super()._save_bearer_token(token, request, *args, **kwargs)
        if request.grant_type == "authorization_code":
            codes = get_grant_model().objects
            if not codes.filter(code=request.code, application=request.client).delete()[0]:
                raise get_grant_model().DoesNotExist  # as the library does wherever it misses the code

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Done with the writing of the tokens, in its transaction; the library would do it after."""

    def _create_refresh_token(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        token = super()._create_refresh_token(request, *args, **kwargs)
        if request.grant_type == "authorization_code":
            token.token_family = rules.code_family(request.code)
            token.save(update_fields=["token_family"])
        return token


def may_sign_in(user: User) -> bool:
    return user.is_active and user.deleted_at is None
