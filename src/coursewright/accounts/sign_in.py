"""Signing in with a password: on the pages, and through the OAuth 2 password grant."""

from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from oauth2_provider.models import get_application_model
from oauth2_provider.oauth2_validators import OAuth2Validator

from coursewright.accounts.models import User
from coursewright.foundation.text import name_key


class PasswordBackend:
    """Usernames are compared without case."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The active person with this username and password, or None; as slow for an unknown name as for a known one."""
        if username is None or password is None or "\0" in username:
            return None
        user = User.objects.filter(username_key=name_key(username), deleted_at=None).first()
        if user is None:
            make_password(password)
            return None
        good = check_password(password, user.password)
        return user if good and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, while they may sign in."""
        return User.objects.filter(pk=user_id, is_active=True, deleted_at=None).first()


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """The library's validator, stricter about people and, for confidential applications, as the contract has it."""

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Public applications must prove their code request; confidential ones have a secret, and may."""
        application = get_application_model().objects.filter(client_id=client_id).first()
        return application is None or application.client_type == application.CLIENT_PUBLIC

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        found: bool = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return found and request.user.is_active and request.user.deleted_at is None
