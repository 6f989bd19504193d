"""Shapes that come in about comments."""

from coursewright.api.shapes import Html, Id, Ids, Shape


class CommentShape(Shape):
    class Meta:
        ref_name = "course_comment"

    text = Html()
    parent = Id(required=False, allow_null=True)  # type: ignore[assignment]  # the class has a parent, the form too
    in_reply_to = Id(required=False, allow_null=True)
    medias = Ids(required=False)
