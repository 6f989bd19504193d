"""Lists of courses: joined, found, suggested, of a person. Each in a fixed number of statements.

The window is cut first, of ids alone and along an index; what a card shows is fetched for the rows in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from coursewright.courses import queries as courses
from coursewright.courses import rules as course_rules
from coursewright.courses import shapes
from coursewright.foundation import sql
from coursewright.foundation.tallies import tallied
from coursewright.foundation.text import BEGINNING_LENGTH, beginning, words
from coursewright.learning.queries import cards


class Order(NamedTuple):
    """The order of a list of courses ``c``."""

    column: str
    direction: str

    @property
    def by(self) -> str:
        by = f"c.{self.column}{self.direction}"
        return by if self.column == "id" else f"{by}, c.id{self.direction}"

    @property
    def near(self) -> str:
        """The condition that a course is one of the first ``far`` in this order; all of them are looked at."""
        by = self.by.replace("c.", "b.")
        return f"""
        c.id IN (SELECT b.id FROM coursewright_course b WHERE b.deleted_at IS NULL ORDER BY {by} LIMIT %(far)s)
        """

    @property
    def until(self) -> str:
        """The condition that a course comes no later than that at place ``far``, counted from 0.

        It is asked along the index, no further than the page goes. SQLite looks at the column alone there: it is for
        those in which few are equal.
        """
        columns = "id" if self.column == "id" else f"{self.column}, c.id"
        place = f"FROM coursewright_course c WHERE c.deleted_at IS NULL ORDER BY {self.by} LIMIT 1 OFFSET %(far)s"
        return f"(c.{columns}) {'>=' if self.direction else '<='} (SELECT c.{columns} {place})"


class Words(NamedTuple):
    """Conditions that a course ``c`` has all words of a text: to find the courses, and to ask one after the other.

    ``in_name``: in its name, to ask one. ``kept``: how many courses everyone finds by them is kept.
    """

    along: str
    each: str
    in_name: str
    parameters: Mapping[str, Any]
    kept: bool


class Filed(NamedTuple):
    """Conditions that a course ``c`` is in one of some categories: to find the courses, and to ask one after the
    other. ``kept``: how many courses are in it is kept."""

    along: str = ""
    each: str = ""
    parameters: Mapping[str, Any] = {}
    kept: bool = False


ORDERINGS = {
    f"{sign}{column}": Order(field, direction)
    for column, field in (("id", "id"), ("name", "name_key"), ("created_at", "created_at"))
    for sign, direction in (("", ""), ("-", " DESC"))
}
DEFAULT_ORDERING = "-id"
MAX_WORDS = 1200
"""More words than a name and a description have room for."""
FAR = 2
"""How many times as far as it would end on average a page is looked for among all courses."""

EVERY = "1 = 1"
BEGINS = "w.word >= %(begin)s AND w.word < %(end)s"

ANY = f"coursewright_course c {courses.STANDING}"
OWN = "coursewright_membership m JOIN coursewright_course c ON c.id = m.course_id"
WINDOW = "LIMIT %(limit)s OFFSET %(offset)s"

LISTED_PRIVACIES = [privacy for privacy in course_rules.SEEN if course_rules.seen(privacy, None)]
UNLISTED_PRIVACIES = [privacy for privacy in course_rules.SEEN if not course_rules.seen(privacy, None)]
UNLISTED = courses.quoted(UNLISTED_PRIVACIES)
LISTED = courses.quoted(LISTED_PRIVACIES)
"""Privacies with which everyone sees at least the lock screen."""
OPEN = courses.quoted([privacy for privacy in course_rules.SEEN if course_rules.found_by_all(privacy, in_name=False)])
CLOSED = courses.quoted(
    [privacy for privacy in course_rules.SEEN if not course_rules.found_by_all(privacy, in_name=False)]
)
"""Privacies with which everyone sees all of a course, and the others."""
FULL = " AND ".join(
    f"(c.privacy <> '{privacy}' OR m.status IN ({courses.quoted(views[course_rules.FULL])}))"
    for privacy, views in course_rules.SEEN.items()
    if views[course_rules.LOCK]
)
"""The part of ``rules.SEEN`` in which more than the lock screen is seen."""

PART = f"""
FROM coursewright_membership {{theirs}} JOIN coursewright_course c ON c.id = {{theirs}}.course_id {{mine}}
WHERE {{theirs}}.user_id = {sql.unseen("user")} AND {{theirs}}.status = {sql.unseen("status{number}")}
    AND c.deleted_at IS NULL AND {courses.VISIBLE}
"""
FILED = """
FROM coursewright_coursecategory k JOIN coursewright_category g ON g.id = k.category_id
WHERE k.category_id IN ({ids}) AND g.deleted_at IS NULL
"""
OWN_CATEGORIES = f"""
SELECT own.category_id FROM coursewright_membership mine
JOIN coursewright_course its ON its.id = mine.course_id AND its.deleted_at IS NULL
JOIN coursewright_coursecategory own ON own.course_id = its.id
JOIN coursewright_category g ON g.id = own.category_id AND g.deleted_at IS NULL
WHERE mine.user_id = %(viewer)s AND mine.status IN ({courses.quoted(course_rules.LEARNERS)})
"""
LARGEST = Order("member_count", " DESC")
SUGGESTED = f"FROM {ANY} WHERE c.deleted_at IS NULL AND c.privacy IN ({LISTED}) AND m.status IS NULL AND {{which}}"
FIRST = f"{SUGGESTED} ORDER BY {LARGEST.by} LIMIT %(last)s"
RELATED = FIRST.format(
    which="c.id IN (SELECT their.course_id FROM coursewright_coursecategory their "
    f"WHERE their.category_id IN ({OWN_CATEGORIES}))"
)
# A count, not an EXISTS, which PostgreSQL would turn into a join of all courses with all categories.
SHARED = (
    "(SELECT count(*) FROM coursewright_coursecategory their "
    f"WHERE their.course_id = c.id AND their.category_id IN ({OWN_CATEGORIES}))"
)
UNRELATED = FIRST.format(which=f"0 = {SHARED}")
RELATED_NEAR = f"""
SELECT c.id {SUGGESTED.format(which=f"{LARGEST.near} AND 0 < {SHARED}")} ORDER BY {LARGEST.by} {WINDOW}
"""
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


NUM_FOUND = """
SELECT y.key, y.number FROM coursewright_tally y WHERE y.kind = 'found' AND y.object_id = 0 AND y.key IN ({keys})
"""
NUM_COURSES = _num("courses", "0", list(course_rules.SEEN))
CREATED = "FROM coursewright_course c WHERE c.created_by_id = %(viewer)s AND c.deleted_at IS NULL"
NUM_CREATED = f"SELECT {_num('created', '%(viewer)s', list(course_rules.SEEN))}"
# How many there are is known from what is kept; only courses to which the viewer stands otherwise are counted. Whoever
# adds a condition on their privacy says which it is not: PostgreSQL would begin with an index of the others.
OTHERWISE = f"""
FROM {OWN} WHERE m.user_id = %(viewer)s AND c.deleted_at IS NULL
AND m.status IN ({courses.quoted([status for status in course_rules.STANDINGS if status != course_rules.CREATOR])})
"""
NUM_VISIBLE = f"""
{_num("courses", "0", LISTED_PRIVACIES)} + {_num("created", "%(viewer)s", UNLISTED_PRIVACIES)}
    + (SELECT count(*) {OTHERWISE} AND c.privacy NOT IN ({LISTED}) AND {courses.VISIBLE})
"""
# The same of one category, if it is there.
NUM_FILED = f"""
COALESCE((
    SELECT {_num("filed", "g.id", LISTED_PRIVACIES)} FROM coursewright_category g
    WHERE g.id = %(category0)s AND g.deleted_at IS NULL
), 0)
    + (SELECT count(*) {CREATED} AND c.privacy IN ({UNLISTED}) {{filed}})
    + (SELECT count(*) {OTHERWISE} AND c.privacy NOT IN ({LISTED}) AND {courses.VISIBLE} {{filed}})
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
    theirs, mine = ("m", "") if user == viewer else ("o", courses.STANDING)
    parts = [PART.format(theirs=theirs, mine=mine, number=number) for number in range(len(asked))]
    if created_by is not None:
        parts = [f"{part} AND c.created_by_id = %(created_by)s" for part in parts]
    numbers = [
        NUM_CREATED if (user, status, created_by) == (viewer, course_rules.CREATOR, None) else f"SELECT count(*) {part}"
        for status, part in zip(asked, parts, strict=True)
    ]
    first = f"ORDER BY {theirs}.course_id DESC LIMIT %(last)s"
    firsts = [f"SELECT * FROM (SELECT c.id {part} {first}) part" for part in parts]
    if not asked:
        return 0, []
    count = sql.number(f"SELECT {' + '.join(f'({number})' for number in numbers)}", parameters)
    page = f"SELECT id FROM ({' UNION ALL '.join(firsts)}) parts ORDER BY id DESC {WINDOW}"
    return count, _cards(page, "c.id DESC", parameters)


def joined(
    viewer: int, *, statuses: Sequence[str], created_by: int | None, limit: int, offset: int
) -> tuple[int, list[shapes.Course]]:
    """Courses in which the viewer has one of the standings, newest first."""
    count, rows = _of(viewer, viewer, statuses, created_by, limit, offset)
    return count, cards.full_cards(rows)


def of_user(
    user: int, viewer: int, *, statuses: Sequence[str], limit: int, offset: int
) -> tuple[int, list[shapes.CourseWithMemberCount]]:
    """The same of another person; join status and completion rate in it are the viewer's own."""
    count, rows = _of(user, viewer, statuses, None, limit, offset)
    return count, [
        shapes.CourseWithMemberCount(
            **fields,
            member_count=course_rules.shown_member_count(row.member_count, row.hide_member_count, row.status),
        )
        for row, fields in zip(rows, cards.full_fields(rows), strict=True)
    ]


def search(
    viewer: int,
    *,
    text: str,
    categories: Sequence[int] | None,
    statuses: Sequence[str] | None,
    ordering: str,
    limit: int,
    offset: int,
) -> tuple[int, list[shapes.CourseMinimal]]:
    """Courses whose name or description has all the words of the text, the last one as a beginning.

    The description of a course of which the viewer sees only the lock screen is not looked in. A text without any
    word finds nothing. ``categories``: in any of them; ``statuses``: the viewer stands to it in any of these ways.
    """
    asked = _in_words(text)
    if asked is None:
        return 0, []
    filed = _in_categories(categories)
    parameters = {**asked.parameters, **filed.parameters, "viewer": viewer, "limit": limit, "offset": offset}
    seen = f"{courses.VISIBLE} AND c.deleted_at IS NULL AND ({FULL} OR {asked.in_name})"
    along = f"{asked.along} AND {seen}{filed.along}"
    if statuses is not None:
        marks, standings = sql.named("status", statuses)
        parameters |= standings
        found = f"FROM {OWN} WHERE m.user_id = %(viewer)s AND m.status IN ({marks}) AND {along}"
        count, num_courses = sql.number(f"SELECT count(*) {found}", parameters), 0
    else:
        found = f"FROM {ANY} WHERE {along}"
        [(count, num_courses)] = sql.values(f"SELECT {_num_found(asked, filed)}, {NUM_COURSES}", parameters)
    if count <= offset:
        return count, []
    ordered = ORDERINGS[ordering]
    page = f"SELECT c.id {{where}} ORDER BY {ordered.by} {WINDOW}"
    rows: list[cards.CourseRow] = []
    far = _far((limit + offset) * num_courses // count)
    # Where many are found, a page of them is likely among the first few courses in this order.
    if (text or filed.each) and statuses is None and far < count:
        near = f"FROM {ANY} WHERE {ordered.until} AND {asked.each} AND {seen}{filed.each}"
        rows = _cards(page.format(where=near), ordered.by, {**parameters, "far": far})
    if len(rows) < min(limit, count - offset):
        rows = _cards(page.format(where=found), ordered.by, parameters)
    return count, cards.minimal_cards(rows)


def _num_found(asked: Words, filed: Filed) -> str:
    """SQL for how many courses are found: those that everyone finds, and those that the viewer finds besides.

    How many everyone finds by one word, or in one category, is kept.
    """
    if asked.along == EVERY and not filed.each:
        return NUM_VISIBLE
    if asked.along == EVERY and filed.kept:
        return NUM_FILED.format(filed=filed.each)
    all_find = courses.found_by_all(asked.in_name)
    besides = f"(c.privacy NOT IN ({LISTED}) OR NOT {asked.in_name}) AND {asked.each}{filed.each}"
    number = f"""
    (SELECT count(*) FROM coursewright_course c
     WHERE {asked.along} AND c.deleted_at IS NULL AND {all_find}{filed.along})
    """
    if asked.kept and not filed.each:
        number = tallied("found", key="%(begin)s")
    return f"""
    {number}
        + (SELECT count(*) {OTHERWISE} AND c.privacy NOT IN ({OPEN}) AND {FULL} AND {courses.VISIBLE} AND {besides})
        + (SELECT count(*) {CREATED} AND c.privacy IN ({CLOSED}) AND {besides})
    """


def _far(mean: int) -> int:
    """How far a page is looked for that would end there on average: some times as far, in few different numbers."""
    return 1 << (FAR * mean).bit_length()


def _in_categories(categories: Sequence[int] | None) -> Filed:
    """The conditions that a course is in one of the categories; None: wherever it is."""
    if categories is None:
        return Filed()
    marks, parameters = sql.named("category", categories)
    found = FILED.format(ids=marks)
    return Filed(
        along=f" AND c.id IN (SELECT k.course_id {found})",
        each=f" AND 0 < (SELECT count(*) {found} AND k.course_id = c.id)",
        parameters=parameters,
        kept=len(parameters) == 1,
    )


def _in_words(text: str) -> Words | None:
    """The conditions that a course has all the words, the last one as a beginning. None: no course has them."""
    if not text:
        return Words(EVERY, EVERY, EVERY, {}, kept=False)
    *first, last = words(text) or [""]
    whole = list(dict.fromkeys(first))
    if not last or len(whole) > MAX_WORDS:
        return None
    _, parameters = sql.named("word", whole)
    marks = {word: f"%({name})s" for name, word in parameters.items()}
    # The rarest word finds the courses, which are asked for the others.
    finder = _rarest([last, *reversed(whole)])
    finds = f"w.word = {marks[finder]}" if finder in marks else BEGINS
    others = [mark for word, mark in marks.items() if word != finder]
    return Words(
        along=f"c.id IN (SELECT w.course_id FROM coursewright_courseword w WHERE {finds})"
        f" AND {_has(others, finder in marks)}",
        each=_has(list(marks.values()), True),
        in_name=_has(list(marks.values()), True, " AND w.in_name"),
        parameters={**parameters, **beginning(last)},
        kept=not whole and len(last) <= BEGINNING_LENGTH,
    )


def _rarest(asked: Sequence[str]) -> str:
    """The word with which the words of the fewest courses begin, by what is kept; of several the longest."""
    if len(asked) == 1:
        return asked[0]
    marks, parameters = sql.named("key", [word[:BEGINNING_LENGTH] for word in asked])
    numbers = dict(sql.values(NUM_FOUND.format(keys=marks), parameters))
    return min(asked, key=lambda word: (numbers.get(word[:BEGINNING_LENGTH], 0), -len(word)))


def _has(marks: Sequence[str], begins: bool, named: str = "") -> str:
    """The condition that a course has all of these words, and one that begins so.

    Counts, not an EXISTS, which PostgreSQL would turn into a join with all courses that have the words.
    """
    among = f"FROM coursewright_courseword w WHERE w.course_id = c.id{named} AND"
    parts = [f"{len(marks)} = (SELECT count(*) {among} w.word IN ({', '.join(marks)}))"] if marks else []
    if begins:
        parts.append(f"0 < (SELECT count(*) {among} {BEGINS})")
    return f"({' AND '.join(parts) or EVERY})"


def suggested(viewer: int, *, limit: int, offset: int) -> tuple[int, list[shapes.Course]]:
    """Courses the viewer does not stand to: those that share a category with their own first, then by members."""
    count = sql.number(NUM_SUGGESTIONS, {"viewer": viewer})
    # Once all of them are found no more is looked for.
    last = min(limit + offset, count)
    if last <= offset:
        return count, []
    parameters = {"viewer": viewer, "limit": last - offset, "offset": offset, "last": last}
    rows: list[cards.CourseRow] = []
    far = _far(last)
    # Where many are related, a page of them is likely among the largest courses.
    if far < count:
        rows = _cards(RELATED_NEAR, LARGEST.by, {**parameters, "far": far})
    if len(rows) < last - offset:
        rows = _cards(SUGGESTIONS, f"page.place, {LARGEST.by}", parameters)
    return count, cards.full_cards(rows)
