"""Refusals of quizzes."""

from coursewright.foundation.errors import Refusal


class QuizHasNoQuestions(Refusal):
    """An attempt at a quiz without questions."""

    code = "quiz_has_no_questions"
    message = "This quiz has no questions yet."


class NotAQuiz(Refusal):
    """A question or an attempt for a plain lesson."""

    code = "not_a_quiz"
    message = "This lesson is not a quiz."
