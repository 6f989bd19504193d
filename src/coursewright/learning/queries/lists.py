"""Lists of courses: joined, found, suggested, of a person. Each in a fixed number of statements.

The window is cut first, of ids alone and along an index; what a card shows is fetched for the rows in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.tallies import tallied
from coursewright.foundation.text import beginning, words
from coursewright.learning.queries import cards

ORDERINGS = {
    "id": "c.id",
    "-id": "c.id DESC",
    "name": "c.name_key, c.id",
    "-name": "c.name_key DESC, c.id DESC",
    "created_at": "c.created_at, c.id",
    "-created_at": "c.created_at DESC, c.id DESC",
}
DEFAULT_ORDERING = "-id"
MAX_WORDS = 1200
"""More words than a name and a description have room for."""

ANY = f"coursewright_course c {courses.STANDING}"
OWN = "coursewright_membership m JOIN coursewright_course c ON c.id = m.course_id"
WINDOW = "LIMIT %(limit)s OFFSET %(offset)s"


LISTED_PRIVACIES = [privacy for privacy in course_rules.SEEN if course_rules.seen(privacy, None)]
UNLISTED_PRIVACIES = [privacy for privacy in course_rules.SEEN if not course_rules.seen(privacy, None)]
LISTED = courses.quoted(LISTED_PRIVACIES)
"""Privacies with which everyone sees at least the lock screen."""
FULL = " AND ".join(
    f"(c.privacy <> '{privacy}' OR c.id IN (SELECT mine.course_id FROM coursewright_membership mine "
    f"WHERE mine.user_id = %(viewer)s AND mine.status IN ({courses.quoted(views[course_rules.FULL])})))"
    for privacy, views in course_rules.SEEN.items()
    if views[course_rules.LOCK]
)
"""The part of ``rules.SEEN`` in which more than the lock screen is seen."""

PART = f"""
FROM coursewright_membership o JOIN coursewright_course c ON c.id = o.course_id {courses.STANDING}
WHERE o.user_id = %(user)s AND o.status = %(status{{number}})s AND c.deleted_at IS NULL AND {courses.VISIBLE}
"""
FILED = """
c.id IN (
    SELECT k.course_id FROM coursewright_coursecategory k JOIN coursewright_category g ON g.id = k.category_id
    WHERE k.category_id IN ({ids}) AND g.deleted_at IS NULL
)
"""
OWN_CATEGORIES = f"""
SELECT own.category_id FROM coursewright_membership mine
JOIN coursewright_coursecategory own ON own.course_id = mine.course_id
JOIN coursewright_category g ON g.id = own.category_id AND g.deleted_at IS NULL
WHERE mine.user_id = %(viewer)s AND mine.status IN ({courses.quoted(course_rules.LEARNERS)})
"""
SUGGESTED = f"""
FROM {ANY} WHERE c.deleted_at IS NULL AND c.privacy IN ({LISTED}) AND m.status IS NULL AND {{which}}
ORDER BY c.member_count DESC, c.id DESC LIMIT %(last)s
"""
RELATED = SUGGESTED.format(
    which="c.id IN (SELECT their.course_id FROM coursewright_coursecategory their "
    f"WHERE their.category_id IN ({OWN_CATEGORIES}))"
)
# A count, not an EXISTS, which PostgreSQL would turn into a join of all courses with all categories.
UNRELATED = SUGGESTED.format(
    which="0 = (SELECT count(*) FROM coursewright_coursecategory their "
    f"WHERE their.course_id = c.id AND their.category_id IN ({OWN_CATEGORIES}))"
)
SUGGESTIONS = f"""
SELECT * FROM (
    SELECT * FROM (SELECT c.id, c.member_count, 1 AS place {RELATED}) related
    UNION ALL
    SELECT * FROM (SELECT c.id, c.member_count, 2 AS place {UNRELATED}) unrelated
) suggested ORDER BY place, member_count DESC, id DESC {WINDOW}
"""


def _num(kind: str, object_id: str, privacies: Sequence[str]) -> str:
    """The kept numbers of courses of some privacies, added up."""
    return " + ".join(tallied(kind, object_id, f"'{privacy}'") for privacy in privacies)


NUM_CREATED = f"SELECT {_num('created', '%(viewer)s', list(course_rules.SEEN))}"
# How many there are is known from what is kept; only courses to which the viewer stands otherwise are counted.
OTHERWISE = f"""
FROM {OWN} WHERE m.user_id = %(viewer)s AND c.deleted_at IS NULL
AND m.status IN ({courses.quoted([status for status in course_rules.STANDINGS if status != course_rules.CREATOR])})
"""
NUM_VISIBLE = f"""
SELECT {_num("courses", "0", LISTED_PRIVACIES)} + {_num("created", "%(viewer)s", UNLISTED_PRIVACIES)}
    + (SELECT count(*) {OTHERWISE} AND c.privacy IN ({courses.quoted(UNLISTED_PRIVACIES)}) AND {courses.VISIBLE})
"""
NUM_SUGGESTIONS = f"""
SELECT {_num("courses", "0", LISTED_PRIVACIES)} - ({_num("created", "%(viewer)s", LISTED_PRIVACIES)})
    - (SELECT count(*) {OTHERWISE} AND c.privacy IN ({LISTED}))
"""


def _cards(page: str, order: str, parameters: Mapping[str, Any]) -> list[cards.CourseRow]:
    """The rows whose ids ``page`` selects."""
    select = f"SELECT {cards.COLUMNS} FROM ({page}) page JOIN coursewright_course c ON c.id = page.id {cards.BESIDE}"
    return sql.rows(cards.CourseRow, f"{select} ORDER BY {order}", parameters)


def _of(
    user: int, viewer: int, statuses: Sequence[str], created_by: int | None, limit: int, offset: int
) -> tuple[int, list[cards.CourseRow]]:
    """Courses in which a person has one of the standings and which the viewer may see, newest first.

    An index serves the order within one standing, not across several: each gives its first rows, of which the window
    is cut. One's own creations are counted already.
    """
    asked = list(dict.fromkeys(statuses))
    _, parameters = sql.named("status", asked)
    parameters |= {"user": user, "viewer": viewer, "created_by": created_by}
    parameters |= {"limit": limit, "offset": offset, "last": min(limit + offset, sql.MAX_ID)}
    parts = [PART.format(number=number) for number in range(len(asked))]
    if created_by is not None:
        parts = [f"{part} AND c.created_by_id = %(created_by)s" for part in parts]
    numbers = [
        NUM_CREATED if (user, status, created_by) == (viewer, course_rules.CREATOR, None) else f"SELECT count(*) {part}"
        for status, part in zip(asked, parts, strict=True)
    ]
    firsts = [f"SELECT * FROM (SELECT c.id {part} ORDER BY o.course_id DESC LIMIT %(last)s) part" for part in parts]
    if not asked:
        return 0, []
    count = sql.number(f"SELECT {' + '.join(f'({number})' for number in numbers)}", parameters)
    page = f"SELECT id FROM ({' UNION ALL '.join(firsts)}) parts ORDER BY id DESC {WINDOW}"
    return count, _cards(page, "c.id DESC", parameters)


def joined(
    viewer: int, *, statuses: Sequence[str], created_by: int | None, site: str, limit: int, offset: int
) -> tuple[int, list[shapes.Course]]:
    """Courses in which the viewer has one of the standings, newest first."""
    count, rows = _of(viewer, viewer, statuses, created_by, limit, offset)
    return count, cards.full_cards(rows, site)


def of_user(
    user: int, viewer: int, *, statuses: Sequence[str], site: str, limit: int, offset: int
) -> tuple[int, list[shapes.CourseWithMemberCount]]:
    """The same of another person; join status and completion rate in it are the viewer's own."""
    count, rows = _of(user, viewer, statuses, None, limit, offset)
    return count, [
        shapes.CourseWithMemberCount(
            **fields,
            member_count=course_rules.shown_member_count(row.member_count, row.hide_member_count, row.status),
        )
        for row, fields in zip(rows, cards.full_fields(rows, site), strict=True)
    ]


def search(
    viewer: int,
    *,
    text: str,
    categories: Sequence[int] | None,
    statuses: Sequence[str] | None,
    ordering: str,
    site: str,
    limit: int,
    offset: int,
) -> tuple[int, list[shapes.CourseMinimal]]:
    """Courses whose name or description has all the words of the text, the last one as a beginning.

    The description of a course of which the viewer sees only the lock screen is not looked in. A text without any
    word finds nothing. ``categories``: in any of them; ``statuses``: the viewer stands to it in any of these ways.
    """
    wanted, parameters = _in_words(text)
    wanted += " AND c.deleted_at IS NULL"
    if categories is not None:
        marks, ids = sql.named("category", categories)
        wanted += f" AND {FILED.format(ids=marks)}"
        parameters |= ids
    parameters |= {"viewer": viewer, "limit": limit, "offset": offset}
    own = f"FROM {OWN} WHERE m.user_id = %(viewer)s AND {courses.VISIBLE} AND {wanted}"
    if statuses is not None:
        marks, standings = sql.named("status", statuses)
        parameters |= standings
        found = f"{own} AND m.status IN ({marks})"
        number = f"SELECT count(*) {found}"
    else:
        found = f"FROM {ANY} WHERE {courses.VISIBLE} AND {wanted}"
        # The courses that everyone sees are counted along their index, without asking how the viewer stands to each.
        number = f"""
        SELECT (SELECT count(*) FROM coursewright_course c WHERE c.privacy IN ({LISTED}) AND {wanted})
            + (SELECT count(*) {own} AND c.privacy NOT IN ({LISTED}))
        """
        if not text and categories is None:
            number = NUM_VISIBLE
    order = ORDERINGS[ordering]
    count = sql.number(number, parameters)
    rows = _cards(f"SELECT c.id {found} ORDER BY {order} {WINDOW}", order, parameters)
    return count, cards.minimal_cards(rows, site)


def _in_words(text: str) -> tuple[str, dict[str, Any]]:
    """The condition that a course has all the words, the last one as a beginning."""
    if not text:
        return "1 = 1", {}
    *first, last = words(text) or [""]
    whole = list(dict.fromkeys(first))
    if not last or len(whole) > MAX_WORDS:
        return "1 = 0", {}
    # The longest word, the last of them, is likely the rarest: it finds the courses, which are asked for the others.
    finder = max([last, *reversed(whole)], key=len)
    asked = [word for word in whole if word != finder]
    marks, parameters = sql.named("word", asked)

    def every(named: str) -> str:
        among = "FROM coursewright_courseword w WHERE"
        begins = "w.word >= %(begin)s AND w.word < %(end)s"
        found = "w.word = %(finder)s" if finder in whole else begins
        parts = [f"c.id IN (SELECT w.course_id {among} {found}{named})"]
        if asked:
            parts.append(f"{len(asked)} = (SELECT count(*) {among} w.course_id = c.id AND w.word IN ({marks}){named})")
        if finder in whole:
            parts.append(f"EXISTS (SELECT 1 {among} w.course_id = c.id AND {begins}{named})")
        return " AND ".join(parts)

    condition = f"{every('')} AND ({FULL} OR {every(' AND w.in_name')})"
    return condition, {**parameters, **beginning(last), "finder": finder}


def suggested(viewer: int, *, site: str, limit: int, offset: int) -> tuple[int, list[shapes.Course]]:
    """Courses the viewer does not stand to: those that share a category with their own first, then by members."""
    count = sql.number(NUM_SUGGESTIONS, {"viewer": viewer})
    # Once all of them are found no more is looked for.
    last = min(limit + offset, count)
    if last <= offset:
        return count, []
    parameters = {"viewer": viewer, "limit": last - offset, "offset": offset, "last": last}
    rows = _cards(SUGGESTIONS, "page.place, c.member_count DESC, c.id DESC", parameters)
    return count, cards.full_cards(rows, site)
