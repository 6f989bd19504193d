"""Keys and words made from names and texts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.foundation.text import KEY_LENGTH, like, name_key, slugify, words


@pytest.mark.parametrize(
    "one, other",
    [
        ("Maths", "mATHS"),
        ("Straße", "STRASSE"),
        ("ÉCOLE", "école"),
        ("e\u0301cole", "école"),
        ("\uff2daths", "maths"),
        ("ﬁne", "FINE"),
        ("Ⅷ", "viii"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ｶﾞ", "ガ"),
        ("①", "1"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "one, other", [("Maths", "Maths 2"), ("ecole", "école"), ("a b", "ab"), ("x" * 255, "x" * 254 + "y")]
)
def test_names_that_differ(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=255))
def test_keys_fit_into_an_index_entry(name: str) -> None:
    key = name_key(name)
    assert len(key) <= KEY_LENGTH
    assert len(key.encode("utf-8", "surrogatepass")) <= 4 * KEY_LENGTH
    assert name_key(name.upper().lower()) == name_key(name.upper().lower().casefold())


def test_keys_of_texts_that_grow_differ_at_their_end_too() -> None:
    long = "\ufdfa" * 255  # one character, eighteen when compared
    assert len(name_key(long)) == KEY_LENGTH
    assert name_key(long) != name_key(long[:-1])
    assert name_key(long) != name_key(long[:-1] + "x")


@pytest.mark.parametrize(
    "text, found",
    [
        ("École d'été", ["ecole", "d", "ete"]),
        ("  C++ & C#, 2nd-ed.  ", ["c", "c", "2nd", "ed"]),
        ("数学 入門", ["数学", "入門"]),
        ("\uff2daths", ["maths"]),
        ("x" * 100, ["x" * 64]),
        ("%_!", ["_"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "name, slug",
    [("Intro to Physics!", "intro-to-physics"), ("École d'été", "ecole-d-ete"), ("a_b--c", "a-b-c"), ("数学", "")],
)
def test_slugify(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text())
def test_slugs_are_slugs(name: str) -> None:
    assert set(slugify(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_like_takes_every_character_for_itself() -> None:
    assert like("50%_a!b") == "%50!%!_a!!b%"


def test_many_marks_in_a_row_take_no_time() -> None:
    text, begun = "e" + "\u0300\u0316" * 100_000, time.thread_time()
    assert (len(name_key(text)), words(text)) == (KEY_LENGTH, ["e"])
    assert time.thread_time() - begun < 5


@pytest.mark.parametrize("place", range(295, 305))
def test_words_of_a_long_text(place: int) -> None:
    assert words("x" * place + " cafe\u0301 GA\u0308RTEN")[1:] == ["cafe", "garten"]
