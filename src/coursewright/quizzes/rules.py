"""Pure decisions about quizzes: what a good question is, and how an attempt is graded (rules.md 7)."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Type = Literal["single_choice", "multi_choice"]
SINGLE, MULTI = "single_choice", "multi_choice"
TYPES = (SINGLE, MULTI)
MIN_ANSWERS = 2
COMPLETED, FAILED = "completed", "failed"


class Answer(NamedTuple):
    """An option of a question."""

    id: int
    text: str
    correct: bool


class Question(NamedTuple):
    """A question with its options in their order."""

    id: int
    type: Type
    text: str
    image: str
    answers: Sequence[Answer]


class Grade(NamedTuple):
    """How an attempt did: whole percent of right questions, how many, whether it passed, and which were right."""

    grade: int
    correct_responses: int
    result: str
    right: frozenset[int]


def answers_fault(type: str, correct: Sequence[bool]) -> str:
    """What is wrong with a question's options, in a sentence; empty when nothing is.

    ``correct``: for each option whether it is right.
    """
    if len(correct) < MIN_ANSWERS:
        return "A question needs at least two answers."
    if type == SINGLE and sum(correct) != 1:
        return "Exactly one answer must be correct."
    if type == MULTI and not any(correct):
        return "At least one answer must be correct."
    return ""


def responses_fault(questions: Sequence[Question], responses: Sequence[tuple[int, Sequence[int]]]) -> str:
    """What is wrong with an attempt's responses, in a sentence; empty when nothing is.

    ``responses``: pairs of a question's id and the ids of the options selected. Every question is answered exactly
    once, with its own options, none twice; one option for a single choice, at least one for a multiple choice.
    """
    by_id = {question.id: question for question in questions}
    answered = [id for id, _ in responses]
    if len(set(answered)) != len(answered):
        return "A question is answered twice."
    if set(answered) != set(by_id):
        return "Answer every question of the quiz, and no other."
    for id, selected in responses:
        question = by_id[id]
        if len(set(selected)) != len(selected):
            return "An option is selected twice."
        if not set(selected) <= {answer.id for answer in question.answers}:
            return "An option is not one of the question's."
        if question.type == SINGLE and len(selected) != 1:
            return "Select exactly one option of a single choice."
        if not selected:
            return "Select at least one option."
    return ""


def graded(questions: Sequence[Question], selected: Mapping[int, Sequence[int]], passing_grade: int) -> Grade:
    """The grade of an attempt whose responses are right in form.

    A question is right when the selected set is the correct set; the grade is rounded half up.
    """
    right = frozenset(
        question.id
        for question in questions
        if set(selected[question.id]) == {answer.id for answer in question.answers if answer.correct}
    )
    grade = (200 * len(right) + len(questions)) // (2 * len(questions))
    return Grade(grade, len(right), COMPLETED if grade >= passing_grade else FAILED, right)


def may_read_attempt(author_id: int, caller_id: int, manages: bool) -> bool:
    """Who may read an attempt: who made it and the managers."""
    return manages or author_id == caller_id
