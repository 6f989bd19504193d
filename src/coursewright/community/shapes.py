"""Categories, preferences and features as they are answered (schemas.yaml)."""

from typing import Annotated, Literal

import msgspec

from coursewright.foundation.types import Address, Instant, doc
from coursewright.media.shapes import ImageBig, ImageBigger, ImageMedium, ImageSmall

HEAD_DOC = "For the head of a page; kept as it is."
HeadText = Annotated[str, doc(f"{HEAD_DOC} May be empty.")]


class Category(msgspec.Struct):
    """A category. The fields from ``tags`` on are of other parts of a community, and always the same."""

    id: Annotated[int, doc("Id of the category, as `categories` of a course takes it.")]
    order: Annotated[int, doc("Its place among the categories: lower ones come first, equal ones by name.")]
    name: Annotated[str, doc("No two categories have the same, whatever its case.")]
    name_synonyms: Annotated[str, doc("Other words for it. May be empty.")]
    slug: Annotated[str, doc("For addresses; no two categories have the same.")]
    slogan: Annotated[str, doc("A line about it, plain text. May be empty.")]
    html_info: Annotated[str, doc("More about it, HTML of which what is harmless was kept. May be empty.")]
    seo_title: HeadText
    seo_description: HeadText
    active: Annotated[bool, doc("Whether the list with `active=true` has it. It can be given to courses either way.")]
    image_original: Annotated[
        Address | None, doc("The same as `image_bigger`; null while it has no picture of its own.")
    ]
    image_bigger: ImageBigger
    image_big: ImageBig
    image_medium: ImageMedium
    image_small: ImageSmall
    emotional_image_original: Annotated[Address | None, doc("A second picture, which is square; null: it has none.")]
    emotional_image_position: Annotated[
        int, doc("Which part of that picture to show, 0 to 100; for applications, kept as it is.")
    ]
    lastmod_datetime: Annotated[Instant, doc("When it was last changed, UTC.")]
    tags: Annotated[list[int], doc("Always empty: there are no tags here.")] = msgspec.field(default_factory=list)
    followed: Annotated[bool, doc("Always false: categories are not followed here.")] = False
    auto_follow: Annotated[
        Literal["none", "default", "forced"], doc("Always `none`: categories are not followed here.")
    ] = "none"
    content_only_staff: Annotated[bool, doc("Always false: categories hold nothing but courses here.")] = False
    stream_order_by: Annotated[
        Literal["recent", "last_activity", "relevance"], doc("Always `recent`: categories have no stream here.")
    ] = "recent"
    followers_counter: Annotated[int, doc("Always 0: categories are not followed here.")] = 0
    parents: Annotated[list[int], doc("Always empty: categories are not nested here.")] = msgspec.field(
        default_factory=list
    )


class DynamicPreference(msgspec.Struct):
    """A preference with its present value; it is named by `section.name`."""

    id: Annotated[int, doc("Its place in the list, counted from 1.")]
    section: Annotated[str, doc("The group that it is in, like `configurations`.")]
    name: Annotated[str, doc("Its name in the section, like `courses_enabled`.")]
    value: Annotated[
        bool | int | str, doc("Its present value, of the kind that it always has; its default unless one was set.")
    ]


class Feature(msgspec.Struct):
    """Something this server has."""

    id: Annotated[int, doc("Its place in the list, counted from 1.")]
    name: Annotated[str, doc("A word for programs, like `course`.")]
    enabled: Annotated[bool, doc("Always true: what this server does not have is not in the list.")]
