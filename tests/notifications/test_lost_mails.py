"""Mails of real workers, one of which is killed, or which are at it at once."""

import pytest

from tests.cli.lost import at_work, make_due, pass_by, states
from tests.cli.test_stop import wait_until
from tests.notifications.smtp import mail_server
from tests.servers import MakeServer

INVITE = """
from tests.factories import make_course, make_invited, make_user
make_invited(make_course(make_user()), make_user("leo", email="leo@example.org"))
"""
ONCE_MORE = """
from coursewright.notifications.models import Notification
from coursewright.notifications.tasks import send_mails
send_mails.enqueue(list(Notification.objects.values_list("pk", flat=True)))
"""
LEO = "leo@example.org"


@pytest.mark.parametrize("silent, mailed", [("greeting", [LEO]), ("mail", [LEO, LEO])])
def test_a_worker_that_is_killed_while_it_mails(silent: str, mailed: list[str], make_server: MakeServer) -> None:
    """The mail comes later; twice if the mail server had it already, which nobody could write down."""
    with mail_server(silent) as smtp:
        server = make_server(EMAIL_URL=smtp.url)
        server.script(INVITE)
        with at_work(server):
            wait_until(smtp.came.is_set)
        smtp.silent = ""
        pass_by(server, 31)
        with at_work(server):
            wait_until(lambda: states(server) == [["READY", 1]])
            make_due(server)
            wait_until(lambda: states(server) == [["SUCCESSFUL", 2]])
        assert smtp.mailed == mailed


def test_two_workers_do_the_same_at_once(make_server: MakeServer) -> None:
    with mail_server("greeting") as smtp:
        server = make_server(EMAIL_URL=smtp.url)
        server.script(INVITE + ONCE_MORE)
        with at_work(server), at_work(server):
            wait_until(smtp.came.is_set)
            wait_until(lambda: sorted(states(server)) == [["RUNNING", 1], ["SUCCESSFUL", 1]])
            smtp.speak.set()
            wait_until(lambda: states(server) == [["SUCCESSFUL", 1]] * 2)
        assert smtp.mailed == [LEO]
