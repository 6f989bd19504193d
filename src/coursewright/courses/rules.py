"""Pure decisions about courses: who sees them, who manages them, how an order is written."""

from collections.abc import Sequence

Standing = str | None

CREATOR, MANAGER, JOINED, INVITED, REQUESTED = "creator", "manager", "joined", "invited", "requested"
STANDINGS = (CREATOR, MANAGER, JOINED, INVITED, REQUESTED)
MANAGERS = (CREATOR, MANAGER)
LEARNERS = (CREATOR, MANAGER, JOINED)
MEMBERS = (MANAGER, JOINED)
"""Who counts as a member: the creator does not (rules.md 3)."""

DRAFT, OPEN, PRIVATE, SECRET = "", "open", "private", "secret"
FULL, LOCK = "full", "lock"

EVERYONE: tuple[Standing, ...] = (*STANDINGS, None)
SEEN: dict[str, dict[str, tuple[Standing, ...]]] = {
    DRAFT: {FULL: MANAGERS, LOCK: ()},
    OPEN: {FULL: EVERYONE, LOCK: ()},
    PRIVATE: {FULL: (CREATOR, MANAGER, JOINED, INVITED), LOCK: (REQUESTED, None)},
    SECRET: {FULL: (CREATOR, MANAGER, JOINED, INVITED), LOCK: ()},
}
"""Who sees what of a course, by its privacy (rules.md 3). Who is in neither hears 404."""

SELF_PACED, STRUCTURED, SCHEDULED = "self-paced", "structured", "scheduled"
PUBLISHED = "published"
QUIZ = "quiz"


def seen(privacy: str, standing: Standing) -> str | None:
    """``full``, ``lock`` (the lock screen), or None: the course does not exist for this person."""
    views = SEEN[privacy]
    return FULL if standing in views[FULL] else LOCK if standing in views[LOCK] else None


def found_by_all(privacy: str, in_name: bool) -> bool:
    """Whether everyone finds a course by a word of its name, or by one that only its description has."""
    view = seen(privacy, None)
    return view == FULL or (view == LOCK and in_name)


def manages(standing: Standing) -> bool:
    """The creator and the managers."""
    return standing in MANAGERS


def may_change_privacy(before: str, after: str) -> bool:
    """A course never becomes a draft again."""
    return after != DRAFT or before == DRAFT


def reordered(present: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """``present`` in the order of ``wanted``; ids left out are kept, after the listed ones, in the order they had.

    A stale client can never lose another editor's section (rules.md 5). Raises LookupError for an id that is not
    present, ValueError for one that is listed twice.
    """
    if len(set(wanted)) != len(wanted):
        raise ValueError("An id is listed twice.")
    if not set(wanted) <= set(present):
        raise LookupError("An id is not there.")
    listed = set(wanted)
    return [*wanted, *(id for id in present if id not in listed)]


def shown_member_count(count: int, hidden: bool, standing: Standing) -> int | None:
    """The number of members; None for those it is hidden from."""
    return None if hidden and not manages(standing) else count
