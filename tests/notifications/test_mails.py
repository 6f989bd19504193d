"""Mails about what happens: to whom, when, and how often (``qa_frequency``)."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from coursewright import jobs
from coursewright.accounts.models import User
from coursewright.courses.models import Course
from coursewright.learning.actions import standings
from coursewright.notifications import mails, rules, tasks
from coursewright.notifications.actions import change_settings
from coursewright.notifications.models import Notification
from tests.clock import Clock
from tests.factories import NOW, make_course, make_invited, make_joined, make_user
from tests.notifications.outbox import mail_server_is_away, make_due, results, run_jobs, subjects

DAY = timedelta(days=1)


def make_reader(name: str = "leo", **values: str) -> User:
    return make_user(name, email=f"{name}@example.org", **values)


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], None]) -> None:
    """Does something while a mail is being sent."""
    send = EmailBackend.send_messages

    def told(backend: EmailBackend, messages: list[EmailMessage]) -> int:
        do()
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", told)


def tries() -> list[int]:
    """How often each job was tried."""
    return [len(names) for names in DBTaskResult.objects.values_list("worker_ids", flat=True)]


def sent() -> EmailMultiAlternatives:
    """The one mail there is."""
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def test_one_mail_at_once() -> None:
    course = make_course(make_user(real_name="Ann Rossi"), "Maths & more")
    leo = make_invited(course, make_reader(real_name="Leo"))
    run_jobs()
    message, line = sent(), "Ann Rossi invited you to the course “Maths & more”."
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert mails.user_of(link.removeprefix("http://127.0.0.1:8000/unsubscribe/").removesuffix("/")) == leo.pk
    assert (message.to, message.subject, message.from_email) == (
        ["leo@example.org"],
        line,
        "coursewright@localhost",
    )
    assert message.extra_headers == {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert (
        str(message.body).split()
        == (
            f"Hello Leo, {line} Open your courses: http://127.0.0.1:8000/ -- "
            f"You get this mail because you take part in courses here. Stop these mails: {link}"
        ).split()
    )
    [(page, kind)] = message.alternatives
    assert kind == "text/html"
    assert f"<p>{line.replace('&', '&amp;')}</p>" in str(page)
    assert f'<a href="{link}">' in str(page)
    assert '<html lang="en">' in str(page)
    assert results() == {"SUCCESSFUL": 1}
    assert Notification.objects.filter(is_mailed=True).count() == 1


def test_a_mail_leads_to_the_application(settings: Settings) -> None:
    settings.PUBLIC_URL, settings.APPLICATION_URL = "https://learn.example.org", "https://app.example.org/courses?a=1"
    make_invited(make_course(make_user()), make_reader())
    run_jobs()
    message = sent()
    assert "Open your courses: https://app.example.org/courses?a=1\n" in str(message.body)
    assert '<a href="https://app.example.org/courses?a=1">Open your courses</a>' in str(message.alternatives[0][0])
    assert message.extra_headers["List-Unsubscribe"].startswith("<https://learn.example.org/unsubscribe/")


@pytest.mark.parametrize(
    "language, subject, hello",
    [
        ("en", "ann invited you to the course “Maths”.", "Hello leo,"),
        ("it", "ann ti ha invitato al corso «Maths».", "Ciao leo,"),
        ("de-AT", "ann hat dich zum Kurs „Maths“ eingeladen.", "Hallo leo,"),
        ("FR", "ann vous a invité au cours « Maths ».", "Bonjour leo,"),
        ("es", "ann te ha invitado al curso «Maths».", "Hola, leo:"),
        ("tlh", "ann invited you to the course “Maths”.", "Hello leo,"),
    ],
)
def test_in_the_language_of_the_person(language: str, subject: str, hello: str) -> None:
    make_invited(make_course(make_user()), make_reader(language=language))
    run_jobs()
    assert (sent().subject, str(sent().body).splitlines()[0]) == (subject, hello)


def test_every_language_says_everything() -> None:
    assert set(mails.WORDS) == {"en", "it", "de", "fr", "es"}
    assert [set(words) for words in mails.WORDS.values()] == [set(mails.WORDS["en"])] * 5
    for words in mails.WORDS.values():
        for name, text in words.items():
            fields = {"who", "course"} if name.startswith(("user_", "manager_")) else {"name"} & {name}
            assert all(f"{{{field}}}" in text for field in fields)


def test_nobody_without_an_address_or_a_wish() -> None:
    course = make_course(make_user())
    make_invited(course, make_user("kay"))
    silent = make_reader("lou")
    change_settings(silent.pk, {"qa_frequency": rules.NEVER})
    make_invited(course, silent)
    gone, later, hidden = make_reader("gone"), make_reader("later"), make_reader("hidden")
    for user in (gone, later, hidden):
        make_invited(course, user)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    change_settings(later.pk, {"qa_frequency": rules.NEVER})
    standings.uninvite(course.pk, [hidden.pk], at=NOW, by=course.created_by_id)
    Course.objects.update(privacy="secret")
    run_jobs()
    assert (subjects(), results()) == ([], {"SUCCESSFUL": 3})


def test_a_job_that_runs_twice_sends_once() -> None:
    make_invited(make_course(make_user()), make_reader())
    run_jobs()
    tasks.send_mails.func(list(Notification.objects.values_list("pk", flat=True)))
    assert len(subjects()) == 1


def test_what_is_being_mailed_is_left_to_who_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker that comes meanwhile, by a job that came twice or was taken for lost, mails nothing."""
    make_invited(make_course(make_user()), make_reader())
    ids = list(Notification.objects.values_list("pk", flat=True))
    meanwhile(monkeypatch, lambda: tasks.send_mails.func(ids))
    run_jobs()
    assert subjects() == [("leo@example.org", "ann invited you to the course “Maths”.")]


def test_a_claim_is_over_after_four_minutes() -> None:
    """Its worker is dead then; its job waits for longer than that, so that it finds no claim of its own."""
    make_invited(make_course(make_user()), make_reader())
    [id] = Notification.objects.values_list("pk", flat=True)
    for left in (timedelta(seconds=10), timedelta(0)):
        Notification.objects.update(claimed_until=timezone.now() + left)
        tasks.send_mails.func([id])
        assert len(mail.outbox) == (0 if left else 1)
    Notification.objects.update(is_mailed=False)
    tasks.send_mails.func([id])
    assert len(mail.outbox) == 1
    claim = Notification.objects.get().claimed_until
    assert claim is not None
    assert timedelta(minutes=3, seconds=50) < claim - timezone.now() <= timedelta(minutes=4) < jobs.WAITS[0]


def test_many_mails_are_jobs_of_their_own() -> None:
    """So that no job takes long, and several workers share them."""
    course = make_course(make_user())
    people = [make_reader(f"user{number}") for number in range(45)]
    standings.invite(course.pk, [user.pk for user in people], at=NOW, by=course.created_by_id)
    assert results() == {"READY": 1}
    run_jobs()
    assert sorted(to for to, _ in subjects()) == sorted(user.email for user in people)
    assert results() == {"SUCCESSFUL": 4}


def test_a_job_of_an_earlier_version() -> None:
    """It counted the tries itself."""
    make_invited(make_course(make_user()), make_reader())
    tasks.send_mails.enqueue(list(Notification.objects.values_list("pk", flat=True)), 1)
    tasks.send_digest.enqueue(1, 1)
    run_jobs()
    assert (len(subjects()), results()) == (1, {"SUCCESSFUL": 3})


def test_a_daily_digest(clock: Clock) -> None:
    """One mail a day with everything since the last, however much there was."""
    ann, leo = make_user(), make_reader()
    change_settings(leo.pk, {"qa_frequency": rules.DAILY})
    for name in ("Maths", "Physics"):
        make_invited(make_course(ann, name), leo)
    run_jobs()
    assert (subjects(), results()) == ([], {"SUCCESSFUL": 2, "READY": 2})
    clock.set(NOW + DAY)
    late = make_course(ann, "Late")
    standings.invite(late.pk, [leo.pk], at=NOW + DAY / 2, by=ann.pk)
    make_due()
    run_jobs()
    lines = [line for line in str(sent().body).splitlines() if line.startswith("ann")]
    assert lines == [f"ann invited you to the course “{name}”." for name in ("Maths", "Physics", "Late")]
    assert subjects() == [("leo@example.org", "What happened in your courses")]
    standings.change_roles(late.pk, {"joined": [leo.pk]}, at=NOW + DAY, by=ann.pk)
    make_due()
    run_jobs()
    make_due()
    run_jobs()
    assert subjects() == []
    clock.set(NOW + 2 * DAY)
    tasks.send_digest.func(leo.pk)
    assert subjects() == [("leo@example.org", "ann added you to the course “Late”.")]


def test_what_comes_while_a_digest_is_mailed_is_for_the_next(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, leo = make_user(), make_reader()
    change_settings(leo.pk, {"qa_frequency": rules.DAILY})
    make_invited(make_course(ann), leo)
    run_jobs()
    clock.set(NOW + DAY)
    make_due()
    late = make_course(ann, "Late")

    def come() -> None:
        standings.invite(late.pk, [leo.pk], at=NOW + DAY, by=ann.pk)
        tasks.send_digest.func(leo.pk)

    meanwhile(monkeypatch, come)
    run_jobs()
    assert subjects() == [("leo@example.org", "ann invited you to the course “Maths”.")]


def test_no_digest_for_who_wants_none_by_now(clock: Clock) -> None:
    leo = make_reader()
    change_settings(leo.pk, {"qa_frequency": rules.DAILY})
    make_invited(make_course(make_user()), leo)
    run_jobs()
    change_settings(leo.pk, {"qa_frequency": rules.NEVER})
    change_settings(leo.pk, {"qa_frequency": rules.DAILY})
    clock.set(NOW + DAY)
    make_due()
    run_jobs()
    assert subjects() == []


def test_what_was_refused_before_does_not_hold_up_a_digest(clock: Clock) -> None:
    """What never was mailed, here about a course that is hidden by now, is no reason to be silent about the rest."""
    ann, leo = make_user(), make_reader()
    change_settings(leo.pk, {"qa_frequency": rules.DAILY})
    make_invited(make_course(ann, "Physics"), leo)
    Course.objects.update(privacy="")
    make_invited(make_course(ann), leo)
    run_jobs()
    clock.set(NOW + DAY)
    make_due()
    run_jobs()
    assert subjects() == [("leo@example.org", "ann invited you to the course “Maths”.")]


def test_a_mail_server_that_is_away() -> None:
    """The job fails, and is tried again; then everybody has their mail, once."""
    course = make_course(make_user())
    people = [make_reader(name) for name in ("leo", "kay")]
    standings.invite(course.pk, [user.pk for user in people], at=NOW, by=course.created_by_id)
    with mail_server_is_away():
        run_jobs()
    assert (subjects(), results()) == ([], {"READY": 1})
    assert Notification.objects.filter(is_mailed=False).count() == 2
    make_due()
    run_jobs()
    line = "ann invited you to the course “Maths”."
    assert subjects() == [("kay@example.org", line), ("leo@example.org", line)]
    assert results() == {"SUCCESSFUL": 1}


def test_a_mail_server_that_stays_away(clock: Clock) -> None:
    """Five attempts; a digest is tried as often. Nothing is lost: it is in the list, and in the next digest."""
    leo = make_invited(make_course(make_user()), make_reader())
    with mail_server_is_away():
        for _ in range(7):
            run_jobs()
            make_due()
        assert (results(), tries()) == ({"FAILED": 1}, [5])
        change_settings(leo.pk, {"qa_frequency": rules.DAILY})
        clock.set(NOW + DAY)
        tasks.send_digest.enqueue(leo.pk)
        for _ in range(7):
            run_jobs()
            make_due()
        assert (results(), tries()) == ({"FAILED": 2}, [5, 5])
    tasks.send_digest.func(leo.pk)
    assert subjects() == [("leo@example.org", "ann invited you to the course “Maths”.")]


def test_names_cannot_write_headers_or_lines() -> None:
    ann = make_user(real_name="Ann\r\nBcc: all@example.org")
    make_joined(
        make_course(ann, "Maths\n\nStop these mails: https://evil.example.org/\n<b>"), make_reader(real_name="L\neo")
    )
    run_jobs()
    message = message_from_bytes(sent().message().as_bytes(), policy=default)
    subject = (
        "Ann Bcc: all@example.org added you to the course “Maths Stop these mails: https://evil.example.org/ <b>”."
    )
    assert (message["Subject"].strip(), message["Bcc"], message["To"]) == (subject, None, "leo@example.org")
    assert str(sent().body).splitlines()[:3] == ["Hello L eo,", "", subject]
    assert "<b>" not in str(sent().alternatives[0][0])
