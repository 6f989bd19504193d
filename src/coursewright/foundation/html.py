"""Cleaning of HTML that people write (rules.md 5): what stays is what the editors of this API produce, and is harmless."""

import nh3

TAGS = (
    set(
        [
            "p",
            "br",
            "hr",
            "span",
            "div",
            "a",
            "b",
            "i",
            "u",
            "s",
            "em",
            "strong",
            "sub",
            "sup",
            "mark",
            "small",
            "code",
            "pre",
            "kbd",
            "blockquote",
            "q",
            "cite",
            "abbr",
            "time",
        ]
    )
    | set(
        [
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "table",
            "caption",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "th",
            "td",
            "colgroup",
            "col",
        ]
    )
    | {"img", "figure", "figcaption", "mention", "del", "ins", "details", "summary"}
)
ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "style"},
    "a": {"href", "target"},
    "img": {"src", "alt", "width", "height"},
    "mention": {"id", "ext-id"},
    "li": {"value"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
    "details": {"open"},
}
# Text styles only: nothing that could place an element outside the box the text is shown in.
STYLES = {
    "white-space",
    "text-align",
    "text-decoration",
    "font-weight",
    "font-style",
    "color",
    "background-color",
    "list-style-type",
    "padding-inline-start",
    "vertical-align",
}
_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    filter_style_properties=STYLES,
    link_rel="noopener noreferrer nofollow",
)


def clean(html: str) -> str:
    """The harmless part of some HTML. Cleaning it again changes nothing."""
    return _cleaner.clean(html)
