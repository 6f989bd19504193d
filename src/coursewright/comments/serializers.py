"""Shapes that come in about comments."""

from coursewright.api.shapes import Html, Id, Ids, Shape


class CommentShape(Shape):
    class Meta:
        ref_name = "course_comment"

    text = Html(help_text="HTML. What is harmless of it comes back as `html`. May be empty when there are `medias`.")
    parent = Id(
        required=False,
        allow_null=True,
        help_text=(
            "The first-level comment whose thread it goes to; null: it begins one. A comment that is there keeps "
            "its place."
        ),
    )  # type: ignore[assignment]  # the class has a parent, the form too
    in_reply_to = Id(
        required=False, allow_null=True, help_text="The comment of that thread that it answers; goes with `parent`."
    )
    medias = Ids(
        required=False,
        help_text="Ids of its media in their order, in place of those it has: your own, or there already.",
    )
