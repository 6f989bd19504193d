"""Writes of quizzes: questions, their order, attempts."""
