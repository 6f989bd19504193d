"""Categories, preferences and features as they are answered (schemas.yaml)."""

from typing import Literal

import msgspec

from coursewright.foundation.types import Address, Instant


class Category(msgspec.Struct):
    """A category. The fields from ``tags`` on are of other parts of a community, and always the same."""

    id: int
    order: int
    name: str
    name_synonyms: str
    slug: str
    slogan: str
    html_info: str
    seo_title: str
    seo_description: str
    active: bool
    image_original: Address | None
    image_bigger: Address
    image_big: Address
    image_medium: Address
    image_small: Address
    emotional_image_original: Address | None
    emotional_image_position: int
    lastmod_datetime: Instant
    tags: list[int] = msgspec.field(default_factory=list)
    followed: bool = False
    auto_follow: Literal["none", "default", "forced"] = "none"
    content_only_staff: bool = False
    stream_order_by: Literal["recent", "last_activity", "relevance"] = "recent"
    followers_counter: int = 0
    parents: list[int] = msgspec.field(default_factory=list)


class DynamicPreference(msgspec.Struct):
    """A preference with its present value; it is named by `section.name`."""

    id: int
    section: str
    name: str
    value: bool | int | str


class Feature(msgspec.Struct):
    """Something this server has."""

    id: int
    name: str
    enabled: bool
