"""Writes about people."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_refresh_token_model,
)

from coursewright.accounts import rules
from coursewright.accounts.models import NameEnding, User
from coursewright.foundation import events, tallies
from coursewright.foundation.batches import batches
from coursewright.foundation.errors import Faults, PermissionDenied, invalid
from coursewright.foundation.tallies import Tally
from coursewright.foundation.text import endings, name_key

PEOPLE = Tally("people")
TAKEN = "A user with this username already exists."


def _keys(values: dict[str, Any]) -> dict[str, Any]:
    keys = {f"{name}_key": name_key(values[name]) for name in ("username", "real_name") if name in values}
    return {**values, **keys}


@transaction.atomic
def add_user(username: str, password: str | None, *, at: datetime, by: int | None = None, **values: Any) -> int:
    """Adds a person and answers the id. Without a password they cannot sign in with one.

    Invalid: a username that is taken or not good (``unique``, ``invalid``), an unknown role (``invalid_choice``).
    """
    faults = Faults(("username", "role"))
    _check_username(username, faults)
    if values.get("role", "") not in User.Role.values:
        faults.add("role", "invalid_choice", f'"{values["role"]}" is not a valid choice.')
    faults.settle()
    user = User(**_keys({"username": username, **values}), password=make_password(password), date_joined=at)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # another took the username since the check
        raise invalid("username", TAKEN, "unique") from None
    write_endings([user])
    tallies.add({PEOPLE: _counts(user)})
    events.record("user.created", at=at, by=by, object_id=user.pk, after={"username": username, **_plain(values)})
    return user.pk


@transaction.atomic
def change_user(user: User, values: dict[str, Any], *, at: datetime, by: int | None) -> None:
    """Writes those values of a person that differ. Invalid: a username that is taken or not good."""
    faults = Faults(("username",))
    if "username" in values:
        _check_username(values["username"], faults, but=user.pk)
    faults.settle()
    stored = User.objects.select_for_update().get(pk=user.pk)
    new = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if not new:
        return
    before, counted = {name: getattr(stored, name) for name in new}, _counts(stored)
    for name, value in _keys(new).items():
        setattr(stored, name, value)
    try:
        with transaction.atomic():
            stored.save(update_fields=list(_keys(new)))
    except IntegrityError:  # another took the username since the check
        raise invalid("username", TAKEN, "unique") from None
    if new.keys() & {"username", "real_name"}:
        NameEnding.objects.filter(user=stored).delete()
        write_endings([stored])
    tallies.add({PEOPLE: _counts(stored) - counted})
    events.record("user.changed", at=at, by=by, object_id=user.pk, before=_plain(before), after=_plain(new))


def _check_username(username: str, faults: Faults, *, but: int = 0) -> None:
    """Faults: not a good name, or that of another than ``but`` (0: nobody)."""
    if not rules.good_username(username):
        faults.add("username", "invalid", "A username is a printable line of up to 255 characters without slashes.")
    elif User.objects.filter(username_key=name_key(username), deleted_at=None).exclude(pk=but).exists():
        faults.add("username", "unique", TAKEN)


def write_endings(people: Iterable[User]) -> None:
    """Keeps what search finds people by; what was kept before must be gone."""
    insert = "INSERT INTO coursewright_nameending (user_id, ending) VALUES (%s, %s)"
    found = ((user.pk, ending) for user in people for ending in endings(user.username_key, user.real_name_key))
    with connection.cursor() as cursor:
        for batch in batches(found, 10_000):
            cursor.executemany(insert, batch)


def _counts(user: User) -> int:
    """1 for a person whom lists of people show, else 0."""
    return int(user.is_active and user.deleted_at is None)


def set_password(user: User, password: str | None, *, at: datetime, by: int | None) -> None:
    """Replaces a password, and ends all tokens: whoever had the old one may have them. None: no password opens the
    account. PermissionDenied: the person who does it was known by a password that was replaced meanwhile."""
    hashed = make_password(password)
    with transaction.atomic():
        stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if by == user.pk and stored.password != user.password:
            raise PermissionDenied("The password was changed meanwhile.")
        user.password = hashed
        user.save(update_fields=["password"])
        _end_tokens(user)
        events.record("user.password_changed", at=at, by=by, object_id=user.pk)


def delete_user(user: User, *, at: datetime, by: int | None) -> None:
    """Marks a person deleted: they cannot sign in, their tokens are gone, their username is free."""
    with transaction.atomic():
        change_user(user, {"deleted_at": at}, at=at, by=by)
        _end_tokens(user)


def _end_tokens(user: User) -> None:
    """Ends what was given out for a person over OAuth 2. A JSON Web Token ends with its time only."""
    for model in (get_access_token_model(), get_refresh_token_model(), get_grant_model()):
        model.objects.filter(user=user).delete()


def end_tokens_of_code(code: str, application: Any = None) -> None:
    """Ends what an authorization code gave (RFC 6749 section 4.1.2), if it gave anything; to another application than
    this one, nothing."""
    family, model = rules.code_family(code), get_refresh_token_model()
    if application is None or model.objects.filter(token_family=family, application=application).exists():
        model.revoke_family(family)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "password"}


def issue_token(user: User, *, days: int, application: str, replace: bool = False) -> str:
    """A bearer token for a person, valid for so many days of real time; ``replace`` ends their earlier ones of it.

    Only its checksum is stored.
    """
    tokens = get_access_token_model().objects
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        owner, _ = get_application_model().objects.get_or_create(
            client_id=application,  # unique: two who ask for the first token at once make one application
            defaults={
                "name": application,
                "client_type": "confidential",
                "authorization_grant_type": "client-credentials",
                "client_secret": secrets.token_urlsafe(32),
            },
        )
        if replace:
            tokens.filter(user=user, application=owner).delete()
        tokens.create(
            user=user,
            application=owner,
            token="",
            token_checksum=hashlib.sha256(token.encode()).hexdigest(),
            expires=timezone.now() + timedelta(days=days),
            scope="read write",
        )
    return token
