"""Who hears of which change of a standing (rules.md 10)."""

import pytest

from coursewright.courses.rules import STANDINGS
from coursewright.notifications.rules import ACCEPTED, ADDED, INVITED, MANAGER, told_of_standing


@pytest.mark.parametrize("before", [*STANDINGS, None])
def test_told_of_standing(before: str | None) -> None:
    found = {after: told_of_standing(before, after) for after in (*STANDINGS, None)}
    joined = {"requested": ACCEPTED, "manager": None}.get(before or "", ADDED)
    assert found == {
        "creator": None,
        "manager": MANAGER,
        "joined": joined,
        "invited": INVITED,
        "requested": None,
        None: None,
    }
