"""Questions with their answers, and attempts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coursewright.courses.models import Course, Lesson
from coursewright.foundation.models import Content


class Question(Content):
    class Type(models.TextChoices):
        SINGLE_CHOICE = "single_choice", "single choice"
        MULTI_CHOICE = "multi_choice", "multiple choice"

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="questions")
    type = models.CharField(max_length=16, choices=Type.choices)
    text = models.CharField(max_length=2000)
    image = models.CharField(max_length=255, blank=True, default="", editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["lesson", "position"], condition=Q(deleted_at=None), name="question_order")]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """An option of a question; it is written with its question, in whose events it stands."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=2000)
    correct = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["question", "position"], name="answer_order")]

    def __str__(self) -> str:
        return self.text


class Attempt(models.Model):
    """One go at a quiz, with everything it was about; it never changes."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=16)
    passing_grade = models.PositiveSmallIntegerField()
    correct_responses = models.PositiveIntegerField()
    num_attempts = models.PositiveIntegerField()
    questions = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "user", "num_attempts"], name="attempt_number"),
        ]
        indexes = [models.Index(fields=["course", "created_at", "id"], name="attempt_course")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.lesson_id} {self.grade}"
