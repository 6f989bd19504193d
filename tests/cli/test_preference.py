"""``coursewright preference``."""

import pytest

from coursewright.community import rules
from coursewright.community.queries import preference
from tests.cli.commands import refused, run
from tests.servers import Server

KEY = "configurations.courses_enabled"


def test_setting_one() -> None:
    assert run("preference", "set", KEY, "false") == (0, "", "")
    assert preference("configurations", "courses_enabled") is False


def test_setting_a_text() -> None:
    run("preference", "set", "style.font_family", "Georgia, serif")
    assert preference("style", "font_family") == "Georgia, serif"


def test_the_list_has_all_of_them_as_set_takes_them() -> None:
    run("preference", "set", KEY, "false")
    lines = run("preference", "list").output.splitlines()
    assert [line.partition(" ")[0] for line in lines] == [known.key for known in rules.KNOWN]
    assert lines[0] == f"{KEY} false"
    for line in lines:
        key, _, value = line.partition(" ")
        assert run("preference", "set", key, value).status == 0
    assert run("preference", "list").output.splitlines() == lines


def test_an_unknown_one() -> None:
    sentence = "There is no preference 'colors.sky'; `coursewright preference list` shows them."
    assert run("preference", "set", "colors.sky", "blue") == refused(sentence)


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [(KEY, "maybe", "true or false"), ("style.font_family", "x" * 2001, "a text of at most 2000 characters")],
)
def test_a_value_of_another_kind(key: str, value: str, kind: str) -> None:
    assert run("preference", "set", key, value) == refused(f"{key} must be {kind}.")


def test_a_running_server_sees_it_at_once(server: Server) -> None:
    """rules.md 2.6: within five seconds."""
    anonymous = server.remote()
    assert anonymous.get("course/search/").status == 200
    server.command("preference", "set", "configurations.content_availability", "false")
    try:
        assert anonymous.get("course/search/").status == 401
    finally:
        server.command("preference", "set", "configurations.content_availability", "true")
    assert anonymous.get("course/search/").status == 200
