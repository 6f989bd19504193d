"""PATCH .../comment/{comment_id}/"""

from tests.comments import changes

BODY = {"text": "<p>How?</p>"}


def test_text() -> None:
    changes.assert_text_changes("PATCH")


def test_media() -> None:
    changes.assert_media_change("PATCH")


def test_who_may() -> None:
    changes.assert_who_may("PATCH", BODY)


def test_an_author_who_left_a_secret_course() -> None:
    changes.assert_author_of_a_secret_course("PATCH", BODY)


def test_a_closed_lesson() -> None:
    changes.assert_closed("PATCH", BODY)


def test_ids_that_are_not_there() -> None:
    changes.assert_not_there("PATCH", BODY)


def test_comments_turned_off() -> None:
    changes.assert_turned_off("PATCH", BODY)


def test_statements() -> None:
    changes.assert_statements("PATCH", BODY, number=6)


def test_most_statements() -> None:
    changes.assert_most_statements("PATCH")
