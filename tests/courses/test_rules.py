"""The pure decisions about courses (rules.md 3 and 5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.courses import rules

IDS = st.lists(st.integers(1, 50), unique=True, max_size=12)


@given(IDS, st.data())
def test_reordered_keeps_every_id_and_the_order_of_both_lists(present: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.permutations(present)).copy()
    wanted = wanted[: data.draw(st.integers(0, len(wanted)))]
    found = rules.reordered(present, wanted)
    assert sorted(found) == sorted(present), "a stale client can never lose another editor's section"
    assert found[: len(wanted)] == wanted
    assert found[len(wanted) :] == [id for id in present if id not in wanted]
    assert rules.reordered(found, wanted) == found


@given(IDS, st.lists(st.integers(1, 60), max_size=12))
def test_reordered_refuses_ids_that_are_not_there_or_twice(present: list[int], wanted: list[int]) -> None:
    if len(set(wanted)) != len(wanted):
        with pytest.raises(ValueError, match="twice"):
            rules.reordered(present, wanted)
    elif set(wanted) - set(present):
        with pytest.raises(LookupError):
            rules.reordered(present, wanted)
    else:
        assert sorted(rules.reordered(present, wanted)) == sorted(present)


def test_reordered_changes_neither_list() -> None:
    present, wanted = [1, 2, 3], [3]
    assert rules.reordered(present, wanted) == [3, 1, 2]
    assert (present, wanted) == ([1, 2, 3], [3])


SEEN = {
    "": ("full", "full", None, None, None, None),
    "open": ("full", "full", "full", "full", "full", "full"),
    "private": ("full", "full", "full", "full", "lock", "lock"),
    "secret": ("full", "full", "full", "full", None, None),
}


@pytest.mark.parametrize("privacy", SEEN)
def test_who_sees_what(privacy: str) -> None:
    standings = ("creator", "manager", "joined", "invited", "requested", None)
    assert tuple(rules.seen(privacy, standing) for standing in standings) == SEEN[privacy]


def test_who_manages() -> None:
    found = [rules.manages(standing) for standing in ("creator", "manager", "joined", "invited", "requested", None)]
    assert found == [True, True, False, False, False, False]


@pytest.mark.parametrize("before", ["", "open", "private", "secret"])
@pytest.mark.parametrize("after", ["", "open", "private", "secret"])
def test_privacy(before: str, after: str) -> None:
    assert rules.may_change_privacy(before, after) is (after != "" or before == "")


@pytest.mark.parametrize(
    "hidden, standing, shown", [(False, None, 3), (True, None, None), (True, "joined", None), (True, "manager", 3)]
)
def test_member_count(hidden: bool, standing: str | None, shown: int | None) -> None:
    assert rules.shown_member_count(3, hidden, standing) == shown
