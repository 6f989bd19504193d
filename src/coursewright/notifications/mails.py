"""Mails about notifications: their words, and how one is put together."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from coursewright.accounts.mails import in_language, one_line, site
from coursewright.notifications import rules

SALT = "coursewright.unsubscribe"

WORDS: dict[str, dict[str, str]] = {
    "en": {
        rules.INVITED: "{who} invited you to the course “{course}”.",
        rules.REQUESTED: "{who} asked to join the course “{course}”.",
        rules.ACCEPTED: "{who} let you into the course “{course}”.",
        rules.ADDED: "{who} added you to the course “{course}”.",
        rules.MANAGER: "{who} made you a manager of the course “{course}”.",
        rules.COMMENTED: "{who} commented on a lesson of the course “{course}”.",
        "digest": "What happened in your courses",
        "hello": "Hello {name},",
        "open": "Open your courses",
        "why": "You get this mail because you take part in courses here.",
        "unsubscribe": "Stop these mails",
    },
    "it": {
        rules.INVITED: "{who} ti ha invitato al corso «{course}».",
        rules.REQUESTED: "{who} ha chiesto di partecipare al corso «{course}».",
        rules.ACCEPTED: "{who} ti ha ammesso al corso «{course}».",
        rules.ADDED: "{who} ti ha aggiunto al corso «{course}».",
        rules.MANAGER: "{who} ti ha reso gestore del corso «{course}».",
        rules.COMMENTED: "{who} ha commentato una lezione del corso «{course}».",
        "digest": "Che cosa è successo nei tuoi corsi",
        "hello": "Ciao {name},",
        "open": "Apri i tuoi corsi",
        "why": "Ricevi questa e-mail perché partecipi ai corsi di questo sito.",
        "unsubscribe": "Non ricevere più queste e-mail",
    },
    "de": {
        rules.INVITED: "{who} hat dich zum Kurs „{course}“ eingeladen.",
        rules.REQUESTED: "{who} möchte am Kurs „{course}“ teilnehmen.",
        rules.ACCEPTED: "{who} hat dich in den Kurs „{course}“ aufgenommen.",
        rules.ADDED: "{who} hat dich zum Kurs „{course}“ hinzugefügt.",
        rules.MANAGER: "{who} hat dir die Leitung des Kurses „{course}“ gegeben.",
        rules.COMMENTED: "{who} hat eine Lektion des Kurses „{course}“ kommentiert.",
        "digest": "Was in deinen Kursen geschehen ist",
        "hello": "Hallo {name},",
        "open": "Deine Kurse öffnen",
        "why": "Du bekommst diese Mail, weil du hier an Kursen teilnimmst.",
        "unsubscribe": "Diese Mails nicht mehr bekommen",
    },
    "fr": {
        rules.INVITED: "{who} vous a invité au cours « {course} ».",
        rules.REQUESTED: "{who} demande à rejoindre le cours « {course} ».",
        rules.ACCEPTED: "{who} vous a admis au cours « {course} ».",
        rules.ADDED: "{who} vous a ajouté au cours « {course} ».",
        rules.MANAGER: "{who} vous a nommé gestionnaire du cours « {course} ».",
        rules.COMMENTED: "{who} a commenté une leçon du cours « {course} ».",
        "digest": "Les nouvelles de vos cours",
        "hello": "Bonjour {name},",
        "open": "Ouvrir vos cours",
        "why": "Vous recevez ce message parce que vous participez à des cours ici.",
        "unsubscribe": "Ne plus recevoir ces messages",
    },
    "es": {
        rules.INVITED: "{who} te ha invitado al curso «{course}».",
        rules.REQUESTED: "{who} ha pedido unirse al curso «{course}».",
        rules.ACCEPTED: "{who} te ha admitido en el curso «{course}».",
        rules.ADDED: "{who} te ha añadido al curso «{course}».",
        rules.MANAGER: "{who} te ha hecho gestor del curso «{course}».",
        rules.COMMENTED: "{who} ha comentado una lección del curso «{course}».",
        "digest": "Lo que ha pasado en tus cursos",
        "hello": "Hola, {name}:",
        "open": "Abrir tus cursos",
        "why": "Recibes este correo porque participas en cursos aquí.",
        "unsubscribe": "No recibir más estos correos",
    },
}


class Told(NamedTuple):
    """One thing a mail tells."""

    type: str
    who: str
    course: str


def unsubscribe_token(user_id: int) -> str:
    """What proves, without signing in, that a person asks for no more mails."""
    return signing.dumps(user_id, salt=SALT)


def user_of(token: str) -> int | None:
    """The person of a token; None when it is no good one."""
    try:
        found = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None


def mail(user_id: int, name: str, address: str, language: str, told: Sequence[Told]) -> EmailMultiAlternatives:
    """A mail to one person, with a text and an HTML part and a link that ends these mails."""
    texts = in_language(WORDS, language)
    lines = [one_line(texts[item.type].format(who=item.who, course=item.course)) for item in told]
    unsubscribe = f"{site()}/unsubscribe/{unsubscribe_token(user_id)}/"
    context = {
        "language": language,
        "hello": one_line(texts["hello"].format(name=name)),
        "lines": lines,
        "courses_url": settings.APPLICATION_URL or f"{site()}/",
        "open": texts["open"],
        "why": texts["why"],
        "unsubscribe": texts["unsubscribe"],
        "unsubscribe_url": unsubscribe,
    }
    subject = lines[0] if len(lines) == 1 else texts["digest"]
    message = EmailMultiAlternatives(
        subject[:200],
        render_to_string("coursewright/mail.txt", context),
        to=[address],
        headers={"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    message.attach_alternative(render_to_string("coursewright/mail.html", context), "text/html")
    return message
