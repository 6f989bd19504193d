"""Shapes that come in about courses, sections and lessons. Fields in the order of the schemas."""

from rest_framework import serializers

from coursewright.api.shapes import Html, Ids, LongText, Number, Shape, Text, Time
from coursewright.courses.models import Course, Lesson
from coursewright.media.serializers import ImageUpload

MAX_DELAY = 36_500


class CourseShape(Shape):
    name = Text()
    slug = serializers.SlugField(max_length=255, required=False, allow_blank=True)
    description = LongText()
    type = serializers.ChoiceField(Course.Type.values)
    privacy = serializers.ChoiceField(
        [value for value in Course.Privacy.values if value], required=False, allow_blank=True
    )
    enforce_lessons_order = serializers.BooleanField(required=False)
    new_comment_notification_enabled = serializers.BooleanField(required=False)
    hide_member_count = serializers.BooleanField(required=False)
    meta_title = LongText()
    meta_description = LongText()
    og_title = LongText()
    og_description = LongText()
    og_image = LongText()
    sections_order = Ids(required=False)
    image_original = ImageUpload()
    categories = Ids(required=False)


class SectionShape(Shape):
    class Meta:
        ref_name = "course_section"

    name = Text()
    dripped_at = Time(required=False, allow_null=True)
    drip_delay = Number(required=False, min_value=0, max_value=MAX_DELAY)
    lessons_order = Ids(required=False)


class LessonShape(Shape):
    class Meta:
        ref_name = "course_lesson"

    name = Text()
    type = serializers.ChoiceField(Lesson.Type.values)
    status = serializers.ChoiceField(Lesson.Status.values, required=False)
    comments_enabled = serializers.BooleanField(required=False)
    text = Html()
    medias = Ids(required=False)
    passing_grade = Number(required=False, min_value=0, max_value=100)
    questions_order = Ids(required=False)
