"""Mails about accounts: the link by which a person chooses a password. And what mails of all kinds have in common."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from coursewright.accounts.models import User

LOCAL = "http://127.0.0.1:8000"
WORDS = {
    "en": {
        "subject": "Choose a new password",
        "hello": "Hello {name},",
        "what": "With this link you choose a new password for your account “{username}”. It works once, for a day:",
        "why": "Somebody asked for it on our page. If that was not you, you need not do anything.",
    },
    "it": {
        "subject": "Scegli una nuova password",
        "hello": "Ciao {name},",
        "what": "Con questo link scegli una nuova password per il tuo account «{username}». "
        "Vale una volta, per un giorno:",
        "why": "Qualcuno l'ha chiesto sulla nostra pagina. Se non sei stato tu, non devi fare nulla.",
    },
    "de": {
        "subject": "Neues Passwort wählen",
        "hello": "Hallo {name},",
        "what": "Mit diesem Link wählst du ein neues Passwort für dein Konto „{username}“. "
        "Er gilt einmal, einen Tag lang:",
        "why": "Jemand hat auf unserer Seite darum gebeten. Wenn du es nicht warst, musst du nichts tun.",
    },
    "fr": {
        "subject": "Choisir un nouveau mot de passe",
        "hello": "Bonjour {name},",
        "what": "Ce lien vous permet de choisir un nouveau mot de passe pour votre compte « {username} ». "
        "Il est valable une fois, pendant un jour :",
        "why": "Quelqu'un l'a demandé sur notre page. Si ce n'était pas vous, vous n'avez rien à faire.",
    },
    "es": {
        "subject": "Elige una contraseña nueva",
        "hello": "Hola, {name}:",
        "what": "Con este enlace eliges una contraseña nueva para tu cuenta «{username}». "
        "Sirve una vez, durante un día:",
        "why": "Alguien lo pidió en nuestra página. Si no fuiste tú, no tienes que hacer nada.",
    },
}


def site() -> str:
    """The origin that links in mails begin with."""
    return settings.PUBLIC_URL or LOCAL


def in_language(words: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The words of a language, or of English when there are none."""
    return words.get(language.partition("-")[0].lower(), words["en"])


def one_line(text: str) -> str:
    """The text on one line: names may hold line ends, which would begin a new header or paragraph."""
    return " ".join(text.split())


def password_link(user: User) -> str:
    """An address where whoever has it chooses the person's password, once and for a day."""
    id = urlsafe_base64_encode(force_bytes(user.pk))
    query = urlencode({"token": default_token_generator.make_token(user)})
    return f"{site()}{reverse('choose-password', args=[id])}?{query}"


def password_mail(user: User) -> EmailMessage:
    """The mail with that link."""
    texts = in_language(WORDS, user.language)
    names = {"name": user.real_name or user.username, "username": user.username}
    context = {name: one_line(text.format(**names)) for name, text in texts.items()} | {"link": password_link(user)}
    return EmailMessage(texts["subject"], render_to_string("coursewright/password_mail.txt", context), to=[user.email])
