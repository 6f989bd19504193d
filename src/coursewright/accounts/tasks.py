"""Jobs about accounts."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django_tasks import task

from coursewright.accounts import mails
from coursewright.accounts.models import User
from coursewright.api import throttling
from coursewright.foundation.text import name_key

PAUSE = 300
"""Seconds of the windows of time in each of which one mail to a person can be asked for."""
MOST = 10
"""People with one address who are mailed."""


@task()
def mail_password_links(who: str) -> None:
    """Sees to it that those who have this username or email address, and a password already, are mailed a link.

    Whether there are any is found out here, and not while somebody waits who could tell by the time it takes.
    """
    people = User.objects.active().exclude(email="")
    so_named, at_address = (
        people.filter(username_key=name_key(who)),
        people.filter(Exact(Lower("email"), Lower(Value(who)))),
    )
    with transaction.atomic():
        for person in (*so_named, *at_address[:MOST]):
            if person.has_usable_password() and throttling.is_first(f"password:{person.pk}", PAUSE):
                mail_password_link.enqueue(person.pk)


@task()
def mail_password_link(user_id: int) -> None:
    """Mails a person a link to choose a password; a job of its own, so that no other is mailed again when it fails."""
    person = User.objects.active().filter(pk=user_id).exclude(email="").first()
    if person:
        mails.password_mail(person).send()
