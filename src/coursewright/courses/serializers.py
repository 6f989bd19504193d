"""Shapes that come in about courses, sections and lessons. Fields in the order of the schemas."""

from rest_framework import serializers

from coursewright.api.shapes import Html, Ids, LongText, Number, Shape, Text, Time
from coursewright.community.shapes import HEAD_DOC
from coursewright.courses.models import Course, Lesson
from coursewright.courses.shapes import ENFORCED_DOC, HIDDEN_DOC, LINK_DOC, LINK_IMAGE_DOC, PRIVACY_DOC, TYPE_DOC
from coursewright.media.serializers import ImageUpload

MAX_DELAY = 36_500


class CourseShape(Shape):
    name = Text(help_text="No two courses have the same, whatever its case.")
    slug = serializers.SlugField(
        max_length=255,
        required=False,
        allow_blank=True,
        help_text="For addresses; no two courses have the same. Empty: made from the name of a new course, else kept.",
    )
    description = LongText(help_text="Plain text.")
    type = serializers.ChoiceField(Course.Type.values, help_text=TYPE_DOC)
    privacy = serializers.ChoiceField(
        [value for value in Course.Privacy.values if value],
        required=False,
        allow_blank=True,
        help_text=PRIVACY_DOC,
    )
    enforce_lessons_order = serializers.BooleanField(required=False, help_text=ENFORCED_DOC)
    new_comment_notification_enabled = serializers.BooleanField(
        required=False, help_text="Whether the creator and the managers are told of new comments; true if never given."
    )
    hide_member_count = serializers.BooleanField(required=False, help_text=HIDDEN_DOC)
    meta_title = LongText(help_text=HEAD_DOC)
    meta_description = LongText(help_text=HEAD_DOC)
    og_title = LongText(help_text=LINK_DOC)
    og_description = LongText(help_text=LINK_DOC)
    og_image = LongText(help_text=LINK_IMAGE_DOC)
    sections_order = Ids(
        required=False,
        help_text=(
            "Ids of sections in the order they are to have. Those left out stay, after the others, in the order "
            "they had."
        ),
    )
    image_original = ImageUpload()
    categories = Ids(required=False, help_text="Ids of its categories, in place of those it has.")


class SectionShape(Shape):
    class Meta:
        ref_name = "course_section"

    name = Text(help_text="Others may have the same.")
    dripped_at = Time(
        required=False,
        allow_null=True,
        help_text="When it opens to learners, in a `scheduled` course; null: never. Other courses do not look at it.",
    )
    drip_delay = Number(
        required=False,
        min_value=0,
        max_value=MAX_DELAY,
        help_text=(
            "How many days after they joined it opens to each learner, in a `structured` course. Others do not "
            "look at it."
        ),
    )
    lessons_order = Ids(
        required=False,
        help_text=(
            "Ids of lessons in the order they are to have. Those left out stay, after the others, in the order "
            "they had."
        ),
    )


class LessonShape(Shape):
    class Meta:
        ref_name = "course_lesson"

    name = Text(help_text="Others may have the same.")
    type = serializers.ChoiceField(
        Lesson.Type.values,
        help_text="A `quiz` has questions beside its text. It cannot change once there are attempts.",
    )
    status = serializers.ChoiceField(
        Lesson.Status.values,
        required=False,
        help_text="A `draft` is for the creator and the managers alone; a new lesson is one if this is not given.",
    )
    comments_enabled = serializers.BooleanField(
        required=False,
        help_text="Whether anybody may comment; when not, its list of comments is empty. True if never given.",
    )
    text = Html(help_text="HTML. What is harmless of it comes back as `html`.")
    medias = Ids(
        required=False,
        help_text="Ids of its media in their order, in place of those it has: your own, or there already.",
    )
    passing_grade = Number(
        required=False,
        min_value=0,
        max_value=100,
        help_text="How many percent of the questions must be right for an attempt to pass; 60 if never given.",
    )
    questions_order = Ids(
        required=False,
        help_text="Ids of all questions of the quiz, in the order they are to have. Those left out are deleted.",
    )
