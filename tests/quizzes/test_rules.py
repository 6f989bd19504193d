"""What a good question is, what a good response is, and how an attempt is graded (rules.md 7)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.quizzes.rules import (
    Answer,
    Grade,
    Question,
    Type,
    answers_fault,
    graded,
    responses_fault,
)

FEW = "A question needs at least two answers."
ONE = "Exactly one answer must be correct."
SOME = "At least one answer must be correct."
TWICE = "A question is answered twice."
EVERY = "Answer every question of the quiz, and no other."
OPTION_TWICE = "An option is selected twice."
FOREIGN = "An option is not one of the question's."
SELECT_ONE = "Select exactly one option of a single choice."
SELECT_SOME = "Select at least one option."


def question(id: int, type: Type, *correct: bool) -> Question:
    """A question whose options have the ids 10 * id, 10 * id + 1, ..."""
    return Question(id, type, "?", "", [Answer(10 * id + place, "x", right) for place, right in enumerate(correct)])


SINGLE = question(1, "single_choice", True, False, False)
MULTI = question(2, "multi_choice", True, True, False)


@pytest.mark.parametrize(
    ("type", "correct", "fault"),
    [
        ("single_choice", [], FEW),
        ("multi_choice", [], FEW),
        ("single_choice", [True], FEW),
        ("multi_choice", [True], FEW),
        ("single_choice", [False, False], ONE),
        ("single_choice", [True, True], ONE),
        ("single_choice", [True, False], ""),
        ("single_choice", [False, False, True], ""),
        ("multi_choice", [False, False], SOME),
        ("multi_choice", [True, False], ""),
        ("multi_choice", [True, True], ""),
    ],
)
def test_answers(type: str, correct: list[bool], fault: str) -> None:
    assert answers_fault(type, correct) == fault


@given(st.lists(st.booleans(), max_size=8))
def test_a_good_single_choice_is_a_good_multiple_choice(correct: list[bool]) -> None:
    assert (answers_fault("single_choice", correct) == "") == (len(correct) >= 2 and sum(correct) == 1)
    assert (answers_fault("multi_choice", correct) == "") == (len(correct) >= 2 and sum(correct) >= 1)


@pytest.mark.parametrize(
    ("responses", "fault"),
    [
        ([(1, [10]), (2, [20])], ""),
        ([(2, [22, 20, 21]), (1, [12])], ""),
        ([], EVERY),
        ([(1, [10])], EVERY),
        ([(1, [10]), (2, [20]), (3, [30])], EVERY),
        ([(1, [10]), (3, [20])], EVERY),
        ([(1, [10]), (2, [20]), (1, [10])], TWICE),
        ([(1, [10]), (2, [20, 20])], OPTION_TWICE),
        ([(1, [10, 10]), (2, [20])], OPTION_TWICE),
        ([(1, [20]), (2, [20])], FOREIGN),
        ([(1, [10]), (2, [20, 10])], FOREIGN),
        ([(1, [0]), (2, [20])], FOREIGN),
        ([(1, []), (2, [20])], SELECT_ONE),
        ([(1, [10, 11]), (2, [20])], SELECT_ONE),
        ([(1, [10]), (2, [])], SELECT_SOME),
    ],
)
def test_responses(responses: list[tuple[int, list[int]]], fault: str) -> None:
    assert responses_fault([SINGLE, MULTI], responses) == fault


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([10], [20, 21], Grade(100, 2, "completed", frozenset({1, 2}))),
        ([10], [21, 20], Grade(100, 2, "completed", frozenset({1, 2}))),
        ([11], [20, 21], Grade(50, 1, "failed", frozenset({2}))),
        ([10], [20], Grade(50, 1, "failed", frozenset({1}))),
        ([10], [20, 21, 22], Grade(50, 1, "failed", frozenset({1}))),
        ([12], [22], Grade(0, 0, "failed", frozenset())),
    ],
)
def test_right_is_the_whole_correct_set_and_no_more(first: list[int], second: list[int], expected: Grade) -> None:
    assert graded([SINGLE, MULTI], {1: first, 2: second}, 60) == expected


@pytest.mark.parametrize(
    ("right", "of", "grade"),
    [(1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 8, 38), (1, 200, 1), (1, 201, 0), (199, 200, 100), (0, 7, 0), (7, 7, 100)],
)
def test_grade_is_rounded_half_up(right: int, of: int, grade: int) -> None:
    assert graded(*answered(right, of), 60)[:2] == (grade, right)


def answered(right: int, of: int) -> tuple[Sequence[Question], dict[int, list[int]]]:
    """So many questions, the first of which are answered right."""
    questions = [question(id, "single_choice", True, False) for id in range(1, of + 1)]
    return questions, {asked.id: [asked.answers[0 if asked.id <= right else 1].id] for asked in questions}


@given(st.data(), st.integers(1, 250), st.integers(0, 100))
def test_grade_and_result(data: st.DataObject, of: int, passing_grade: int) -> None:
    right = data.draw(st.integers(0, of))
    found = graded(*answered(right, of), passing_grade)
    expected = int((Decimal(100 * right) / of).quantize(Decimal(1), ROUND_HALF_UP))
    result = "completed" if expected >= passing_grade else "failed"
    assert found == Grade(expected, right, result, frozenset(range(1, right + 1)))
