"""Shapes that come in about quizzes."""

from typing import Any

from rest_framework import serializers

from coursewright.api.shapes import Id, Ids, Items, Shape, Text
from coursewright.media.serializers import ImageUpload
from coursewright.quizzes import rules

TEXT_LENGTH = 2000
MAX_ITEMS = 500


class AnswerShape(Shape):
    """An option; with the id it has it keeps it."""

    class Meta:
        ref_name = "course_question_answer"

    id = Id(required=False, allow_null=True)
    text = Text(max_length=TEXT_LENGTH)
    correct = serializers.BooleanField(required=False)


class QuestionShape(Shape):
    class Meta:
        ref_name = "course_question"

    type = serializers.ChoiceField(rules.TYPES)
    image = ImageUpload()
    text = Text(max_length=TEXT_LENGTH)
    answers = Items(child=AnswerShape(), max_length=MAX_ITEMS)


class ResponseShape(Shape):
    class Meta:
        ref_name = "course_make_attempt_response"

    question_id = Id()
    selected_options = Ids()


class AttemptShape(Shape):
    class Meta:
        ref_name = "course_make_attempt"

    responses = Items(child=ResponseShape(), max_length=MAX_ITEMS)


def responses(given: Any) -> list[tuple[int, list[int]]]:
    """The responses of an attempt as pairs."""
    return [(item["question_id"], item["selected_options"]) for item in given["responses"]]
