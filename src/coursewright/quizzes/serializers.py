"""Shapes that come in about quizzes."""

from typing import Any

from rest_framework import serializers

from coursewright.api.shapes import TEXT_LENGTH, Id, Ids, Items, Shape, Text
from coursewright.media.serializers import ImageUpload
from coursewright.quizzes import rules
from coursewright.quizzes.shapes import TYPE_DOC

MAX_ITEMS = 500


class AnswerShape(Shape):
    """An option; with the id it has it keeps it."""

    class Meta:
        ref_name = "course_question_answer"

    id = Id(
        required=False,
        allow_null=True,
        help_text="Of an answer that the question has, to keep it; any other is a new answer.",
    )
    text = Text(max_length=TEXT_LENGTH, help_text="Plain text.")
    correct = serializers.BooleanField(required=False, help_text="Whether it is right; false if not given.")


class QuestionShape(Shape):
    class Meta:
        ref_name = "course_question"

    type = serializers.ChoiceField(rules.TYPES, help_text=TYPE_DOC)
    image = ImageUpload()
    text = Text(max_length=TEXT_LENGTH, help_text="Plain text.")
    answers = Items(
        child=AnswerShape(), max_length=MAX_ITEMS, help_text="At least two, in their order, in place of those it has."
    )


class ResponseShape(Shape):
    class Meta:
        ref_name = "course_make_attempt_response"

    question_id = Id(help_text="Of a question of the quiz.")
    selected_options = Ids(
        help_text=(
            "Ids of its answers: one of a `single_choice`, at least one of a `multi_choice`. Right are all the "
            "correct ones and no other."
        )
    )


class AttemptShape(Shape):
    class Meta:
        ref_name = "course_make_attempt"

    responses = Items(child=ResponseShape(), help_text="One for each question of the quiz.")


def responses(given: Any) -> list[tuple[int, list[int]]]:
    """The responses of an attempt as pairs."""
    return [(item["question_id"], item["selected_options"]) for item in given["responses"]]
