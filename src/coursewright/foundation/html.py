"""Cleaning of HTML that people write (rules.md 5).

What stays is what the editors of this API produce, and is harmless.
"""

import re
from html import escape, unescape

import nh3

INLINE = set("a b i u s em strong sub sup mark small code kbd q cite abbr time span del ins mention img br".split())  # noqa: SIM905 - names
BLOCKS = set("p div pre blockquote h1 h2 h3 h4 h5 h6 ul ol li dl dt dd figure figcaption details summary hr".split())  # noqa: SIM905 - names
CELLS = {"thead", "tbody", "tfoot", "tr", "td", "th"}
TAGS = INLINE | BLOCKS | CELLS | {"table", "caption", "colgroup", "col"}
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
# Text styles only: nothing that could place an element outside the box the text is shown in, or load anything.
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
STYLE_VALUE = re.compile(r"[#\w.%-]+(?: [#\w.%-]+)*|(?:rgb|hsl)a?\([\d.,%/ ]+\)", re.ASCII | re.IGNORECASE)
PRE = re.compile(r'(<pre(?: [^\s=>]+="[^"]*")*>)\n')
AMPERSAND = re.compile(r"&amp;|&(?!#|[a-zA-Z][a-zA-Z0-9]{1,31};)")
STAND_IN = "\ufdd0"  # not a character, and never in a text that is exchanged
PASSES = 8

# A parser's work grows with the depth at each tag. Editors' texts of 1 MB stay far below these.
MAX_WORK = 1_000_000
MAX_ATTRIBUTES = 100
ATTRIBUTE = re.compile(r"""[\s/]*+(?:=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?+)?+)?+""")
COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-zA-Z>])[^>]*+"
TAG = re.compile(rf"{COMMENT}|<(/?)([a-zA-Z][^\s/>]*+)((?:(?!>|\Z){ATTRIBUTE.pattern})*+)", re.DOTALL)
VOID = {"br", "hr", "img", "col", "input", "area", "base", "embed", "link", "meta", "param", "source", "track", "wbr"}
LEAVES = {"p", "li", "dt", "dd"} | CELLS
CLOSED_BY = {
    **{tag: {"p"} for tag in BLOCKS | {"table"}},
    **{tag: {"p", "td", "th"} for tag in ("td", "th")},
    **{tag: {"p", "td", "th", "tr"} for tag in ("tr", "thead", "tbody", "tfoot")},
    **{tag: {"p", "dt", "dd"} for tag in ("dt", "dd")},
    "li": {"p", "li"},
}
# Inside these a parser may read tags as text, or otherwise than elsewhere: what looks closed may not be.
RAW_TEXT = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
STRANGE = RAW_TEXT | {"svg", "math", "template"}


def _style(tag: str, attribute: str, value: str) -> str | None:
    """Keeps the harmless declarations of a ``style``, in the form in which the editor writes them."""
    if attribute != "style":
        return value
    kept = []
    for declaration in value.split(";"):
        name, _, text = (part.strip() for part in declaration.partition(":"))
        if name.lower() in STYLES and STYLE_VALUE.fullmatch(text):
            kept.append(f"{name.lower()}: {text};")
    return " ".join(kept) or None


_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes=ATTRIBUTES,
    attribute_filter=_style,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
)
_text = nh3.Cleaner(tags=set())


def clean(html: str) -> str:
    """The harmless part of some HTML. Cleaning it again changes nothing.

    Taking a tag away can change how the rest is read, so it is cleaned until nothing changes. What does not come to
    rest, or would keep the parser busy (tags nested by the thousand), is kept as plain text.
    """
    for _ in range(PASSES):
        if excessive(html):
            break
        before, html = html, _cleaned(html)
        if html == before:
            return html
    return _cleaned(escape(html, quote=False))


def has_words(html: str) -> bool:
    """Whether there is anything to read in some cleaned HTML: markup alone is nothing (rules.md 8)."""
    return bool(unescape(_text.clean(html)).strip())


def _cleaned(html: str) -> str:
    # The parser's time grows with the square of the ampersands in a text.
    cleaned = _cleaner.clean(AMPERSAND.sub(STAND_IN, html.replace(STAND_IN, ""))).replace(STAND_IN, "&amp;")
    # A parser drops the newline after <pre>: it takes a second one for the first to stay.
    return PRE.sub(r"\1\n\n", cleaned)


def excessive(html: str) -> bool:
    """Whether an HTML parser would work on this out of proportion to its length.

    It looks through the open elements at each tag, opens text styles again in each paragraph, and compares each
    attribute with all others of its tag. Counted in one pass as an upper bound: what may be open counts as open.
    """
    work, trusted = 0, True
    opened: list[str] = []
    for match in TAG.finditer(html):
        name = (match[2] or "").lower()
        if not name or name in VOID:
            continue
        if len(match[3]) > MAX_ATTRIBUTES and sum(1 for _ in ATTRIBUTE.finditer(match[3])) > MAX_ATTRIBUTES:
            return True
        trusted = trusted and name not in STRANGE
        if not match[1]:
            while trusted and opened and opened[-1] in CLOSED_BY.get(name, ()):
                opened.pop()
            opened.append(name)
            work += len(opened)
            if work > MAX_WORK:
                return True
        elif trusted:
            _close(opened, name)
    return False


def _close(opened: list[str], name: str) -> None:
    """Takes an element off the open ones, with those above it that need no closing tag of their own."""
    top = len(opened) - 1
    while top >= 0 and opened[top] != name and opened[top] in LEAVES:
        top -= 1
    if top >= 0 and opened[top] == name:
        del opened[top:]
