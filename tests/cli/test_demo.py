"""``coursewright demo``, and ``serve --demo``."""

import json
import re
import stat
import subprocess
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from coursewright import demo
from coursewright.accounts.models import User
from coursewright.courses.models import Course, Lesson, Membership, Section
from coursewright.learning.models import Completion
from tests.cli.commands import refused, run
from tests.client import Api, Remote
from tests.factories import make_user
from tests.servers import MakeServer

ADDRESS = "http://127.0.0.1:8000"
SAID = re.compile(
    r"""Coursewright is at (?P<address>\S+)

Sign in as
  teacher  (?P<teacher>\S{12})   (?P=address)/sign-in/
  admin    (?P<admin>\S{12})   (?P=address)/admin/

A token of teacher, good for 30 days:
  (?P<token>\S{43})

Set the day on which a section opens to its learners:
  (?P<curl>curl .+)
"""
)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def said(output: str) -> dict[str, str]:
    match = SAID.fullmatch(output)
    assert match, output
    return match.groupdict()


def test_it_fills_an_empty_server() -> None:
    done = run("demo", "--address", "https://learn.example.org")
    assert (done.status, done.errors) == (0, "")
    assert said(done.output)["address"] == "https://learn.example.org"
    courses = {(course.type, course.privacy, course.enforce_lessons_order) for course in Course.objects.all()}
    assert courses == {
        ("self-paced", "open", False),
        ("structured", "open", True),
        ("scheduled", "private", False),
        ("self-paced", "", False),
    }
    assert set(Membership.objects.values_list("status", flat=True)) == set(Membership.Status.values)
    delays = Section.objects.filter(course__type="structured").values_list("drip_delay", flat=True)
    assert list(delays) == [0, 7, 14]
    assert Completion.objects.count() == 18
    assert not Lesson.objects.filter(html="").exists()


def test_its_people_can_sign_in() -> None:
    words = said(run("demo").output)
    for username in ("teacher", "admin"):
        assert Api().client.login(username=username, password=words[username])
    assert Api().client.login(username="lena", password=words["teacher"]) is False


def test_the_passwords_are_kept_for_the_operator_alone(data: Path) -> None:
    words = said(run("demo").output)
    kept = data / "demo.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    passwords = json.loads(kept.read_text())
    assert sorted(passwords) == sorted(User.objects.values_list("username", flat=True))
    assert (passwords["teacher"], passwords["admin"]) == (words["teacher"], words["admin"])
    assert len(set(passwords.values())) == len(passwords)


def test_again_says_the_same_with_another_token() -> None:
    first, second = said(run("demo").output), said(run("demo").output)
    assert first["token"] != second["token"]
    assert (first["teacher"], first["admin"]) == (second["teacher"], second["admin"])
    assert [Api(token=words["token"]).get("user/me/").status for words in (first, second)] == [401, 200]
    assert Course.objects.count() == 4


def test_without_its_scheduled_course_there_is_nothing_to_paste() -> None:
    words = said(run("demo").output)
    course = Course.objects.get(type="scheduled")
    assert Api(token=words["token"]).delete(f"course/{course.pk}/").status == 204
    assert run("demo").output.splitlines()[6] == "A token of teacher, good for 30 days:"
    assert "curl" not in run("demo").output


def test_people_of_their_own_are_left_alone(data: Path) -> None:
    make_user("ann")
    assert run("demo") == refused("There are people here already; the demo fills an empty server only.")
    assert (User.objects.count(), (data / "demo.json").exists()) == (1, False)


def test_nothing_is_left_of_one_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(demo, "_keep", broken)
    with pytest.raises(OSError, match="The disk is full"):
        demo.greet(ADDRESS)
    assert not User.objects.exists()


def test_serving_it(make_server: MakeServer) -> None:
    """What is printed works, a second start keeps what was done, and its token takes the place of the first's."""
    server = make_server(empty=True).start("--demo", "--no-jobs")
    words = said(server.output)
    assert words["address"] == server.origin
    pasted = subprocess.run(["bash", "-c", words["curl"]], capture_output=True, text=True, check=True, timeout=60)
    section = json.loads(pasted.stdout)
    assert sorted(section) == ["drip_delay", "dripped_at", "id", "lessons_order", "name"]
    assert (section["name"], section["drip_delay"]) == ("Third evening, with a date", 0)
    assert section["dripped_at"] == "2026-12-02T18:00:00Z"
    assert server.stop() == 0

    server.start("--demo", "--no-jobs")
    again = said(server.output)
    course = re.search(r"/course/(\d+)/", again["curl"])
    assert course
    path = f"course/{course[1]}/section/{section['id']}/"
    old, new = Remote(server.origin, words["token"]), Remote(server.origin, again["token"])
    server.callers += [old, new]
    assert (old.get(path).status, new.get(path).body) == (401, section)


def test_serving_it_where_people_are_already(make_server: MakeServer) -> None:
    server = make_server()
    server.command("user", "add", "ann")
    server.start("--demo", "--no-jobs")
    sentence = "There are people here already, so the demo was not loaded."
    assert server.output == f"Coursewright is at {server.origin}\n\n{sentence}\n"
