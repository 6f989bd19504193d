"""The API finds the operation that Django would find."""

from typing import Any

from django.urls import Resolver404, resolve
from hypothesis import example, given
from hypothesis import strategies as st

from coursewright.api.entrance import API
from coursewright.api.routes import Routes
from coursewright.urls import api_v2

ROUTES = Routes(api_v2)
WORDS = sorted({text for route in api_v2 for text in str(route.pattern).split("/") if "<" not in text})
ids = st.sampled_from(
    ["1", "0", "07", "-1", "9" * 18, str(2**63 - 1), str(2**63), "undefined", "²", "a\nb", "", " ", "%31"]
)
paths = st.lists(st.sampled_from(WORDS) | ids, max_size=9).map("/".join)


@st.composite
def near(draw: st.DrawFn) -> str:
    """A path of an operation, perhaps with one segment changed, left out or added."""
    segments = [draw(ids) if "<" in text else text for text in str(draw(st.sampled_from(api_v2)).pattern).split("/")]
    place = draw(st.integers(0, len(segments) - 1))
    segments[place : place + draw(st.integers(0, 1))] = draw(st.lists(st.sampled_from(WORDS) | ids, max_size=1))
    return "/".join(segments)


def _by_django(path: str) -> Any:
    match = resolve(API + path)
    return match.func, match.kwargs


@given(paths | near())
@example("user/me/settings/")
@example("course/search/")
@example("course/search/join/")
@example("media/upload/complete/")
def test_it_is_the_same(path: str) -> None:
    try:
        expected = _by_django(path)
    except Resolver404:
        expected = None
    try:
        found = ROUTES.find(path)
    except Resolver404:
        found = None
    assert found == expected
