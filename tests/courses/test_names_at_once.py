"""Two requests that take the same name, or the same slug, at the same time: two processes at one database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from coursewright.accounts.actions import issue_token
from tests.factories import make_user

ROUNDS = 12
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from coursewright.accounts.actions import issue_token
from tests.factories import make_user
print(issue_token(make_user(), days=1, application="tests"))
"""
WRITER = """
import sys
import django
django.setup()
from tests.client import BUDGET, Api, codes
BUDGET["write"] = 99  # what is tried again, because another took the name, takes its statements again
api = Api(token=sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    path, name, slug = line.strip().split("|")
    body = {"name": name, "type": "self-paced", "privacy": "open", **({"slug": slug} if slug else {})}
    answer = api.post(path, body)
    print(answer.status, answer.body["slug"] if answer.status == 201 else codes(answer), flush=True)
"""


def environment(data: Path) -> dict[str, str]:
    """The surroundings of a server: a database file of its own, or the PostgreSQL of the tests."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("COURSEWRIGHT_")}
    if connection.vendor == "postgresql":
        url = os.environ["COURSEWRIGHT_DATABASE_URL"]
        path, _, query = url.partition("?")
        name = connection.settings_dict["NAME"]
        found["COURSEWRIGHT_DATABASE_URL"] = f"{path.rpartition('/')[0]}/{name}{'?' + query if query else ''}"
    return {
        **found,
        "COURSEWRIGHT_DATA_DIR": str(data),
        "COURSEWRIGHT_ALLOWED_HOSTS": "testserver",
        "COURSEWRIGHT_TESTING": "1",
        "DJANGO_SETTINGS_MODULE": "coursewright.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONWARNINGS": "ignore",
    }


class Writer:
    """A process that writes what it is told."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def writers(transactional_db: None, tmp_path: Path) -> Iterator[list[Writer]]:
    """Three processes with the token of an administrator."""
    surroundings = environment(tmp_path)
    if connection.vendor == "postgresql":
        token = issue_token(make_user(role="admin"), days=1, application="tests")
    else:
        prepare = PREPARE.replace("make_user()", 'make_user(role="admin")')
        token = subprocess.check_output([sys.executable, "-c", prepare], env=surroundings, text=True).split()[-1]
    with ExitStack() as stack:
        found = [
            Writer(
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-c", WRITER, token],
                        env=surroundings,
                        text=True,
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                    )
                )
            )
            for _ in range(3)
        ]
        assert [writer.hear() for writer in found] == ["ready"] * 3
        yield found
        for writer in found:
            assert writer.process.stdin is not None
            writer.process.stdin.close()


def at_once(writers: list[Writer], lines: list[str]) -> list[str]:
    """What each answered to its line, all sent at the same time."""
    for writer, line in zip(writers, lines, strict=True):
        writer.tell(line)
    return sorted(writer.hear() for writer in writers)


def test_one_gets_the_name_and_the_others_hear_that_it_is_taken(writers: list[Writer]) -> None:
    for place in range(ROUNDS):
        lines = [f"course/|{name} {place}|" for name in ("Maths", "MATHS", "\uff2daths")]
        taken = "400 [('name', ['unique'])]"
        assert at_once(writers, lines) == [f"201 maths-{place}", taken, taken]


def test_slugs_made_from_names_give_way_and_slugs_that_were_sent_do_not(writers: list[Writer]) -> None:
    for place in range(ROUNDS):
        answers = at_once(writers, [f"course/|{name} {place}|" for name in ("Art!", "Art?", "Art.")])
        assert answers == [f"201 art-{place}", f"201 art-{place}-2", f"201 art-{place}-3"]
        answers = at_once(writers, [f"course/|{name} {place}|own-{place}" for name in ("One", "Two", "Three")])
        taken = "400 [('slug', ['unique'])]"
        assert answers == [f"201 own-{place}", taken, taken]


def test_categories(writers: list[Writer]) -> None:
    for place in range(ROUNDS):
        lines = [f"category/|{name} {place}|{slug}-{place}" for name, slug in (("A", "x"), ("a", "y"), ("A", "z"))]
        answers = [answer[:32] for answer in at_once(writers, lines)]
        assert [answer[:3] for answer in answers] == ["201", "400", "400"]
        assert answers[1:] == ["400 [('name', ['unique'])]"] * 2
